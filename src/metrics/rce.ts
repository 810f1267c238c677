/**
 * Relative cross entropy: how much better than always predicting the mean label, in percent.
 * RCE = 100·(1 − mean bce(p, y) / bce(ȳ, ȳ)), clipped as in bce.ts.
 */
import { clippedBce } from './bce.ts';
import { absent, NO_EXAMPLES, NO_NEGATIVES, NO_POSITIVES, NOT_BINARY, present } from './metric-value.ts';
import type { MetricValue } from './metric-value.ts';
import { StableMean } from './stable-mean.ts';

const ROUNDING = 1e-12;

/**
 * RCE from its two running means; undefined with one class only, where the baseline's cross entropy is 0.
 * @param meanLabel mean of the labels, in [0, 1].
 */
export function relativeCrossEntropy(crossEntropy: StableMean, meanLabel: StableMean): MetricValue {
  if (meanLabel.weight === 0) return absent(NO_EXAMPLES);
  const rate = meanLabel.mean;
  // A running mean of ones may end some ulps beside 1.
  if (!(rate >= 0 && rate <= 1 + ROUNDING)) return absent(NOT_BINARY);
  if (rate === 0) return absent(NO_POSITIVES);
  if (rate >= 1 - ROUNDING) return absent(NO_NEGATIVES);
  return present(100 * (1 - crossEntropy.mean / clippedBce(rate, rate)));
}

export class Rce {
  readonly #label = new StableMean();
  readonly #crossEntropy = new StableMean();

  /** Adds one batch. @param weights one per example, or null for 1 each. */
  update(predictions: ArrayLike<number>, labels: ArrayLike<number>, weights: ArrayLike<number> | null): void {
    const losses = new Float64Array(predictions.length);
    for (let i = 0; i < losses.length; i++) losses[i] = clippedBce(predictions[i] ?? 0, labels[i] ?? 0);
    this.#label.update(labels, weights);
    this.#crossEntropy.update(losses, weights);
  }

  compute(): MetricValue {
    return relativeCrossEntropy(this.#crossEntropy, this.#label);
  }
}
