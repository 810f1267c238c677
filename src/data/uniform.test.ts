import { describe, expect, it } from 'vitest';
import { RawBlock } from './example.ts';
import { plan } from './plan.fixture.ts';
import type { BatchSource, RecapBatch } from './recap-batch.ts';
import { uniformBlocks, uniformSource } from './uniform.ts';

async function collect(source: BatchSource, most = 100): Promise<RecapBatch[]> {
  const batches: RecapBatch[] = [];
  for (let batch = await source.next(); batch && batches.length < most; batch = await source.next())
    batches.push(batch);
  return batches;
}

const sizes = (batches: RecapBatch[]) => batches.map((batch) => batch.size);

describe('uniform data', () => {
  it('has the reference’s distributions', async () => {
    const [batch] = await collect(
      uniformSource(plan({ global_batch_size: 2000 }), { seed: 1, examples: 2000 }),
    );
    const mean = (xs: Float32Array) => xs.reduce((a, b) => a + b, 0) / xs.length;
    expect(new Set(batch!.binary)).toEqual(new Set(Array(10).keys()));
    expect(new Set(batch!.labels)).toEqual(new Set([0, 1]));
    expect(mean(batch!.continuous)).toBeCloseTo(0.5, 1);
    expect(mean(batch!.discrete)).toBeCloseTo(4.5, 0);
    expect(mean(batch!.labels)).toBeCloseTo(0.5, 1);
    expect(batch!.continuous.every((x) => x >= 0 && x < 1)).toBe(true);
    const raw = uniformSource(plan({ global_batch_size: 500 }), { seed: 1, examples: 500, labels: 'raw' });
    expect(new Set((await raw.next())!.labels)).toEqual(new Set(Array(10).keys()));
  });

  it('ends after the last example, with a smaller batch or without it', async () => {
    expect(sizes(await collect(uniformSource(plan(), { seed: 1, examples: 10 })))).toEqual([4, 4, 2]);
    expect(
      sizes(await collect(uniformSource(plan(), { seed: 1, examples: 10, dropRemainder: true }))),
    ).toEqual([4, 4]);
    expect(sizes(await collect(uniformSource(plan(), { seed: 1, examples: 8 })))).toEqual([4, 4]);
    expect(sizes(await collect(uniformSource(plan(), { seed: 1, examples: null }), 30))).toHaveLength(30);
  });

  it('repeats the same examples across the seam', async () => {
    const batches = await collect(uniformSource(plan(), { seed: 3, examples: 6, repeat: true }), 6);
    const rows = batches.flatMap((batch) => [...batch.continuous]);
    expect(sizes(batches)).toEqual([4, 4, 4, 4, 4, 4]);
    expect(rows.slice(30, 60)).toEqual(rows.slice(0, 30));
    expect(new Set(rows.slice(0, 30)).size).toBeGreaterThan(25);
  });

  it('draws the same examples whatever is truncated, streamed or written', async () => {
    const truncate_and_slice = { continuous_feature_truncation: 2, binary_feature_truncation: 1 };
    const whole = await collect(uniformSource(plan(), { seed: 5, examples: 8 }));
    const cut = await collect(
      uniformSource(plan({ preprocess: { truncate_and_slice } }), { seed: 5, examples: 8 }),
    );
    const rows = (batches: RecapBatch[], width: number, kept: number) =>
      batches.flatMap((b) => [...b.continuous].filter((_, i) => i % width < kept));
    expect(rows(cut, 2, 2)).toEqual(rows(whole, 5, 2));
    expect(cut.map((b) => [...b.labels])).toEqual(whole.map((b) => [...b.labels]));
    const written: number[] = [];
    for (const block of uniformBlocks(plan(), { seed: 5, examples: 8, rowsPerBlock: 3 })) {
      written.push(...block.columns.get('continuous')!.data.subarray(0, block.filled * 5));
    }
    expect(written).toEqual(rows(whole, 5, 5));
  });

  it('gives another sequence for another seed and stream', async () => {
    const first = async (seed: number, stream?: number) => [
      ...(await uniformSource(plan(), {
        seed,
        examples: 4,
        ...(stream === undefined ? {} : { stream }),
      }).next())!.continuous,
    ];
    expect(await first(1)).toEqual(await first(1, 0));
    expect(await first(1)).not.toEqual(await first(2));
    expect(await first(1)).not.toEqual(await first(1, 1));
  });

  it('refuses numbers of examples that are none', () => {
    for (const examples of [0, -1, 1.5, NaN])
      expect(() => uniformSource(plan(), { seed: 1, examples })).toThrow(RangeError);
  });

  it('serves overlapping calls in order and gives each batch memory of its own', async () => {
    const source = uniformSource(plan(), { seed: 6, examples: null });
    const together = await Promise.all([source.next(), source.next(), source.next()]);
    const alone = await collect(uniformSource(plan(), { seed: 6, examples: 12 }));
    expect(together.map((b) => [...b!.continuous])).toEqual(alone.map((b) => [...b.continuous]));
    source.dispose();
    expect(await source.next()).toBeNull();
  });

  it('downsamples negatives to the configured batch size', async () => {
    const downsample_negatives = { batch_multiplier: 3, engagements_list: ['fav'], num_engagements: 2 };
    const source = uniformSource(plan({ preprocess: { downsample_negatives } }), { seed: 1, examples: 30 });
    expect(sizes(await collect(source))).toEqual([4, 4, 2]);
    expect(new RawBlock(plan(), 3, { stored: 'all' }).size).toBe(0);
  });
});
