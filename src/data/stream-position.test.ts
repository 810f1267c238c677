/** A stream opened at any batch's position, read back from JSON, gives the uninterrupted stream's batches, byte for byte. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planData } from './layout.ts';
import { openSource, TeacherCache, type OpenOptions, type SourceKind } from './open-source.ts';
import {
  dataConfig,
  SCHEMA,
  TASKS,
  TEACHER_SCHEMA,
  TEACHER_TASKS,
  plan,
  type Sections,
} from './plan.fixture.ts';
import type { BatchSource, RecapBatch } from './recap-batch.ts';
import { collect, CountedFile, expectExactResume, recordsOf, section } from './stream-position.fixture.ts';
import { streamPositionSchema } from './stream-position.ts';
import { teacherConfigSchema } from './synthesis/teacher-config.ts';
import { createTeacher } from './synthesis/teacher.ts';
import { teacherSource } from './teacher-source.ts';
import { uniformSource } from './uniform.ts';

/** Positions found ahead, batch by batch, are the batches' own. */
async function expectAhead(source: BatchSource, count: number): Promise<void> {
  let at: RecapBatch['position'] | null = null;
  for (let i = 0; i < count; i++) {
    const ahead: RecapBatch['position'] | null = source.ahead?.(at) ?? null;
    at = (await source.next())?.position ?? null;
    expect(ahead).toEqual(at);
  }
}

describe('positions ahead', () => {
  it('are known of uniform data, across the end of a pass too', async () => {
    const tested = plan({ global_batch_size: 6 });
    for (const labels of ['raw', 'binary'] as const)
      for (const examples of [null, 4, 20])
        await expectAhead(uniformSource(tested, { seed: 3, labels, examples, repeat: examples !== null }), 9);
  });

  it('are not told of data that ends', () => {
    expect(uniformSource(plan({}), { seed: 3, examples: 20 }).ahead).toBeUndefined();
  });
});

describe('a uniform stream', () => {
  it('goes on at any position', () =>
    fc.assert(
      fc.asyncProperty(
        section,
        fc.option(fc.integer({ min: 1, max: 40 })),
        fc.boolean(),
        fc.boolean(),
        fc.constantFrom('raw' as const, 'binary' as const),
        fc.nat(8),
        async (over, examples, repeat, dropRemainder, labels, k) => {
          const made = plan(over);
          const settings = { seed: 3, stream: 1, labels, examples, repeat, dropRemainder };
          await expectExactResume((at) => uniformSource(made, { ...settings, at: at ?? null }), k);
        },
      ),
      { numRuns: 60, seed: 8 },
    ));
});

describe('a teacher’s stream', () => {
  const [schema, tasks] = [TEACHER_SCHEMA, TEACHER_TASKS];
  const rates = { pos_downsampling_rate: 0.9, neg_downsampling_rate: 0.2 };

  it('goes on at any position', () => {
    const made = (over: Sections) => planData(dataConfig(over), schema, tasks);
    const teacher = createTeacher(
      teacherConfigSchema.parse({ users: 50, authors: 50 }),
      made({ tasks: { [tasks[0]!]: {}, [tasks[1]!]: {} } }).layout,
    );
    return fc.assert(
      fc.asyncProperty(
        section,
        fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined }),
        fc.boolean(),
        fc.boolean(),
        fc.nat(8),
        async ({ preprocess, ...over }, examples, repeat, downsampled, k) => {
          const { downsample_negatives: negatives } = preprocess ?? {};
          const chosen = made({
            ...over,
            tasks: { [tasks[0]!]: downsampled ? rates : {}, [tasks[1]!]: {} },
            evaluation_tasks: downsampled ? [tasks[0]] : [],
            ...(negatives
              ? { preprocess: { downsample_negatives: { ...negatives, engagements_list: [tasks[0]] } } }
              : {}),
          });
          const draw = { teacher, seed: 4, split: 'train' as const, repeat, dropRemainder: true };
          const all = examples === undefined ? draw : { ...draw, examples };
          await expectExactResume((at) => teacherSource(chosen, { ...all, at: at ?? null }), k);
        },
      ),
      { numRuns: 40, seed: 8 },
    );
  });

  it('is known ahead where nothing is dropped, across the end of a pass too', async () => {
    const made = (rated: object) =>
      planData(
        dataConfig({ global_batch_size: 6, tasks: { [tasks[0]!]: rated, [tasks[1]!]: {} } }),
        schema,
        tasks,
      );
    const teacher = createTeacher(teacherConfigSchema.parse({ users: 50, authors: 50 }), made({}).layout);
    const draw = { teacher, seed: 4, split: 'train' } as const;
    await expectAhead(teacherSource(made({}), draw), 9);
    for (const examples of [4, 20])
      await expectAhead(teacherSource(made({}), { ...draw, examples, repeat: true }), 9);
    expect(teacherSource(made(rates), draw).ahead).toBeUndefined();
    expect(teacherSource(made({}), { ...draw, examples: 20 }).ahead).toBeUndefined();
  });
});

describe('openSource', () => {
  const options = (source: SourceKind): OpenOptions => ({
    source,
    data: dataConfig({ examples_shuffle_buffer_size: 5 }),
    schema: SCHEMA,
    tasks: TASKS,
    split: 'train',
    examples: null,
  });
  const uniform: SourceKind = { kind: 'uniform', seed: 3, rawLabels: true };

  it('opens every kind at a position, and refuses one of another kind by name', async () => {
    const teachers = new TeacherCache();
    const files: SourceKind = {
      kind: 'files',
      seed: 3,
      files: [new CountedFile('a', await recordsOf(1, 30))],
    };
    for (const source of [uniform, files]) {
      await expectExactResume((at) => openSource({ ...options(source), at: at ?? null }, teachers), 9);
    }
    const [batch] = await collect(openSource(options(uniform), teachers), 1);
    expect(() => openSource({ ...options(files), at: batch!.position! }, teachers)).toThrow(
      "The data cannot go on where the run stopped: its position is one in uniform random data, the source is files. Choose the run's own data, or begin a new run.",
    );
  });

  it('names an example behind the end', async () => {
    const [, second] = await collect(openSource(options(uniform), new TeacherCache()), 2);
    expect(() =>
      openSource({ ...options(uniform), examples: 5, at: second!.position! }, new TeacherCache()),
    ).toThrow(/example 8 is behind the last of 5/);
  });
});

describe('streamPositionSchema', () => {
  it('refuses what no stream can have written', () => {
    const random = [1, 2, 3, 4];
    const files = { kind: 'files', phase: 'reading', files: 2, epoch: 0, queue: [1], file: 0, record: 3, random, buffer: [0, 1], bytesBehind: 0, records: 3, badCount: 0, goodInEpoch: 3, badInARow: 0 }; // prettier-ignore
    expect(streamPositionSchema.safeParse(files).success).toBe(true);
    for (const wrong of [
      { kind: 'uniform', used: -1, random },
      { kind: 'uniform', used: 1, random: [0, 0, 0, 0] },
      { kind: 'uniform', used: 1, random: [1, 2, 3] },
      { kind: 'teacher', used: 1.5, row: 2 },
      { ...files, file: 2 },
      { ...files, queue: [2] },
      { ...files, buffer: [2, 0] },
      { ...files, buffer: [0] },
      { ...files, phase: 'middle' },
    ]) {
      expect(streamPositionSchema.safeParse(wrong).success).toBe(false);
    }
  });
});
