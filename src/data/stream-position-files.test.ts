/** A stream of files opened at any batch's position gives the uninterrupted stream's batches, byte for byte. */
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { plan, type Sections } from './plan.fixture.ts';
import type { RecapBatch } from './recap-batch.ts';
import {
  collect,
  CountedFile,
  expectExactResume,
  recordsOf,
  section,
  type Open,
} from './stream-position.fixture.ts';
import { StreamPositionError, type FilesPosition } from './stream-position.ts';
import {
  tfRecordSource,
  type ReadProgress,
  type RecordFile,
  type TfRecordSource,
  type TfRecordSourceOptions,
} from './tfrecord-source.ts';

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
