/** downsample_negatives: draws several batches for one, keeps the positives and some negatives, and weighs these up. */
import type { DataConfig } from '../../config/recap-config.ts';
import type { RawBlock } from '../example.ts';

type DownsampleConfig = NonNullable<NonNullable<DataConfig['preprocess']>['downsample_negatives']>;

/**
 * Of B·m rows keeps B: first those with label 1 for any engagement of the list, then negatives, both in order. A
 * negative's weights are multiplied by (B·m − P)/(B − P), P being the number of positives, so that the batch's total
 * weight stays. Rows that are no multiple of m (the last batch) give ⌊rows/m⌋.
 *
 * With P ≥ B no negative is left and the reference drops positives without a word; here the B that are kept carry
 * P/B each, so that at least the positives' total weight stays.
 */
export function downsampleNegatives(block: RawBlock, config: DownsampleConfig, tasks: number): void {
  const multiplier = config.batch_multiplier ?? 1;
  const size = Math.floor(block.size / multiplier);
  const labels = config.engagements_list.flatMap((name) => block.columns.get(name) ?? []);
  const positives: number[] = [];
  const negatives: number[] = [];
  for (let i = 0; i < block.size; i++) {
    (labels.some((label) => label.at(block.rowAt(i), 0) === 1) ? positives : negatives).push(i);
  }
  const kept = [...positives, ...negatives].slice(0, size);
  const crowded = positives.length >= size;
  const positiveWeight = crowded ? positives.length / size : 1;
  const negativeWeight = crowded ? 0 : (multiplier * size - positives.length) / (size - positives.length);
  const weights = new Float32Array(size * tasks);
  for (const [r, i] of kept.entries()) {
    const factor = r < positives.length ? positiveWeight : negativeWeight;
    for (let t = 0; t < tasks; t++) weights[r * tasks + t] = (block.weights?.[i * tasks + t] ?? 1) * factor;
  }
  block.weights = weights;
  block.rows = Int32Array.from(kept, (i) => block.rowAt(i));
}
