/** Share of the first k by one score that are also among the first k by another. */
import { absent, NO_EXAMPLES, present } from './metric-value.ts';
import type { MetricValue } from './metric-value.ts';
import { topK } from './ndcg.ts';

/** With fewer than k items, the share of all of them. @throws RangeError when the lengths differ. */
export function topKOverlap(a: ArrayLike<number>, b: ArrayLike<number>, k: number): MetricValue {
  if (a.length !== b.length) throw new RangeError(`topKOverlap: ${a.length} values against ${b.length}`);
  const first = new Set(topK(a, k));
  if (first.size === 0) return absent(NO_EXAMPLES);
  return present(topK(b, k).filter((index) => first.has(index)).length / first.size);
}
