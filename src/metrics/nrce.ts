/**
 * Normalised RCE: RCE of p·(running mean label / running mean prediction), so a constant factor in the predictions
 * does not count. The means run, as in the reference: each batch is scaled by what is known up to and with it, so the
 * order and the size of the batches matter.
 */
import { clippedBce } from './bce.ts';
import type { MetricValue } from './metric-value.ts';
import { relativeCrossEntropy } from './rce.ts';
import { StableMean } from './stable-mean.ts';

export class Nrce {
  readonly #label = new StableMean();
  readonly #prediction = new StableMean();
  readonly #crossEntropy = new StableMean();

  /** Adds one batch. @param weights one per example, or null for 1 each. */
  update(predictions: ArrayLike<number>, labels: ArrayLike<number>, weights: ArrayLike<number> | null): void {
    this.#label.update(labels, weights);
    this.#prediction.update(predictions, weights);
    // Predictions that are all 0 stay 0 whatever the factor.
    const factor = this.#prediction.mean === 0 ? 1 : this.#label.mean / this.#prediction.mean;
    const losses = new Float64Array(predictions.length);
    for (let i = 0; i < losses.length; i++) {
      losses[i] = clippedBce((predictions[i] ?? 0) * factor, labels[i] ?? 0);
    }
    this.#crossEntropy.update(losses, weights);
  }

  compute(): MetricValue {
    return relativeCrossEntropy(this.#crossEntropy, this.#label);
  }
}
