/**
 * Average precision: the area under precision over recall in steps, Σ (Rₖ − Rₖ₋₁)·Pₖ by falling prediction, weighted, equal
 * predictions as one step (scikit-learn's definition). Unlike AUROC it shows how pure the top is, which matters for rare
 * events: a random order scores the base rate.
 */
import { rankingProblem } from './auroc.ts';
import type { HeadMetric } from './head-metric.ts';
import { absent, NO_EXAMPLES, NO_POSITIVES, present } from './metric-value.ts';

export const averagePrecision: HeadMetric = {
  id: 'average_precision',
  title: 'Average precision',
  about:
    'How pure the top is: the precision of the highest predictions, averaged over all shares of the positives. A random order scores the base rate, a perfect one 1.',
  format: 'share',
  of: (samples) => {
    const problem = rankingProblem(samples);
    if (problem) return absent(problem);
    if (samples.length === 0) return absent(NO_EXAMPLES);
    const { predictions, labels, weights } = samples;
    const order = samples.order();
    let [positives, all, sum] = [0, 0, 0];
    for (let i = 0; i < order.length;) {
      const score = predictions[order[i] ?? 0];
      let found = 0;
      for (; i < order.length && predictions[order[i] ?? 0] === score; i++) {
        const example = order[i] ?? 0;
        const weight = weights[example] ?? 0;
        all += weight;
        if ((labels[example] ?? 0) > 0.5) found += weight;
      }
      positives += found;
      if (found > 0) sum += (found * positives) / all;
    }
    return positives === 0 ? absent(NO_POSITIVES) : present(sum / positives);
  },
};
