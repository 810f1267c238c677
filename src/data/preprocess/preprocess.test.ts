import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assembleBatch } from '../batching.ts';
import { RawBlock } from '../example.ts';
import type { Masks } from '../layout.ts';
import { plan, type Sections } from '../plan.fixture.ts';
import { castTo } from './downcast.ts';
import { preprocess } from './preprocess.ts';

type Rows = Readonly<Record<string, readonly number[]>>;

/** A block whose named columns have the given values, one after the other, and whose others count up. */
function blockOf(
  over: Sections,
  size: number,
  values: Rows = {},
  masks?: Masks,
  stored: 'used' | 'all' = 'used',
) {
  const made = plan({ global_batch_size: size, ...over }, masks);
  const block = new RawBlock(made, size, { stored });
  block.filled = size;
  for (const { name, data, stride } of block.recordColumns) {
    for (let i = 0; i < size * stride; i++) data[i] = values[name]?.[i] ?? (stride === 1 ? 0 : i);
  }
  return { block, made };
}

function batchOf(...args: Parameters<typeof blockOf>) {
  const { block, made } = blockOf(...args);
  preprocess(block, made);
  return { block, batch: assembleBatch(block, made) };
}

const range = (...values: number[]) => values;

describe('truncate_and_slice', () => {
  const truncate_and_slice = { continuous_feature_truncation: 3, binary_feature_truncation: 3, binary_feature_mask_path: 'm' }; // prettier-ignore
  const masks = { continuous: null, binary: Int32Array.of(0, 2) };

  it('keeps the first columns, then those of the mask', () => {
    const { batch } = batchOf({ preprocess: { truncate_and_slice } }, 2, {}, masks, 'all');
    expect([...batch.continuous]).toEqual(range(0, 1, 2, 5, 6, 7));
    expect([...batch.binary]).toEqual(range(0, 2, 4, 6));
    expect([...batch.discrete]).toEqual(range(0, 1, 2, 3));
  });

  it('gives the same when the cut columns were never stored', () => {
    const { batch } = batchOf({ preprocess: { truncate_and_slice } }, 2, {}, masks, 'used');
    expect([...batch.continuous]).toEqual(range(0, 1, 2, 3, 4, 5));
    expect([...batch.binary]).toEqual(range(0, 2, 3, 5));
  });
});

describe('sample weights', () => {
  it('are null when all rates are 1, else label/pos + (1 − label)/neg', () => {
    expect(batchOf({}, 2).batch.weights).toBeNull();
    const tasks = { fav: { pos_downsampling_rate: 0.5, neg_downsampling_rate: 0.01 }, reply: {}, extra: {} };
    const { batch } = batchOf({ tasks }, 3, { fav: [1, 0, 3], reply: [0, 1, 1] });
    expect([...batch.labels]).toEqual(range(0, 1, 1, 0, 1, 3));
    expect([...batch.weights!]).toEqual([1, 2, 1, 100, 1, Math.fround(6 - 200)].map(Math.fround)); // prettier-ignore
  });

  it('stay away when only a task that the model does not have is downsampled', () => {
    const tasks = { fav: {}, reply: {}, extra: { neg_downsampling_rate: 0.1 } };
    expect(batchOf({ tasks }, 2).batch.weights).toBeNull();
  });
});

describe('downsample_negatives', () => {
  const over = (batch_multiplier: number, ...engagements_list: string[]) => ({
    preprocess: { downsample_negatives: { batch_multiplier, engagements_list, num_engagements: 2 } },
  });

  it('keeps positives of any engagement and weighs the kept negatives up', () => {
    const { batch } = batchOf(over(2, 'fav'), 4, {
      fav: [0, 1, 0, 0],
      continuous: range(...Array(20).keys()),
    });
    expect([...batch.labels]).toEqual([0, 1, 0, 0]);
    expect([...batch.continuous]).toEqual([5, 6, 7, 8, 9, 0, 1, 2, 3, 4]);
    // (B·m − P)/(B − P) = (4 − 1)/(2 − 1).
    expect([...batch.weights!]).toEqual([1, 1, 3, 3]);
    const both = batchOf(over(2, 'fav', 'reply'), 6, { fav: [0, 1, 0, 0, 0, 0], reply: [0, 0, 0, 0, 1, 0] });
    expect([...both.batch.labels]).toEqual([0, 1, 1, 0, 0, 0]);
    expect([...both.batch.weights!]).toEqual([1, 1, 1, 1, 4, 4]);
  });

  it('multiplies the weights that the rates give', () => {
    const tasks = { fav: { neg_downsampling_rate: 0.5 }, reply: {}, extra: {} };
    const { batch } = batchOf({ ...over(2, 'fav'), tasks }, 4, { fav: [0, 1, 0, 0] });
    expect([...batch.weights!]).toEqual([1, 1, 3, 6]);
  });

  it('keeps the total weight of the rows, whatever the labels, as long as there are fewer positives than rows', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.nat(1), { minLength: 8, maxLength: 8 }),
        (m, fav) => {
          const { batch, block } = batchOf(over(m, 'fav'), 8, { fav });
          const size = Math.floor(8 / m);
          expect(block.size).toBe(size);
          const total = batch.weights!.filter((_, i) => i % 2 === 1).reduce((a, b) => a + b, 0);
          const positives = fav.filter((x) => x === 1).length;
          expect(total).toBeCloseTo(positives < size ? m * size : positives, 4);
        },
      ),
    );
  });
});

describe('downcast', () => {
  it('rounds as the types do', () => {
    expect(castTo('bool', -0.5)).toBe(1);
    expect(castTo('bool', 0)).toBe(0);
    expect([1, 1.00390625, 1.01171875, -3.14159, 3.3895314e38].map((x) => castTo('bfloat16', x))).toEqual([1, 1, 1.015625, -3.140625, Math.fround(3.3895314e38)]); // prettier-ignore
    expect(castTo('bfloat16', 3.4e38)).toBe(Infinity);
    expect(castTo('bfloat16', NaN)).toBeNaN();
    expect([1, 1 + 2 ** -11, 1 + 3 * 2 ** -11, 65519, 65520, 2 ** -25, 3 * 2 ** -25, -0.1].map((x) => castTo('float16', x))).toEqual([1, 1, 1 + 2 ** -9, 65504, Infinity, 0, 2 ** -23, -0.0999755859375]); // prettier-ignore
    expect([3.9, -1, 300, NaN].map((x) => castTo('uint8', x))).toEqual([3, 0, 255, 0]);
    expect(castTo('float32', 0.1)).toBe(Math.fround(0.1));
  });

  it('halves and bfloats stay what they are', () => {
    fc.assert(
      fc.property(
        fc.float({ noNaN: true }),
        fc.constantFrom('float16' as const, 'bfloat16' as const),
        (x, type) => {
          const once = castTo(type, x);
          expect(castTo(type, once)).toBe(once);
          if (Math.abs(x) > 1e-4 && Math.abs(x) < 6e4)
            expect(Math.abs(once - x)).toBeLessThanOrEqual(Math.abs(x) / 256);
        },
      ),
    );
  });

  it('changes the named features only', () => {
    const values = { continuous: range(...Array<number>(10).fill(0.1)), user_embedding: range(...Array<number>(6).fill(0.1)) }; // prettier-ignore
    const { batch } = batchOf(
      { preprocess: { downcast: { features: { continuous: 'bfloat16' } } } },
      2,
      values,
    );
    expect(new Set(batch.continuous)).toEqual(new Set([0.10009765625]));
    expect(new Set(batch.userEmbedding)).toEqual(new Set([Math.fround(0.1)]));
  });
});

describe('rectify_labels', () => {
  const rectify_labels = {
    label_rectification_window_in_hours: 1,
    served_timestamp_field: 'served',
    impressed_timestamp_field: 'impressed',
    label_to_engaged_timestamp_field: { fav: 'engaged' },
  };
  const hour = 3_600_000;
  const now = 1_700_000_000_000;

  it('drops engagements that came too late, and leaves other labels alone', () => {
    const { batch } = batchOf({ preprocess: { rectify_labels } }, 5, {
      fav: [1, 1, 1, 0, 1],
      reply: [1, 1, 1, 1, 1],
      served: [now, now, now, now, now],
      impressed: [now, now + hour, now, now, now],
      engaged: [now + hour - 1, now, now + hour, now, now - 5],
    });
    expect([...batch.labels]).toEqual([1, 1, 1, 0, 1, 0, 1, 0, 1, 1]);
  });

  it('leaves the weight of the label that the data was downsampled by', () => {
    const tasks = { fav: { pos_downsampling_rate: 0.5, neg_downsampling_rate: 0.25 }, reply: {}, extra: {} };
    const late = { fav: [1], served: [now], impressed: [now], engaged: [now + hour] };
    const { batch } = batchOf({ tasks, preprocess: { rectify_labels } }, 1, late);
    expect([[...batch.labels], [...batch.weights!]]).toEqual([[0, 0], [1, 2]]); // prettier-ignore
  });
});

describe('extract_features', () => {
  it('counts in the tensor as truncation and masks left it', () => {
    const preprocessing = {
      truncate_and_slice: { binary_feature_mask_path: 'm' },
      extract_features: {
        extract_feature_table: [
          { name: 'age', source_tensor: 'continuous', index: 4 },
          { name: 'flag', source_tensor: 'binary', index: 1 },
          { name: 'fav', source_tensor: 'discrete', index: 0 },
        ],
      },
    };
    const masks = { continuous: null, binary: Int32Array.of(1, 3) };
    const { batch, block } = batchOf({ preprocess: preprocessing }, 2, { discrete: [7, 0, 8, 0] }, masks);
    const column = (name: string) => [0, 1].map((r) => block.columns.get(name)!.at(block.rowAt(r), 0));
    expect([column('age'), column('flag')]).toEqual([[4, 9], [3, 7]]); // prettier-ignore
    expect([...batch.labels]).toEqual([0, 7, 0, 8]);
  });
});

describe('mask_mantissa_features', () => {
  it('clears low bits of the mantissa', () => {
    const seg_dense_schema = {
      schema_path: 's',
      renamed_features: { continuous: 'cont', binary: 'bin' },
      mask_mantissa_features: { continuous: 16 },
    };
    const { batch } = batchOf({ seg_dense_schema }, 1, { continuous: [1.999, -0.1, 3, 0, 1e-3] });
    expect([...batch.continuous]).toEqual([1.9921875, -0.099609375, 3, 0, 0.00099945068359375]);
  });
});

it('a block that is reset forgets every view', () => {
  const { block, made } = blockOf({ preprocess: { downsample_negatives: { batch_multiplier: 2, engagements_list: ['fav'], num_engagements: 2 } } }, 4, { fav: [0, 1, 0, 0] }); // prettier-ignore
  preprocess(block, made);
  block.reset();
  block.filled = 4;
  expect([block.size, block.rows, block.weights]).toEqual([4, null, null]);
});
