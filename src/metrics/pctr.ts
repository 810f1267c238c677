/** pCTR: the weighted mean predicted probability; of the uncalibrated one by the reference's definition. */
import type { MetricValue } from './metric-value.ts';
import { StableMean } from './stable-mean.ts';

export class Pctr {
  readonly #mean = new StableMean();

  update(probabilities: ArrayLike<number>, weights: ArrayLike<number> | null): void {
    this.#mean.update(probabilities, weights);
  }

  compute(): MetricValue {
    return this.#mean.compute();
  }
}
