/**
 * Weighted running mean that stays accurate over many batches:
 * W′ = W + Σw, mean′ = mean + Σ (w / W′)(x − mean), as the reference's StableMean.
 */
import { absent, NO_EXAMPLES, present } from './metric-value.ts';
import type { MetricValue } from './metric-value.ts';

export class StableMean {
  #mean = 0;
  #weight = 0;

  /** The mean so far; 0 before any weight. */
  get mean(): number {
    return this.#mean;
  }

  /** Sum of the weights so far. */
  get weight(): number {
    return this.#weight;
  }

  /** Adds one batch. @param weights one per value, or null for 1 each. */
  update(values: ArrayLike<number>, weights: ArrayLike<number> | null): void {
    let added = 0;
    if (weights) for (let i = 0; i < values.length; i++) added += weights[i] ?? 0;
    else added = values.length;
    const total = this.#weight + added;
    if (total === 0) return;
    let change = 0;
    for (let i = 0; i < values.length; i++) {
      change += ((weights ? (weights[i] ?? 0) : 1) / total) * ((values[i] ?? 0) - this.#mean);
    }
    this.#mean += change;
    this.#weight = total;
  }

  compute(): MetricValue {
    return this.#weight > 0 ? present(this.#mean) : absent(NO_EXAMPLES);
  }
}
