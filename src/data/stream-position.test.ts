/** A stream opened at any batch's position, read back from JSON, gives the uninterrupted stream's batches, byte for byte. */
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { streamOf } from '../formats/gzip.ts';
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
import { streamPositionSchema, StreamPositionError, type FilesPosition } from './stream-position.ts';
import { teacherConfigSchema } from './synthesis/teacher-config.ts';
import { createTeacher } from './synthesis/teacher.ts';
import { planData } from './layout.ts';
import { teacherSource } from './teacher-source.ts';
import {
  encodeTfRecords,
  tfRecordSource,
  type ReadProgress,
  type RecordFile,
  type TfRecordSource,
  type TfRecordSourceOptions,
} from './tfrecord-source.ts';
import { uniformBlocks, uniformSource } from './uniform.ts';

type Open<S extends BatchSource = BatchSource> = (at: RecapBatch['position'] | null) => S;

async function collect(source: BatchSource, most: number): Promise<RecapBatch[]> {
  const batches: RecapBatch[] = [];
  while (batches.length < most) {
    const batch = await source.next();
    if (!batch) break;
    batches.push(batch);
  }
  source.dispose();
  return batches;
}

const throughJson = (position: RecapBatch['position']) =>
  streamPositionSchema.parse(JSON.parse(JSON.stringify(position)));

/** A batch as one string, bit for bit: quicker to compare than thousands of numbers. */
const bytesOf = (batch: RecapBatch): string =>
  JSON.stringify(batch, (_key, value: unknown) =>
    value instanceof Float32Array
      ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
      : value,
  );

/** Reads a stream, opens it anew behind batch k, and compares what follows, positions too. */
async function expectExactResume(open: Open, k: number, more = 4): Promise<void> {
  const whole = await collect(open(null), k + 1 + more);
  if (whole.length === 0) return;
  const from = Math.min(k, whole.length - 1);
  const { position } = whole[from]!;
  const at = throughJson(position);
  expect(at).toEqual(position);
  const resumed = await collect(open(at), k + more - from);
  expect(resumed.map(bytesOf)).toEqual(whole.slice(from + 1).map(bytesOf));
}

/** Draws of data sections whose positions are hard: downsampling, odd batch sizes. */
const section = fc.record(
  {
    global_batch_size: fc.integer({ min: 1, max: 7 }),
    preprocess: fc.constantFrom(null, {
      downsample_negatives: { batch_multiplier: 3, engagements_list: ['fav'], num_engagements: 2 },
    }),
  },
  { requiredKeys: ['global_batch_size'] },
);

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
      teacherConfigSchema.parse({ users: 50, authors: 30 }),
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
    const teacher = createTeacher(teacherConfigSchema.parse({ users: 50, authors: 30 }), made({}).layout);
    const draw = { teacher, seed: 4, split: 'train' } as const;
    await expectAhead(teacherSource(made({}), draw), 9);
    for (const examples of [4, 20])
      await expectAhead(teacherSource(made({}), { ...draw, examples, repeat: true }), 9);
    expect(teacherSource(made(rates), draw).ahead).toBeUndefined();
    expect(teacherSource(made({}), { ...draw, examples: 20 }).ahead).toBeUndefined();
  });
});

/** A file in memory that counts the bytes read of it. */
class CountedFile implements RecordFile {
  readonly name: string;
  readonly size: number;
  read = 0;
  readonly #bytes: Uint8Array;

  constructor(name: string, bytes: Uint8Array) {
    this.name = name;
    this.size = bytes.length;
    this.#bytes = bytes;
  }

  stream(): ReadableStream<Uint8Array> {
    const bytes = this.#bytes;
    const count = (n: number) => (this.read += n);
    const chunks = function* () {
      for (let at = 0; at < bytes.length; at += 700) {
        const chunk = bytes.slice(at, at + 700);
        count(chunk.length);
        yield chunk;
      }
    };
    return streamOf(chunks());
  }
}

/** Plain TFRecord bytes of drawn examples. */
async function recordsOf(seed: number, examples: number): Promise<Uint8Array> {
  const parts: number[] = [];
  for await (const part of encodeTfRecords(uniformBlocks(plan(), { seed, examples }))) parts.push(...part);
  return Uint8Array.from(parts);
}

describe('a stream of files', () => {
  const LENGTHS = [11, 1, 23, 6];
  let plain: Uint8Array[];
  /** The same with a byte of the payload of each file's first record flipped, and of its last. */
  let damaged: Uint8Array[];
  beforeAll(async () => {
    plain = await Promise.all(LENGTHS.map((n, i) => recordsOf(i + 1, n)));
    damaged = plain.map((bytes, i) => {
      const copy = bytes.slice();
      copy[40]! ^= 1;
      if (i !== 1) copy[copy.length - 30]! ^= 1;
      return copy;
    });
  });

  const filesOf = (from: readonly Uint8Array[], zipped: boolean) =>
    from.map((bytes, i) => new CountedFile(`f${i}`, zipped ? Uint8Array.from(gzipSync(bytes)) : bytes));

  const opener =
    (
      files: readonly RecordFile[],
      over: Sections,
      options: Partial<TfRecordSourceOptions>,
    ): Open<TfRecordSource> =>
    (at) =>
      tfRecordSource(plan(over), { files, shuffle: null, repeat: false, ...options, at: at ?? null });

  it('goes on at any position', () =>
    fc.assert(
      fc.asyncProperty(
        section,
        fc.record({
          repeat: fc.boolean(),
          dropRemainder: fc.boolean(),
          share: fc.constantFrom('all' as const, 'train' as const, 'heldOut' as const),
          shuffle: fc.option(fc.record({ seed: fc.nat(99), bufferSize: fc.constantFrom(0, 1, 2, 9, 60) })),
        }),
        fc.record({ zipped: fc.boolean(), bad: fc.boolean(), kept: fc.integer({ min: 1, max: 5 }) }),
        fc.nat(24),
        async (over, options, { zipped, bad, kept }, k) => {
          const files = filesOf(bad ? damaged : plain, zipped);
          const sections = { ...over, ignore_data_errors: bad, num_files_to_keep: kept };
          await expectExactResume(opener(files, sections, options), k);
        },
      ),
      { numRuns: 90, seed: 8 },
    ));

  it('keeps its account of bad records and its progress across a position', async () => {
    const files = filesOf(damaged, false);
    const run = async (k: number | null, from: readonly RecapBatch[] = []) => {
      const seen: ReadProgress[] = [];
      const onProgress = (progress: ReadProgress) => seen.push(progress);
      const open = opener(files, { ignore_data_errors: true }, { onProgress });
      const source = open(k === null ? null : from[k]!.position);
      const batches = await collect(source, 100);
      return { batches, badCount: source.badCount, last: seen.at(-1)! };
    };
    const straight = await run(null);
    const bytesTotal = files.reduce((sum, { size }) => sum + size, 0);
    expect(straight.last).toMatchObject({ bytesRead: bytesTotal, bytesTotal, records: 34, badRecords: 7 });
    for (const k of [0, 3, 7]) {
      const resumed = await run(k, straight.batches);
      expect(resumed.last).toEqual(straight.last);
      expect(resumed.badCount).toBe(7);
    }
  });

  it('reads no more than the current file and a pass to open in a late one, and in order less', async () => {
    const total = plain.reduce((sum, bytes) => sum + bytes.length, 0);
    const opened = async (options: Partial<TfRecordSourceOptions>) => {
      const late = (await collect(opener(filesOf(plain, false), {}, options)(null), 400)).at(-1)!.position!;
      const files = filesOf(plain, false);
      const source = opener(files, { global_batch_size: 1 }, options)(late);
      await source.next();
      source.dispose();
      return { late: late as FilesPosition, read: files.map(({ read }) => read) };
    };
    const sum = (read: readonly number[]) => read.reduce((a, b) => a + b, 0);

    const inOrder = await opened({ repeat: true });
    expect(inOrder.late.epoch).toBe(39);
    expect(inOrder.late.file).toBe(0);
    // The others are not touched.
    expect(inOrder.read.slice(1)).toEqual([0, 0, 0]);

    const shuffled = await opened({ repeat: true, shuffle: { seed: 5, bufferSize: 12 } });
    expect(shuffled.late.epoch).toBeGreaterThan(30);
    expect(shuffled.late.buffer).toHaveLength(24);
    expect(sum(shuffled.read)).toBeLessThanOrEqual(total + plain[shuffled.late.file!]!.length);
    const holding = new Set(shuffled.late.buffer.filter((_, i) => i % 2 === 0));
    for (const [number, read] of shuffled.read.entries()) {
      if (!holding.has(number) && number !== shuffled.late.file) expect(read).toBe(0);
    }
  });

  it('is disposed while it goes to its position', async () => {
    const open = opener(filesOf(plain, true), {}, { repeat: true, shuffle: { seed: 1, bufferSize: 20 } });
    const [, , third] = await collect(open(null), 3);
    const source = open(third!.position!);
    const next = source.next();
    source.dispose();
    expect(await next).toBeNull();
    const abort = new AbortController();
    const aborted = opener(filesOf(plain, true), {}, { repeat: true, shuffle: { seed: 1, bufferSize: 20 }, signal: abort.signal })(third!.position!); // prettier-ignore
    abort.abort(new Error('enough'));
    await expect(aborted.next()).rejects.toThrow('enough');
  });

  describe('refuses', () => {
    const shuffle = { seed: 1, bufferSize: 8 };
    const at = async (options: Partial<TfRecordSourceOptions>, batches = 6) =>
      (await collect(opener(filesOf(plain, false), {}, options)(null), batches)).at(-1)!.position!;
    const opening = (
      position: RecapBatch['position'],
      options: Partial<TfRecordSourceOptions>,
      files = filesOf(plain, false),
    ) => opener(files, {}, options)(position);

    it('other numbers of files, another order, a smaller buffer', async () => {
      const inOrder = await at({});
      const shuffled = await at({ shuffle });
      expect(() => opening(inOrder, {}, filesOf(plain.slice(1), false))).toThrow(
        /it read 4 files, here are 3/,
      );
      expect(() => opening(inOrder, { shuffle })).toThrow(
        /it read the files in order, which they now are not/,
      );
      expect(() => opening(shuffled, {})).toThrow(/it read the files shuffled/);
      expect(() => opening(shuffled, { shuffle: { seed: 1, bufferSize: 7 } })).toThrow(
        /its shuffle buffer holds 8 examples, examples_shuffle_buffer_size is less/,
      );
      expect(() => opening(inOrder, { shuffle })).toThrow(StreamPositionError);
    });

    it('a shorter file, and one that is damaged where it has to be read, by name', async () => {
      const inOrder = await at({});
      expect(inOrder).toMatchObject({ file: 2, record: 12 });
      const files = (changed: Uint8Array) => filesOf(plain.with(2, changed), false);
      const short = files(await recordsOf(3, 5));
      const error = await opening(inOrder, {}, short)
        .next()
        .catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(StreamPositionError);
      expect(String(error)).toMatch(/f2 has 5 records, the run was at record 12. Use the run's own files/);
      const header = plain[2]!.slice();
      header[3]! ^= 1;
      await expect(opening(inOrder, {}, files(header)).next()).rejects.toThrow(/f2: Record 0 at byte 0/);
      const zipped = plain.map((bytes) => Uint8Array.from(gzipSync(bytes)));
      const cut = filesOf(zipped.with(2, zipped[2]!.slice(0, 300)), false);
      await expect(opening(inOrder, {}, cut).next()).rejects.toThrow(/f2: The gzip data is damaged/);
    });

    it('a record of the shuffle buffer that cannot be read any more', async () => {
      const position = (await at({ shuffle })) as FilesPosition;
      const lost = { ...position, buffer: [2, 0, ...position.buffer.slice(2)] };
      await expect(opening(lost, { shuffle }, filesOf(damaged, false)).next()).rejects.toThrow(
        /record 0 of f2 is damaged/,
      );
      const beyond = { ...position, buffer: [1, 4, ...position.buffer.slice(2)] };
      await expect(opening(beyond, { shuffle }).next()).rejects.toThrow(/f1 has 1 records/);
    });
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
