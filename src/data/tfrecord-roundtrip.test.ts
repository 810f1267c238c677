import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dataSchema } from '../config/schema/data.ts';
import { chunksOf, streamOf } from '../formats/gzip.ts';
import { type FeatureSpec } from './data-schema.ts';
import { makeDataSchema } from './make-data-schema.ts';
import { appendBatch, RawBlock } from './example.ts';
import { planData } from './layout.ts';
import { plan, TASKS } from './plan.fixture.ts';
import { encodeTfRecords, tfRecordBlocks, writeTfRecords } from './tfrecord-source.ts';
import { drawUniform, uniformSource } from './uniform.ts';
import { Random } from './random.ts';

const feature = fc.record({
  name: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
  kind: fc.constantFrom('float_list' as const, 'int64_list' as const),
  length: fc.integer({ min: 1, max: 200 }),
});

async function fileOf(stream: ReadableStream<Uint8Array>) {
  const parts: Uint8Array[] = [];
  for await (const part of chunksOf(stream)) parts.push(part);
  return { name: 'file', size: 0, stream: () => streamOf(parts) };
}

/** A copy of every value of the filled rows, by feature. */
const valuesOf = (block: RawBlock) =>
  block.recordColumns.map(({ feature: name, data, stride }) => [
    name,
    [...data.subarray(0, block.filled * stride)],
  ]);

describe('a TFRecord file', () => {
  it('gives back the values of any schema', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(feature, { selector: (f) => f.name, minLength: 2, maxLength: 8 }),
        fc.integer({ min: 1, max: 20 }),
        fc.integer(),
        fc.maxSafeInteger(),
        async (features: FeatureSpec[], rows, seed, big) => {
          const [continuous, binary, ...others] = features.map((f) => f.name);
          const config = dataSchema.parse({
            inputs: 'x',
            global_batch_size: 4,
            seg_dense_schema: {
              schema_path: 's',
              renamed_features: { continuous, binary },
              features: others,
            },
            tasks: {},
          });
          const made = planData(config, makeDataSchema(features), []);
          const block = new RawBlock(made, rows, { stored: 'all' });
          drawUniform(block, new Random(seed), rows);
          const field = block.recordColumns.find((c) => c.data instanceof Float64Array);
          if (field) field.data[0] = big;
          const file = await fileOf(writeTfRecords([block]));
          const options = { files: [file], shuffle: null, repeat: false, rowsPerBlock: rows };
          const read: unknown[] = [];
          for await (const again of tfRecordBlocks(made, options)) read.push(valuesOf(again));
          expect(read).toEqual([valuesOf(block)]);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('takes the examples of a batch, with 0 for labels that the batch does not have', async () => {
    const made = plan();
    const [batch, block] = [await uniformSource(made, { seed: 4, examples: 3 }).next(), new RawBlock(made, 8, { stored: 'all' })]; // prettier-ignore
    appendBatch(block, batch!, TASKS);
    const file = await fileOf(writeTfRecords([block]));
    for await (const again of tfRecordBlocks(made, { files: [file], shuffle: null, repeat: false })) {
      expect(again.filled).toBe(3);
      const column = (name: string) => [
        ...again.columns.get(name)!.data.subarray(0, 3 * again.columns.get(name)!.stride),
      ];
      expect(column('continuous')).toEqual([...batch!.continuous]);
      expect(column('author_embedding')).toEqual([...batch!.authorEmbedding]);
      expect(column('fav')).toEqual([1, 3, 5].map((i) => batch!.labels[i]));
      expect(column('extra')).toEqual([0, 0, 0]);
    }
    const narrow = { ...batch!, continuous: batch!.continuous.subarray(0, 12) };
    expect(() => appendBatch(block, narrow, TASKS)).toThrow(/continuous has 4 columns, the block 5/);
    expect(block.filled).toBe(3);
    appendBatch(block, batch!, TASKS);
    expect(block.filled).toBe(6);
    const { data } = block.columns.get('continuous')!;
    expect([...data.subarray(15, 30)]).toEqual([...batch!.continuous]);
    expect(() => appendBatch(block, batch!, TASKS)).toThrow(/room for 2 rows cannot take a batch of 3/);
  });

  it('is written in bounded chunks, with progress, until the signal says stop', async () => {
    const made = plan();
    const block = new RawBlock(made, 500, { stored: 'all' });
    drawUniform(block, new Random(1), 500);
    const blocks = Array.from({ length: 10 }, () => block);
    const progress: number[] = [];
    const sizes: number[] = [];
    for await (const chunk of encodeTfRecords(blocks, { onProgress: (p) => progress.push(p.examples) }))
      sizes.push(chunk.length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(256 * 1024);
    expect(sizes.length).toBeGreaterThan(3);
    expect(progress.at(-1)).toBe(5000);
    const abort = AbortSignal.abort(new Error('stop'));
    await expect(fileOf(writeTfRecords(blocks, { signal: abort }))).rejects.toThrow('stop');
  });
});
