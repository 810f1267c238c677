/** What a stretch of data looks like: label counts, co-occurrence of labels, and a feature's histogram by label. */
import type { BatchSource, RecapBatch } from './recap-batch.ts';

export interface LabelStatistics {
  readonly examples: number;
  /** Examples with a positive label, by task. */
  readonly positives: readonly number[];
  /** [tasks, tasks] examples positive for both; the diagonal repeats `positives`. */
  readonly cooccurrence: readonly (readonly number[])[];
}

/** Pulls batches until `examples` have been seen or the data ends; the last batch is cut to the number asked for. */
async function* take(source: BatchSource, examples: number, signal?: AbortSignal) {
  let left = examples;
  while (left > 0) {
    signal?.throwIfAborted();
    const batch = await source.next();
    if (!batch) return;
    const rows = Math.min(left, batch.size);
    left -= rows;
    yield { batch, rows };
  }
}

/** Counts labels over the next `examples` examples of `source` (Infinity for all). A label counts as positive above 0. */
export async function labelStatistics(
  source: BatchSource,
  examples: number,
  options: { signal?: AbortSignal; onProgress?: (examples: number) => void } = {},
): Promise<LabelStatistics> {
  const tasks = source.layout.tasks.length;
  const together = new Float64Array(tasks * tasks);
  let seen = 0;
  for await (const { batch, rows } of take(source, examples, options.signal)) {
    const positive: number[] = [];
    for (let row = 0; row < rows; row++) {
      positive.length = 0;
      for (let task = 0; task < tasks; task++) {
        if (batch.labels[row * tasks + task] > 0) positive.push(task);
      }
      for (const a of positive) for (const b of positive) together[a * tasks + b] += 1;
    }
    seen += rows;
    options.onProgress?.(seen);
  }
  const cooccurrence = Array.from({ length: tasks }, (_unused, task) => [
    ...together.subarray(task * tasks, (task + 1) * tasks),
  ]);
  return { examples: seen, positives: cooccurrence.map((row, task) => row[task]), cooccurrence };
}

export interface Histogram {
  /** Bin edges, one more than there are bins. */
  readonly edges: readonly number[];
  readonly positives: readonly number[];
  readonly negatives: readonly number[];
}

const BINS = 24;

/**
 * Histogram of column `column` of `tensor` over the next `examples` examples, split by the label of `task` (an index).
 * Edges are spaced evenly on the signed-log scale, the one on which the model sees a feature; two bins for a column that
 * only takes 0 and 1.
 */
export async function featureHistogram(
  source: BatchSource,
  examples: number,
  tensor: 'continuous' | 'binary',
  column: number,
  task: number,
  signal?: AbortSignal,
): Promise<Histogram> {
  const values: number[] = [];
  const positive: boolean[] = [];
  const width = source.layout[tensor];
  const tasks = source.layout.tasks.length;
  for await (const { batch, rows } of take(source, examples, signal)) {
    const data: Float32Array = (batch satisfies RecapBatch)[tensor];
    for (let row = 0; row < rows; row++) {
      const value = data[row * width + column];
      values.push(Number.isFinite(value) ? value : 0);
      positive.push(batch.labels[row * tasks + task] > 0);
    }
  }
  const edges = binEdges(values);
  const bins = edges.length - 1;
  const zeros = (): number[] => Array.from({ length: bins }, () => 0);
  const counts = { positives: zeros(), negatives: zeros() };
  values.forEach((value, i) => {
    let bin = 0;
    while (bin < bins - 1 && value >= edges[bin + 1]) bin++;
    counts[positive[i] ? 'positives' : 'negatives'][bin] += 1;
  });
  return { edges, ...counts };
}

const signedLog = (x: number): number => Math.sign(x) * Math.log1p(Math.abs(x));
const signedExp = (x: number): number => Math.sign(x) * Math.expm1(Math.abs(x));

function binEdges(values: readonly number[]): number[] {
  const flags = values.every((value) => value === 0 || value === 1);
  if (flags) return [0, 0.5, 1];
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low === high) return [low, low + 1];
  const [from, to] = [signedLog(low), signedLog(high)];
  return Array.from({ length: BINS + 1 }, (_unused, i) => {
    if (i === 0) return low;
    return i === BINS ? high : signedExp(from + ((to - from) * i) / BINS);
  });
}
