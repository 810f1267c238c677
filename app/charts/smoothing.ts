/** Exponential smoothing of a curve with the start's bias taken out, so that the first points are not pulled to zero. */

/**
 * s_k = w·s_{k−1} + (1 − w)·y_k, divided by 1 − w^k (Adam's correction). Values that are not finite are skipped:
 * they give NaN at their own place and leave the average alone.
 * @param values raw values by row.
 * @param weight w in [0, 1); 0 gives the values themselves.
 */
export function smooth(values: ArrayLike<number>, weight: number): Float64Array {
  const out = new Float64Array(values.length);
  let average = 0;
  let correction = 1;
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number;
    if (!Number.isFinite(value)) {
      out[row] = NaN;
      continue;
    }
    average = weight * average + (1 - weight) * value;
    correction *= weight;
    out[row] = average / (1 - correction);
  }
  return out;
}
