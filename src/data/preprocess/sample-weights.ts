/** Sample weights: they undo the downsampling of positives and negatives that made the data. */
import type { DataConfig } from '../../config/recap-config.ts';
import type { RawBlock } from '../example.ts';

/**
 * [rows, tasks] weights label/pos_rate + (1 − label)/neg_rate, or null when every rate of these tasks is 1. The
 * rates divide in double precision and the sum is rounded once.
 */
export function sampleWeights(
  block: RawBlock,
  rates: DataConfig['tasks'],
  tasks: readonly string[],
): Float32Array | null {
  if (
    tasks.every((task) => rates[task]?.pos_downsampling_rate === 1 && rates[task].neg_downsampling_rate === 1)
  ) {
    return null;
  }
  const weights = new Float32Array(block.size * tasks.length);
  for (const [t, task] of tasks.entries()) {
    const labels = block.columns.get(task);
    const positive = rates[task]?.pos_downsampling_rate ?? 1;
    const negative = rates[task]?.neg_downsampling_rate ?? 1;
    if (!labels) continue;
    for (let r = 0; r < block.size; r++) {
      const label = labels.at(block.rowAt(r), 0);
      weights[r * tasks.length + t] = label / positive + (1 - label) / negative;
    }
  }
  return weights;
}
