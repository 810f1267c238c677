import { beforeAll, describe, expect, it } from 'vitest';
import { dataSchema } from '../config/schema/data.ts';
import { streamOf } from '../formats/gzip.ts';
import { DataConfigError } from './data-problem.ts';
import { makeDataSchema } from './make-data-schema.ts';
import { planData, type DataPlan } from './layout.ts';
import type { MaskFiles } from './mask-files.ts';
import { openRawBlocks, openSource, TeacherCache, type OpenOptions } from './open-source.ts';
import type { RecapBatch } from './recap-batch.ts';
import { LABEL } from './synthesis/tasks.ts';
import { teacherConfigSchema } from './synthesis/teacher-config.ts';
import { createTeacher, type Teacher } from './synthesis/teacher.ts';
import { teacherSource, type TeacherSourceOptions } from './teacher-source.ts';
import { encodeTfRecords, tfRecordSource } from './tfrecord-source.ts';

const TASKS = [LABEL.video, LABEL.favorited, LABEL.report];
/** `bookmarked` and `shared` are in the data only, and the teacher knows nothing of `unknown`. */
const DATA_TASKS = [LABEL.bookmarked, LABEL.favorited, LABEL.report, LABEL.shared, LABEL.video, 'unknown'];
const float = (name: string, length: number) => ({ name, kind: 'float_list' as const, length });
const int = (name: string, length: number) => ({ name, kind: 'int64_list' as const, length });
const schema = makeDataSchema([
  float('cont', 40),
  int('bin', 30),
  int('disc', 4),
  ...['user', 'eng', 'author'].map((name) => float(name, 12)),
  ...DATA_TASKS.map((name) => int(name, 1)),
  ...['served', 'impressed', 'engaged'].map((name) => int(name, 1)),
]);

const config = (over: Record<string, unknown> = {}) =>
  dataSchema.parse({
    inputs: '*.gz',
    global_batch_size: 8,
    tasks: Object.fromEntries(DATA_TASKS.map((task) => [task, {}])),
    ...over,
    seg_dense_schema: {
      schema_path: 's.json',
      renamed_features: {
        continuous: 'cont',
        binary: 'bin',
        discrete: 'disc',
        user_embedding: 'user',
        user_eng_embedding: 'eng',
        author_embedding: 'author',
      },
      ...(over['seg_dense_schema'] as object | undefined),
    },
  });
const planOf = (over: Record<string, unknown> = {}): DataPlan => planData(config(over), schema, TASKS);

const teacherConfig = teacherConfigSchema.parse({ users: 50, authors: 50 });
const teachers = new TeacherCache();
let teacher: Teacher;
beforeAll(() => {
  teacher = createTeacher(teacherConfig, planOf().layout);
});

const source = (over: Record<string, unknown>, settings: Partial<TeacherSourceOptions> = {}) =>
  teacherSource(planOf(over), { teacher, seed: 5, split: 'train', ...settings });

async function pull(from: { next(): Promise<RecapBatch | null> }, pulls: number) {
  const batches: (RecapBatch | null)[] = [];
  for (let i = 0; i < pulls; i++) batches.push(await from.next());
  return batches;
}

describe('teacherSource', () => {
  it('ends with a smaller batch after the last example, or drops it', async () => {
    const sizes = async (dropRemainder: boolean) =>
      (await pull(source({}, { examples: 20, dropRemainder }), 4)).map((batch) => batch?.size);
    expect(await sizes(false)).toEqual([8, 8, 4, undefined]);
    expect(await sizes(true)).toEqual([8, 8, undefined, undefined]);
  });

  it('repeats the same examples when told to, batches running across the seam', async () => {
    const [first, , third] = await pull(source({}, { examples: 8, repeat: true }), 3);
    expect(third).toEqual(first);
    const seam = await pull(source({}, { examples: 12, repeat: true }), 2);
    expect(seam.map((batch) => batch!.size)).toEqual([8, 8]);
    expect(seam[1]!.continuous.slice(4 * 40)).toEqual(seam[0]!.continuous.slice(0, 4 * 40));
    expect(seam[1]!.teacher!.slice(4 * 3)).toEqual(seam[0]!.teacher!.slice(0, 4 * 3));
  });

  it('goes on where a run stopped', async () => {
    const whole = await pull(source({}), 4);
    const at = whole[2]!.position!;
    expect(at).toEqual({ kind: 'teacher', used: 24, row: 24 });
    expect(await pull(source({}, { at }), 1)).toEqual(whole.slice(3));
  });

  it('brings back the base rates of downsampled heads by weights and by calibration', async () => {
    const rates = {
      [LABEL.favorited]: { pos_downsampling_rate: 0.8, neg_downsampling_rate: 0.1 },
      [LABEL.video]: { pos_downsampling_rate: 1, neg_downsampling_rate: 0.05 },
    };
    for (const split of ['train', 'validation'] as const) {
      const evaluation_tasks = Object.keys(rates);
      const tasks = { ...config().tasks, ...rates };
      const batch = (await source({ tasks, evaluation_tasks, global_batch_size: 8_000 }, { split }).next())!;
      for (const [task, { pos_downsampling_rate: pos, neg_downsampling_rate: neg }] of Object.entries(
        rates,
      )) {
        const t = TASKS.indexOf(task as (typeof TASKS)[number]);
        let positive = 0;
        let all = 0;
        for (let r = 0; r < batch.size; r++) {
          positive += batch.weights![r * 3 + t]! * batch.labels[r * 3 + t]!;
          all += batch.weights![r * 3 + t]!;
        }
        const p = positive / all;
        const ratio = split === 'train' ? neg / pos : 1;
        const rate = (teacherConfig.base_rates as Record<string, number>)[task]!;
        expect(Math.abs((ratio * p) / (1 - p + ratio * p) / rate - 1)).toBeLessThan(0.1);
      }
    }
  });

  it('keeps order when pulled twice at once, and stops a long search when disposed', async () => {
    // About one row in 500 stays, so a batch takes several turns of the event loop.
    const tasks = {
      ...config().tasks,
      [LABEL.report]: { pos_downsampling_rate: 1, neg_downsampling_rate: 0.001 },
    };
    const rare = { tasks, evaluation_tasks: [LABEL.report], global_batch_size: 12 };
    const overlapping = source(rare);
    const [first, second] = await Promise.all([overlapping.next(), overlapping.next()]);
    const sequential = source(rare);
    expect(first).toEqual(await sequential.next());
    expect(second).toEqual(await sequential.next());
    expect(second).toEqual(await source(rare, { at: first!.position! }).next());
    const endless = sequential.next();
    sequential.dispose();
    expect(await endless).toBeNull();
  });

  it('names a number of examples that makes no sense', () => {
    expect(() => source({}, { examples: 0 })).toThrow(/at least one example, got 0/);
  });
});

describe('preprocessing of the teacher’s examples', () => {
  const options = (over: Record<string, unknown>, masks?: MaskFiles): OpenOptions => ({
    source: { kind: 'teacher', seed: 5, teacher: teacherConfig },
    data: config(over),
    schema,
    tasks: TASKS,
    split: 'train',
    examples: 64,
    ...(masks ? { masks } : {}),
  });

  /** The same examples written to a file, raw, and read back through the file source's preprocessing. */
  async function throughFile(over: Record<string, unknown>, masks?: Parameters<typeof planData>[3]) {
    const bytes: Uint8Array[] = [];
    for await (const part of encodeTfRecords(openRawBlocks({ ...options({}), examples: 64 }, teachers)))
      bytes.push(part);
    const files = [{ name: 'raw', size: 0, stream: () => streamOf(bytes) }];
    const plan = planData(config(over), schema, TASKS, masks);
    return tfRecordSource(plan, { files, shuffle: null, repeat: false });
  }

  const engagements = [LABEL.favorited, LABEL.shared];
  it.each<[string, Record<string, unknown>]>([
    ['nothing', {}],
    [
      'truncate',
      {
        preprocess: {
          truncate_and_slice: { continuous_feature_truncation: 30, binary_feature_truncation: 7 },
        },
      },
    ],
    [
      'downcast',
      { preprocess: { downcast: { features: { continuous: 'bfloat16', user_embedding: 'float16' } } } },
    ],
    ['mask_mantissa', { seg_dense_schema: { mask_mantissa_features: { continuous: 18 } } }],
    [
      'downsample',
      {
        preprocess: {
          downsample_negatives: { batch_multiplier: 4, engagements_list: engagements, num_engagements: 3 },
        },
      },
    ],
    [
      'extract',
      {
        preprocess: {
          extract_features: { extract_feature_table: [{ name: 'x', source_tensor: 'continuous', index: 1 }] },
        },
      },
    ],
  ])('%s gives what the same examples in a file give', async (_name, over) => {
    const direct = await pull(openSource(options(over), teachers), 2);
    const read = await pull(await throughFile(over), 2);
    expect(direct[1]!.size).toBe(8);
    for (const [i, { teacher: _teacher, ...batch }] of direct.map((batch) => batch!).entries()) {
      expect({ ...batch, position: null }).toEqual({ ...read[i], position: null });
    }
  });

  it('applies masks, of files by name', async () => {
    const kept = { continuous: Int32Array.of(2, 33), binary: Int32Array.of(0, 5, 29) };
    const truncate_and_slice = {
      continuous_feature_mask_path: 'masks/c.npy',
      binary_feature_mask_path: 'b.npy',
    };
    const over = { preprocess: { truncate_and_slice } };
    const files = new Map([['c.npy', kept.continuous], ['b.npy', kept.binary]]); // prettier-ignore
    const [direct] = await pull(openSource(options(over, files), teachers), 1);
    const [read] = await pull(await throughFile(over, kept), 1);
    expect([...direct!.continuous]).toEqual([...read!.continuous]);
    expect([...direct!.binary]).toEqual([...read!.binary]);
    expect(direct!.continuous).toHaveLength(16);
    expect(() => openSource(options(over), teachers)).toThrow(/mask file c.npy is not there/);
  });

  it('keeps the teacher’s probabilities with the rows that remain', async () => {
    const downsample_negatives = { batch_multiplier: 4, engagements_list: engagements, num_engagements: 3 };
    const [whole] = await pull(openSource(options({ global_batch_size: 32 }), teachers), 1);
    const [kept] = await pull(openSource(options({ preprocess: { downsample_negatives } }), teachers), 1);
    expect(kept!.size).toBe(8);
    const row = (matrix: Float32Array, width: number, r: number) => [
      ...matrix.subarray(r * width, (r + 1) * width),
    ];
    let moved = 0;
    for (let r = 0; r < kept!.size; r++) {
      const from = Array.from({ length: 32 }, (_, i) => i).find(
        (i) => row(whole!.continuous, 40, i).join() === row(kept!.continuous, 40, r).join(),
      )!;
      if (from !== r) moved++;
      expect(row(kept!.teacher!, 3, r)).toEqual(row(whole!.teacher!, 3, from));
      expect(row(kept!.labels, 3, r)).toEqual(row(whole!.labels, 3, from));
    }
    expect(moved).toBeGreaterThan(0);
  });

  it('multiplies the weights of downsampled data with those of downsample_negatives', async () => {
    const downsample_negatives = {
      batch_multiplier: 2,
      engagements_list: [LABEL.favorited],
      num_engagements: 3,
    };
    const tasks = {
      ...config().tasks,
      [LABEL.favorited]: { pos_downsampling_rate: 1, neg_downsampling_rate: 0.5 },
    };
    const over = { tasks, evaluation_tasks: [LABEL.favorited], preprocess: { downsample_negatives } };
    const [batch] = await pull(openSource({ ...options(over), split: 'validation' }, teachers), 1);
    const [raw] = await pull(
      openSource(
        { ...options({ ...over, preprocess: null, global_batch_size: 16 }), split: 'validation' },
        teachers,
      ),
      1,
    );
    const total = ({ weights }: RecapBatch) =>
      weights!.filter((_, i) => i % 3 === 1).reduce((a, b) => a + b, 0);
    expect(total(batch!)).toBeCloseTo(total(raw!), 3);
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    [
      'rectify_labels',
      {
        preprocess: {
          rectify_labels: {
            served_timestamp_field: 'served',
            impressed_timestamp_field: 'impressed',
            label_to_engaged_timestamp_field: { [LABEL.favorited]: 'engaged' },
          },
        },
      },
      /^preprocess.rectify_labels: The teacher writes no timestamps/,
    ],
    [
      'a label that is extracted',
      {
        preprocess: {
          extract_features: {
            extract_feature_table: [{ name: LABEL.favorited, source_tensor: 'discrete', index: 0 }],
          },
        },
      },
      /extract_feature_table.0.name: "recap.engagement.is_favorited" is a label that the teacher draws/,
    ],
    [
      'a field that is extracted',
      {
        seg_dense_schema: { features: ['served'] },
        preprocess: {
          extract_features: { extract_feature_table: [{ name: 'x', source_tensor: 'served', index: 0 }] },
        },
      },
      /extract_feature_table.0.source_tensor: The teacher does not write "served"/,
    ],
    [
      'an engagement that the teacher does not know',
      {
        preprocess: {
          downsample_negatives: { batch_multiplier: 2, engagements_list: ['unknown'], num_engagements: 3 },
        },
      },
      /engagements_list.0: The teacher gives no label "unknown"/,
    ],
    [
      'an evaluation task without a head',
      { evaluation_tasks: [LABEL.shared] },
      /evaluation_tasks.0: .* no task of the model/,
    ],
  ])('names what cannot be done: %s', (_name, over, message) => {
    expect(() => openSource(options(over), teachers)).toThrow(message);
    expect(() => openSource(options(over), teachers)).toThrow(DataConfigError);
  });
});
