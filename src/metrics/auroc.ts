/**
 * Area under the ROC curve as the Mann–Whitney statistic: the probability that a positive is scored above a negative,
 * weighted, a tie counting ½. Exact, O(n log n).
 */
import {
  absent,
  NO_EXAMPLES,
  NO_NEGATIVES,
  NO_POSITIVES,
  NOT_BINARY,
  NOT_FINITE,
  present,
} from './metric-value.ts';
import type { MetricValue } from './metric-value.ts';
import { ScoredSamples } from './scored-samples.ts';

/**
 * AUROC of examples that are sorted already.
 * @param order indices by falling prediction.
 * @param multiplicity by example, a factor on its weight (a bootstrap's draw); absent for 1.
 */
export function sortedAuroc(
  order: ArrayLike<number>,
  predictions: ArrayLike<number>,
  labels: ArrayLike<number>,
  weights: ArrayLike<number>,
  multiplicity?: ArrayLike<number>,
): MetricValue {
  let positives = 0;
  let negatives = 0;
  let area = 0;
  for (let i = 0; i < order.length;) {
    const score = predictions[order[i] ?? 0];
    let tiedPositives = 0;
    let tiedNegatives = 0;
    for (; i < order.length && predictions[order[i] ?? 0] === score; i++) {
      const example = order[i] ?? 0;
      const weight = (weights[example] ?? 0) * (multiplicity ? (multiplicity[example] ?? 0) : 1);
      if ((labels[example] ?? 0) > 0.5) tiedPositives += weight;
      else tiedNegatives += weight;
    }
    // Every negative of this score ranks below the positives before it and ties with this score's.
    area += tiedNegatives * (positives + tiedPositives / 2);
    positives += tiedPositives;
    negatives += tiedNegatives;
  }
  if (positives === 0 && negatives === 0) return absent(NO_EXAMPLES);
  if (positives === 0) return absent(NO_POSITIVES);
  if (negatives === 0) return absent(NO_NEGATIVES);
  return present(area / (positives * negatives));
}

/** Why samples have no ranking metrics, or null when they have. */
export function rankingProblem(samples: ScoredSamples): string | null {
  const { predictions, labels } = samples;
  for (let i = 0; i < samples.length; i++) {
    // A NaN has no place in an order: the sort below would give an arbitrary one.
    if (Number.isNaN(predictions[i])) return NOT_FINITE;
    if (labels[i] !== 0 && labels[i] !== 1) return NOT_BINARY;
  }
  return null;
}

/** AUROC of collected samples. */
export function auroc(samples: ScoredSamples): MetricValue {
  const problem = rankingProblem(samples);
  if (problem) return absent(problem);
  return sortedAuroc(samples.order(), samples.predictions, samples.labels, samples.weights);
}

/** The streaming form: keeps every example (12 bytes each) and sorts on `compute`. */
export class Auroc {
  readonly #samples = new ScoredSamples();

  update(predictions: ArrayLike<number>, labels: ArrayLike<number>, weights: ArrayLike<number> | null): void {
    this.#samples.update(predictions, labels, weights);
  }

  compute(): MetricValue {
    return auroc(this.#samples);
  }
}
