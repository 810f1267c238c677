/** Exponential smoothing of a curve with the start's bias taken out, so that the first points are not pulled to zero. */

/**
 * s_k = w·s_{k−1} + (1 − w)·y_k, divided by 1 − w^k (Adam's correction), value by value. Values that are not finite are
 * skipped: they give NaN at their own place and leave the average alone.
 */
export class Smoother {
  private average = 0;
  private correction = 1;

  /** @param weight w in [0, 1); 0 gives the values themselves. */
  constructor(private readonly weight: number) {}

  next(value: number): number {
    if (!Number.isFinite(value)) return NaN;
    this.average = this.weight * this.average + (1 - this.weight) * value;
    this.correction *= this.weight;
    return this.average / (1 - this.correction);
  }
}

/** A whole curve at once. */
export function smooth(values: ArrayLike<number>, weight: number): Float64Array {
  const smoother = new Smoother(weight);
  return Float64Array.from(values, (value) => smoother.next(value));
}
