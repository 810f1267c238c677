import { describe, expect, it } from 'vitest';
import { DataConfigError } from './data-problem.ts';
import { makeDataSchema } from './make-data-schema.ts';
import { batchLayout, dataProblems, planData, TENSORS } from './layout.ts';
import { dataConfig, plan, SCHEMA, TASKS, type Sections } from './plan.fixture.ts';

const problems = (over: Sections, masks?: Parameters<typeof plan>[1]) =>
  dataProblems(dataConfig(over), SCHEMA, TASKS, masks).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );

describe('the layout', () => {
  it('has the schema’s widths, and those after truncation and masks', () => {
    expect(plan().layout).toEqual({ continuous: 5, binary: 4, discrete: 2, userEmbedding: 3, userEngEmbedding: 3, authorEmbedding: 3, tasks: TASKS }); // prettier-ignore
    const truncate_and_slice = { continuous_feature_truncation: 4, binary_feature_truncation: 3, binary_feature_mask_path: 'mask.npy' }; // prettier-ignore
    const cut = plan(
      { preprocess: { truncate_and_slice } },
      { continuous: null, binary: Int32Array.of(0, 2) },
    );
    expect(cut.layout).toMatchObject({ continuous: 4, binary: 2 });
  });

  it('reads no feature that renamed_features does not name, and says what to write where one is needed', () => {
    const schema = makeDataSchema([
      ...TENSORS.map(({ feature }, i) => ({ name: feature, kind: 'float_list' as const, length: i + 1 })),
      ...TASKS.map((name) => ({ name, kind: 'int64_list' as const, length: 1 })),
    ]);
    const [continuous, binary] = TENSORS.map(({ feature }) => feature);
    const section = (renamed_features: Record<string, string>) =>
      dataConfig({
        seg_dense_schema: { schema_path: 's.json', renamed_features },
        tasks: { fav: {}, reply: {} },
      });
    const layout = batchLayout(section({ continuous: continuous!, binary: binary! }), schema, TASKS);
    expect(Object.values(layout).slice(0, 6)).toEqual([1, 2, 0, 0, 0, 0]);
    expect(() => batchLayout(section({ binary: binary! }), schema, TASKS)).toThrow(
      `Add "continuous: ${continuous}".`,
    );
  });

  it('keeps the schema’s order and multiplies the batch for downsample_negatives', () => {
    const downsample_negatives = { batch_multiplier: 3, engagements_list: ['fav'], num_engagements: 2 };
    const { columns, rawBatchSize } = plan({ preprocess: { downsample_negatives } });
    expect(columns.map((c) => c.name)).toEqual(['discrete', 'continuous', 'binary', 'user_embedding', 'user_eng_embedding', 'author_embedding', 'fav', 'reply', 'extra']); // prettier-ignore
    expect(columns.filter((c) => c.optional).map((c) => c.name)).toEqual(['extra']);
    expect(columns.filter((c) => !c.read).map((c) => c.name)).toEqual(['extra']);
    expect(rawBatchSize).toBe(12);
  });

  it('finds nothing wrong with a good section', () => {
    expect(problems({})).toEqual([]);
  });

  it.each<[Sections, RegExp]>([
    [{ tasks: { fav: {} } }, /^tasks: The model's task "reply" is not among/],
    [
      { tasks: { fav: {}, reply: {}, share: {} } },
      /^tasks.share: "share" is not in the data schema segdense.json/,
    ],
    [
      { seg_dense_schema: { schema_path: 's', renamed_features: { continuous: 'cont', binary: 'nope' } } },
      /^seg_dense_schema.renamed_features.binary: "nope" is not in/,
    ],
    [
      {
        seg_dense_schema: {
          schema_path: 's',
          renamed_features: { continuous: 'cont', binary: 'bin', again: 'cont' },
        },
      },
      /^seg_dense_schema.renamed_features.again: "cont" is renamed to continuous already/,
    ],
    [
      { seg_dense_schema: { schema_path: 's', renamed_features: { binary: 'bin' } } },
      /No feature is named for the tensor continuous/,
    ],
    [
      {
        seg_dense_schema: { schema_path: 's', renamed_features: { continuous: 'text', binary: 'bin' } },
      },
      /^seg_dense_schema.renamed_features.continuous: "text" is a bytes_list/,
    ],
    [
      { seg_dense_schema: { schema_path: 's', renamed_features: { continuous: 'odd', binary: 'bin' } } },
      /^seg_dense_schema.renamed_features.continuous: "odd" has another dtype than int64_list and float_list/,
    ],
    [
      { seg_dense_schema: { schema_path: 's', renamed_features: { continuous: 'list', binary: 'bin' } } },
      /^seg_dense_schema.renamed_features.continuous: "list" has length -1 in the schema; lists of any length/,
    ],
    [
      { preprocess: { truncate_and_slice: { continuous_feature_truncation: 6 } } },
      /continuous_feature_truncation: 6 columns are more than the 5/,
    ],
    [
      { preprocess: { truncate_and_slice: { binary_feature_mask_path: 'm.npy' } } },
      /binary_feature_mask_path: The mask file m.npy is not there/,
    ],
    [
      { preprocess: { downcast: { features: { nope: 'bool' } } } },
      /^preprocess.downcast.features.nope: There is no feature "nope"/,
    ],
    [
      {
        preprocess: {
          rectify_labels: {
            served_timestamp_field: 'served',
            impressed_timestamp_field: 'x',
            label_to_engaged_timestamp_field: { fav: 'engaged' },
          },
        },
      },
      /impressed_timestamp_field: "x" is not in the data schema/,
    ],
    [
      {
        preprocess: {
          rectify_labels: {
            served_timestamp_field: 'served',
            impressed_timestamp_field: 'impressed',
            label_to_engaged_timestamp_field: { nope: 'engaged' },
          },
        },
      },
      /engaged_timestamp_field.nope: There is no label "nope"/,
    ],
    [
      {
        preprocess: {
          extract_features: { extract_feature_table: [{ name: 'a', source_tensor: 'continuous', index: 5 }] },
        },
      },
      /extract_feature_table.0.index: "continuous" has 5 columns here, so the last index is 4/,
    ],
    [
      {
        preprocess: {
          extract_features: {
            extract_feature_table: [{ name: 'binary', source_tensor: 'continuous', index: 0 }],
          },
        },
      },
      /"binary" is a tensor/,
    ],
    [
      { preprocess: { downsample_negatives: { engagements_list: ['fav'], num_engagements: 2 } } },
      /Add batch_multiplier/,
    ],
    [
      {
        preprocess: {
          downsample_negatives: { batch_multiplier: 2, engagements_list: ['x'], num_engagements: 2 },
        },
      },
      /engagements_list.0: "x" is not among/,
    ],
    [
      {
        preprocess: {
          downsample_negatives: { batch_multiplier: 2, engagements_list: [], num_engagements: 2 },
        },
      },
      /No engagement is named/,
    ],
    [
      {
        preprocess: {
          downsample_negatives: { batch_multiplier: 2, engagements_list: ['fav'], num_engagements: 9 },
        },
      },
      /num_engagements: The model has 2/,
    ],
  ])('names the place of what is wrong in %j', (over, message) => {
    const found = problems(over);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(message);
    expect(() => planData(dataConfig(over), SCHEMA, TASKS)).toThrow(DataConfigError);
  });

  it('minds only what is read: ids as bytes, lists of any length and labels of other tasks may be anything', () => {
    const section = {
      seg_dense_schema: {
        schema_path: 's',
        features: ['text', 'odd'],
        renamed_features: { continuous: 'cont', binary: 'bin', meta__tweet_id: 'list' },
      },
      tasks: { fav: {}, reply: {}, more: {} },
    };
    expect(problems(section)).toEqual([]);
    expect(plan(section).columns.map(({ feature }) => feature)).toEqual(['cont', 'bin', 'fav', 'reply']);
  });

  it('names a mask that keeps columns that are not there', () => {
    const preprocess = {
      truncate_and_slice: { continuous_feature_truncation: 3, continuous_feature_mask_path: 'm' },
    };
    const found = problems({ preprocess }, { continuous: Int32Array.of(0, 3), binary: null });
    expect(found).toEqual([expect.stringMatching(/mask_path: The mask keeps column 3, but only 3 columns/)]);
  });
});
