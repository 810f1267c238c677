/** How predicted probabilities compare with what happened: the calibration curve and the ratio of the means. */
import type { CalibrationCurve } from './curve.ts';
import { rankingProblem } from './auroc.ts';
import { absent, NO_EXAMPLES, NO_POSITIVES, present } from './metric-value.ts';
import type { MetricValue } from './metric-value.ts';
import type { ScoredSamples } from './scored-samples.ts';

/**
 * Bins of (nearly) equal weight along the predictions, since a rare event's crowd near 0 and equal widths would put
 * all of them in one bin. Equal predictions stay in one bin, so there may be fewer.
 * @returns x the mean prediction, y the share of positives and the number of examples of each bin, by rising prediction.
 */
export function calibrationCurve(samples: ScoredSamples, bins = 10): CalibrationCurve {
  const x: number[] = [];
  const y: number[] = [];
  const counts: number[] = [];
  if (rankingProblem(samples) || samples.length === 0) return { x, y, counts };
  const { predictions, labels, weights } = samples;
  const order = samples.order();
  let total = 0;
  for (const weight of weights) total += weight;
  let seen = 0;
  let [weight, prediction, label, count] = [0, 0, 0, 0];
  for (let i = order.length - 1; i >= 0; i--) {
    const example = order[i] ?? 0;
    const w = weights[example] ?? 0;
    weight += w;
    count++;
    prediction += w * (predictions[example] ?? 0);
    label += w * (labels[example] ?? 0);
    const tied = i > 0 && predictions[order[i - 1] ?? 0] === predictions[example];
    if (tied || (i > 0 && (seen + weight) * bins < total * (x.length + 1))) continue;
    if (weight > 0) {
      x.push(prediction / weight);
      y.push(label / weight);
      counts.push(count);
    }
    seen += weight;
    [weight, prediction, label, count] = [0, 0, 0, 0];
  }
  return { x, y, counts };
}

/** Mean calibrated probability over base rate: 1 when calibrated. */
export function calibrationRatio(meanCalibrated: MetricValue, baseRate: MetricValue): MetricValue {
  if (meanCalibrated.kind === 'undefined') return meanCalibrated;
  if (baseRate.kind === 'undefined') return absent(NO_EXAMPLES);
  return baseRate.value === 0 ? absent(NO_POSITIVES) : present(meanCalibrated.value / baseRate.value);
}
