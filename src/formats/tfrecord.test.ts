import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32cOf, maskCrc } from './crc32c.ts';
import { encodeTfRecord, readTfRecords, type TfRecordError, TfRecordParser } from './tfrecord.ts';

function concat(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function* chunked(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

async function readAll(bytes: Uint8Array, size = bytes.length || 1) {
  const payloads: number[][] = [];
  const errors: TfRecordError[] = [];
  const records = readTfRecords(chunked(bytes, size), { onBadRecord: (e) => errors.push(e) > 0 });
  for await (const record of records) payloads.push([...record.payload]);
  return { payloads, errors };
}

/** A header whose checksum is right, whatever length it claims. */
function forgedHeader(low: number, high: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(12));
  view.setUint32(0, low, true);
  view.setUint32(4, high, true);
  view.setUint32(8, maskCrc(crc32cOf(view, 0, 8)), true);
  return new Uint8Array(view.buffer);
}

const payloads = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 6 });

describe('TFRecord', () => {
  it('gives back what was written, however the stream is cut into chunks', async () => {
    await fc.assert(
      fc.asyncProperty(payloads, fc.integer({ min: 1, max: 60 }), async (written, size) => {
        const file = concat(written.map(encodeTfRecord));
        const read = await readAll(file, size);
        expect(read.errors).toEqual([]);
        expect(read.payloads).toEqual(written.map((p) => [...p]));
      }),
    );
  });

  it('reports a changed byte with its record and offset, and changes no other record before it', async () => {
    await fc.assert(
      fc.asyncProperty(payloads, fc.nat(), fc.integer({ min: 1, max: 255 }), async (written, at, change) => {
        const frames = written.map(encodeTfRecord);
        const file = concat(frames);
        const position = at % file.length;
        file[position]! ^= change;
        let record = 0;
        let offset = 0;
        while (offset + frames[record]!.length <= position) offset += frames[record++]!.length;
        const { payloads: read, errors } = await readAll(file, 17);
        expect(errors).toHaveLength(1);
        const error = errors[0]!;
        expect({ record: error.record, offset: error.offset }).toEqual({ record, offset });
        const inHeader = position - offset < 12;
        expect(error.kind).toBe(inHeader ? 'length-crc' : 'data-crc');
        const kept = inHeader ? written.slice(0, record) : written.filter((_, i) => i !== record);
        expect(read).toEqual(kept.map((p) => [...p]));
      }),
    );
  });

  it('reports a cut file, unless the cut is between two records', async () => {
    await fc.assert(
      fc.asyncProperty(payloads, fc.nat(), async (written, at) => {
        const frames = written.map(encodeTfRecord);
        const file = concat(frames);
        const cut = at % file.length;
        const whole: Uint8Array[] = [];
        let offset = 0;
        for (const [i, frame] of frames.entries()) {
          if (offset + frame.length > cut) break;
          whole.push(written[i]!);
          offset += frame.length;
        }
        const { payloads: read, errors } = await readAll(file.slice(0, cut), 13);
        expect(read).toEqual(whole.map((p) => [...p]));
        expect(errors.map((e) => [e.kind, e.record, e.offset])).toEqual(
          offset === cut ? [] : [['truncated', whole.length, offset]],
        );
      }),
    );
  });

  it('survives any bytes at all', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 100 }), async (bytes) => {
        const { payloads: read, errors } = await readAll(bytes, 7);
        if (bytes.length > 0) expect(read.length + errors.length).toBeGreaterThan(0);
      }),
    );
  });

  it('believes no forged length: it neither allocates nor waits for it', async () => {
    for (const [low, high] of [
      [0xffffffff, 0xffffffff],
      [0, 1],
      [64 * 1024 * 1024 + 1, 0],
    ] as const) {
      const { errors } = await readAll(concat([forgedHeader(low, high), new Uint8Array(50)]));
      expect(errors.map((e) => e.kind)).toEqual(['too-long']);
    }
    const { errors } = await readAll(concat([forgedHeader(60 * 1024 * 1024, 0), new Uint8Array(50)]));
    expect(errors.map((e) => e.kind)).toEqual(['truncated']);
  });

  it('names record, byte and mend, and stops at the first bad record when nothing is ignored', async () => {
    const file = concat([encodeTfRecord(Uint8Array.of(1)), encodeTfRecord(Uint8Array.of(2))]);
    file[17 + 12]! ^= 1;
    const reading = (async () => {
      for await (const record of readTfRecords([file])) expect(record.index).toBe(0);
    })();
    await expect(reading).rejects.toThrow(
      'Record 1 at byte 17 of the uncompressed data: the checksum of its 1 bytes of data is wrong. The record is damaged',
    );
  });

  it('grows for a record longer than its buffer and moves what is left to the front', () => {
    const parser = new TfRecordParser();
    const big = Uint8Array.from({ length: 200_000 }, (_, i) => i & 255);
    const file = concat([encodeTfRecord(Uint8Array.of(9)), encodeTfRecord(big), encodeTfRecord(big)]);
    const seen: number[] = [];
    for (const chunk of chunked(file, 50_000)) {
      parser.push(chunk);
      for (let record = parser.next(); record; record = parser.next()) {
        seen.push(record.payload.length);
        expect(record.payload.at(-1)).toBe(record.payload.length === 1 ? 9 : 199_999 & 255);
      }
    }
    parser.end();
    expect(seen).toEqual([1, 200_000, 200_000]);
  });
});
