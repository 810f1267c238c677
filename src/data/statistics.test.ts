import { describe, expect, it } from 'vitest';
import type { BatchLayout, BatchSource } from './recap-batch.ts';
import { featureHistogram, labelStatistics } from './statistics.ts';

const layout: BatchLayout = {
  continuous: 2,
  binary: 1,
  discrete: 0,
  userEmbedding: 0,
  userEngEmbedding: 0,
  authorEmbedding: 0,
  tasks: ['a', 'b', 'c'],
};

/** Rows of [continuous0, continuous1, binary0, labels a b c]. */
function sourceOf(rows: number[][], batchSize: number): BatchSource {
  let next = 0;
  return {
    layout,
    async next() {
      const part = rows.slice(next, next + batchSize);
      next += batchSize;
      if (part.length === 0) return null;
      return {
        size: part.length,
        continuous: Float32Array.from(part.flatMap((row) => row.slice(0, 2))),
        binary: Float32Array.from(part.map((row) => row[2])),
        discrete: new Float32Array(0),
        userEmbedding: new Float32Array(0),
        userEngEmbedding: new Float32Array(0),
        authorEmbedding: new Float32Array(0),
        labels: Float32Array.from(part.flatMap((row) => row.slice(3))),
        weights: null,
      };
    },
    dispose() {},
  };
}

const rows = [
  [0, 1, 1, 1, 0, 0],
  [10, 2, 0, 1, 1, 0],
  [100, 3, 1, 0, 1, 0],
  [1000, NaN, 0, 0, 0, 0],
  [5000, 5, 0, 1, 1, 0],
];

describe('labelStatistics', () => {
  it('counts positives and pairs across batches', async () => {
    const found = await labelStatistics(sourceOf(rows, 2), 100);
    expect(found.examples).toBe(5);
    expect(found.positives).toEqual([3, 3, 0]);
    expect(found.cooccurrence).toEqual([
      [3, 2, 0],
      [2, 3, 0],
      [0, 0, 0],
    ]);
  });

  it('stops at the number asked for, in the middle of a batch', async () => {
    const found = await labelStatistics(sourceOf(rows, 2), 3);
    expect(found.examples).toBe(3);
    expect(found.positives).toEqual([2, 2, 0]);
  });

  it('can be cancelled', async () => {
    await expect(
      labelStatistics(sourceOf(rows, 1), 5, { signal: AbortSignal.abort(new Error('enough')) }),
    ).rejects.toThrow('enough');
  });
});

describe('featureHistogram', () => {
  it('puts every example in one bin, split by label', async () => {
    const found = await featureHistogram(sourceOf(rows, 2), 5, 'continuous', 0, 0);
    const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);
    expect(sum(found.positives)).toBe(3);
    expect(sum(found.negatives)).toBe(2);
    expect(found.edges[0]).toBe(0);
    expect(found.edges.at(-1)).toBe(5000);
    expect(found.positives[0]).toBe(1);
    expect(found.positives.at(-1)).toBe(1);
    expect([...found.edges].sort((a, b) => a - b)).toEqual(found.edges);
  });

  it('gives a flag two bins, and counts a non-finite value as the 0 the model sees', async () => {
    const flags = await featureHistogram(sourceOf(rows, 2), 5, 'binary', 0, 1);
    expect(flags.edges).toEqual([0, 0.5, 1]);
    expect([flags.positives, flags.negatives]).toEqual([
      [2, 1],
      [1, 1],
    ]);
    const withNaN = await featureHistogram(sourceOf(rows, 2), 5, 'continuous', 1, 0);
    expect(withNaN.edges[0]).toBe(0);
  });
});
