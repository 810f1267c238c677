/**
 * NDCG@k (Järvelin & Kekäläinen 2002): discounted gain of the first k by score, over that of the best possible order;
 * gain = relevance, discount 1/log2(position + 1) with positions from 1. Equal scores keep their given order.
 */
import { absent, NO_EXAMPLES, present } from './metric-value.ts';
import type { MetricValue } from './metric-value.ts';

/** Indices of the k largest values, falling; equal values by rising index. */
export function topK(values: ArrayLike<number>, k: number): number[] {
  const order = Array.from({ length: values.length }, (_, i) => i);
  order.sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b);
  return order.slice(0, k);
}

/** @param relevance ≥ 0, one per score. @throws RangeError when the lengths differ or a relevance is negative or NaN. */
export function ndcg(scores: ArrayLike<number>, relevance: ArrayLike<number>, k: number): MetricValue {
  if (scores.length !== relevance.length) {
    throw new RangeError(`ndcg: ${scores.length} scores against ${relevance.length} relevances`);
  }
  for (let i = 0; i < relevance.length; i++) {
    if (!((relevance[i] ?? 0) >= 0)) throw new RangeError(`ndcg: relevance ${i} is ${relevance[i]}, not ≥ 0`);
  }
  if (scores.length === 0) return absent(NO_EXAMPLES);
  const gain = (order: readonly number[]): number =>
    order.reduce((sum, index, position) => sum + (relevance[index] ?? 0) / Math.log2(position + 2), 0);
  const ideal = gain(topK(relevance, k));
  return ideal === 0 ? absent('nothing is relevant') : present(gain(topK(scores, k)) / ideal);
}
