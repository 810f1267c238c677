/** Spearman's rank correlation: Pearson's correlation of the ranks, ties sharing their mean rank. */
import { absent, NO_EXAMPLES, NO_VARIATION, NOT_FINITE, present } from './metric-value.ts';
import type { MetricValue } from './metric-value.ts';

/** Ranks from 1 by rising value; equal values get the mean of their ranks. */
export function ranks(values: ArrayLike<number>): Float64Array {
  const order = Uint32Array.from({ length: values.length }, (_, i) => i);
  order.sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const result = new Float64Array(values.length);
  for (let i = 0; i < order.length;) {
    let end = i + 1;
    while (end < order.length && values[order[end] ?? 0] === values[order[i] ?? 0]) end++;
    const rank = (i + 1 + end) / 2;
    for (; i < end; i++) result[order[i] ?? 0] = rank;
  }
  return result;
}

/** @throws RangeError when the two have different lengths. */
export function spearman(a: ArrayLike<number>, b: ArrayLike<number>): MetricValue {
  if (a.length !== b.length) throw new RangeError(`spearman: ${a.length} values against ${b.length}`);
  if (a.length === 0) return absent(NO_EXAMPLES);
  for (let i = 0; i < a.length; i++) if (Number.isNaN(a[i]) || Number.isNaN(b[i])) return absent(NOT_FINITE);
  const [x, y] = [ranks(a), ranks(b)];
  const mean = (a.length + 1) / 2;
  let [covariance, varianceX, varianceY] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const dx = (x[i] ?? 0) - mean;
    const dy = (y[i] ?? 0) - mean;
    covariance += dx * dy;
    varianceX += dx * dx;
    varianceY += dy * dy;
  }
  return varianceX === 0 || varianceY === 0
    ? absent(NO_VARIATION)
    : present(covariance / Math.sqrt(varianceX * varianceY));
}
