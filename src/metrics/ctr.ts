/** CTR: the weighted mean label, a head's base rate. */
import type { MetricValue } from './metric-value.ts';
import { StableMean } from './stable-mean.ts';

export class Ctr {
  readonly #mean = new StableMean();

  update(labels: ArrayLike<number>, weights: ArrayLike<number> | null): void {
    this.#mean.update(labels, weights);
  }

  compute(): MetricValue {
    return this.#mean.compute();
  }
}
