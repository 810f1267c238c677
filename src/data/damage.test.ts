/** Any byte flipped or cut in a file is reported with its record and offset; nothing wrong is ever delivered. */
import { createGunzip, gzipSync, constants } from 'node:zlib';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { streamOf } from '../formats/gzip.ts';
import { TfRecordParser } from '../formats/tfrecord.ts';
import type { DataPlan } from './layout.ts';
import { plan } from './plan.fixture.ts';
import { BadRecordError, encodeTfRecords, tfRecordSource } from './tfrecord-source.ts';
import { uniformBlocks } from './uniform.ts';

const RECORDS = 5;
let plain: Uint8Array;
let zipped: Uint8Array;
/** Offset of each record, and behind the last one the file's length. */
let starts: number[];
let good: string[];

beforeAll(async () => {
  const parts: number[] = [];
  for await (const part of encodeTfRecords(uniformBlocks(plan(), { seed: 8, examples: RECORDS })))
    parts.push(...part);
  plain = Uint8Array.from(parts);
  zipped = Uint8Array.from(gzipSync(plain));
  const parser = new TfRecordParser();
  parser.push(plain);
  starts = Array.from({ length: RECORDS }, () => parser.next()!.offset);
  starts.push(plain.length);
  good = (await read(plain)).rows;
});

const [stopping, ignoring] = [false, true].map((ignore) =>
  plan({ global_batch_size: 1, ignore_data_errors: ignore }),
) as [DataPlan, DataPlan];

/** Reads a file in chunks, one record a batch: the rows that came, and how it ended. */
async function read(bytes: Uint8Array, chunk = 64, ignore = false) {
  const chunks = function* () {
    for (let at = 0; at < bytes.length; at += chunk) yield bytes.slice(at, at + chunk);
  };
  const file = { name: 'x', size: bytes.length, stream: () => streamOf(chunks()) };
  const source = tfRecordSource(ignore ? ignoring : stopping, {
    files: [file],
    shuffle: null,
    repeat: false,
  });
  const rows: string[] = [];
  let error: unknown = null;
  try {
    for (let batch = await source.next(); batch; batch = await source.next()) {
      rows.push(
        JSON.stringify(
          Object.values(batch)
            .filter((x: unknown) => x instanceof Float32Array)
            .map((x) => [...x]),
        ),
      );
    }
  } catch (thrown) {
    error = thrown;
  }
  return { rows, error, bad: source.badRecords };
}

const flip = (bytes: Uint8Array, at: number, mask: number) => bytes.with(at, bytes[at]! ^ mask);
const recordAt = (offset: number) => starts.findLastIndex((start) => start <= offset);
const place = (error: unknown) => {
  expect(error).toBeInstanceOf(BadRecordError);
  const { record, offset } = error as BadRecordError;
  return { record, offset };
};
const masks = fc.integer({ min: 1, max: 255 });
const chunks = fc.integer({ min: 1, max: 400 });

describe('an uncompressed file', () => {
  it('names exactly the record and offset of every flipped byte', async () => {
    for (let at = 0; at < plain.length; at++) {
      const record = recordAt(at);
      const { rows, error } = await read(flip(plain, at, 0x21));
      expect(place(error), `byte ${at}`).toEqual({ record, offset: starts[record] });
      expect(rows).toEqual(good.slice(0, record));
    }
  });

  it('does so whatever bits are flipped and however the bytes arrive, and skips the record alone where it can', async () => {
    const at = fc.nat(plain.length - 1);
    await fc.assert(
      fc.asyncProperty(at, masks, chunks, async (byte, mask, chunk) => {
        const record = recordAt(byte);
        const damaged = flip(plain, byte, mask);
        expect(place((await read(damaged, chunk)).error)).toEqual({ record, offset: starts[record] });
        const { rows, error, bad } = await read(damaged, chunk, true);
        expect(error).toBeNull();
        expect(bad.map(place)).toEqual([{ record, offset: starts[record] }]);
        // Behind a damaged length nobody knows where the next record begins.
        const header = byte - starts[record]! < 12;
        expect(rows).toEqual(good.filter((_, i) => (header ? i < record : i !== record)));
      }),
      { numRuns: 200 },
    );
  });

  it('names exactly the record and offset in which it is cut off', async () => {
    for (let length = 0; length < plain.length; length++) {
      const record = recordAt(length);
      const { rows, error } = await read(plain.slice(0, length));
      expect(rows).toEqual(good.slice(0, record));
      // A file that ends between two records is a whole file.
      if (length === starts[record]) expect(error).toBeNull();
      else expect(place(error), `length ${length}`).toEqual({ record, offset: starts[record] });
    }
  });
});

/** How many bytes the decompressor gives that are still right, fed byte by byte, so that it gives all it can. */
async function rightBytes(damaged: Uint8Array, firstFlipped: number): Promise<number> {
  const gunzip = createGunzip({ flush: constants.Z_SYNC_FLUSH });
  let right = 0;
  let wrong = false;
  gunzip.on('data', (out: Uint8Array) => {
    for (const byte of out) {
      if (byte !== plain[right]) wrong = true;
      if (!wrong) right++;
    }
  });
  const failed = new Promise<'failed'>((resolve) => gunzip.on('error', () => resolve('failed')));
  const write = (from: number, to: number) =>
    Promise.race([failed, new Promise((resolve) => gunzip.write(damaged.subarray(from, to), resolve))]);
  let ended: unknown = await write(0, firstFlipped);
  for (let at = firstFlipped; at < damaged.length && ended !== 'failed' && !wrong; at++)
    ended = await write(at, at + 1);
  gunzip.destroy();
  return right;
}

describe('a compressed file', () => {
  const expectNothingWrong = ({ rows, error }: Awaited<ReturnType<typeof read>>) => {
    expect(rows).toEqual(good.slice(0, rows.length));
    if (error === null) expect(rows).toHaveLength(RECORDS);
    else expect(place(error)).toEqual({ record: rows.length, offset: starts[rows.length] });
  };

  it('gives an error at the record that it could not read, or the very same values, for every flipped byte', async () => {
    for (let at = 0; at < zipped.length; at++) expectNothingWrong(await read(flip(zipped, at, 0x21)));
  });

  it('names a record that is not behind the first damaged one', async () => {
    const at = fc.nat(zipped.length - 1);
    await fc.assert(
      fc.asyncProperty(at, masks, chunks, async (byte, mask, chunk) => {
        const damaged = flip(zipped, byte, mask);
        const found = await read(damaged, chunk);
        expectNothingWrong(found);
        if (found.error === null) return;
        expect(place(found.error).record).toBeLessThanOrEqual(recordAt(await rightBytes(damaged, byte)));
      }),
      { numRuns: 100 },
    );
  });

  it('names a record for every length that it is cut to', async () => {
    for (let length = 1; length < zipped.length; length++) {
      const found = await read(zipped.slice(0, length));
      expect(found.error, `length ${length}`).not.toBeNull();
      expectNothingWrong(found);
    }
  });
});
