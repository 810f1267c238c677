/** The ROC curve: true positive rate over false positive rate as the threshold falls, thinned to a number of points. */
import type { Curve } from './curve.ts';
import { rankingProblem } from './auroc.ts';
import type { ScoredSamples } from './scored-samples.ts';

/**
 * Points of the weighted ROC curve from (0, 0) to (1, 1), one for each distinct prediction, at most `maxPoints` (the
 * curve's own corners, evenly taken along its length). Empty with one class only.
 */
export function rocCurve(samples: ScoredSamples, maxPoints = 100): Curve {
  if (rankingProblem(samples)) return { x: [], y: [] };
  const { predictions, labels, weights } = samples;
  const order = samples.order();
  const fpr: number[] = [0];
  const tpr: number[] = [0];
  let positives = 0;
  let negatives = 0;
  for (let i = 0; i < order.length;) {
    const score = predictions[order[i] ?? 0];
    for (; i < order.length && predictions[order[i] ?? 0] === score; i++) {
      const example = order[i] ?? 0;
      if (labels[example] === 1) positives += weights[example] ?? 0;
      else negatives += weights[example] ?? 0;
    }
    fpr.push(negatives);
    tpr.push(positives);
  }
  if (positives === 0 || negatives === 0) return { x: [], y: [] };
  const x: number[] = [];
  const y: number[] = [];
  // A point is kept when the curve has moved on by one part of its length (2 in all: up and right).
  const spacing = 2 / Math.max(1, maxPoints - 2);
  let last = -Infinity;
  for (let i = 0; i < fpr.length; i++) {
    const right = (fpr[i] ?? 0) / negatives;
    const up = (tpr[i] ?? 0) / positives;
    if (i < fpr.length - 1 && right + up - last < spacing && fpr.length > maxPoints) continue;
    x.push(right);
    y.push(up);
    last = right + up;
  }
  return { x, y };
}
