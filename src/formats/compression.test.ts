import { deflateRawSync, deflateSync, gunzipSync, gzipSync, constants } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { CompressionError, readDecompressed } from './compression.ts';
import { chunksOf, gzip, streamOf } from './gzip.ts';
import { Inflate, InflateError } from './inflate.ts';
import { encodeTfRecord } from './tfrecord.ts';

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk.slice());
  return join(...parts);
}

function* chunked(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

const join = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts));
/** Equality without the cost of a difference that nobody reads. */
const same = (a: Uint8Array, b: Uint8Array) => expect(Buffer.compare(a, b)).toBe(0);
const zip = (bytes: Uint8Array) => Uint8Array.from(gzipSync(bytes));
/** By default as small files are read; `small` 0 takes the platform's reader first, as for large ones. */
const read = (bytes: Uint8Array, size = 1000, small = 1 << 16) =>
  collect(readDecompressed(() => streamOf(chunked(bytes, size)), { small }));
const zeros = (length: number) => new Uint8Array(length);
/** Bytes that compress to blocks of all kinds: runs, noise, text. */
const mixed = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc.tuple(fc.nat(255), fc.nat(3000)).map(([byte, count]) => new Uint8Array(count).fill(byte)),
      fc.string({ maxLength: 300 }).map((text) => new TextEncoder().encode(text.repeat(3))),
    ),
    { maxLength: 6 },
  )
  .map((parts) => join(...parts));
const level = fc.integer({ min: 0, max: 9 });
const size = fc.oneof(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 700 }));
const fixed = { seed: 1, numRuns: 60 };

describe('gzip and zlib', () => {
  it('compresses so that any gunzip reads it, and reads what any gzip wrote', async () => {
    await fc.assert(
      fc.asyncProperty(mixed, level, size, async (bytes, level_, chunk) => {
        for (const comment of [null, 'Heavy Ranker Playground 1.2.3']) {
          const compressed = await collect(chunksOf(gzip(streamOf(chunked(bytes, chunk)), comment)));
          same(gunzipSync(compressed), bytes);
          for (const small of [0, 1 << 16]) same(await read(compressed, chunk, small), bytes);
          const header = new TextDecoder().decode(compressed.subarray(0, 40));
          expect(header.includes('Playground 1.2.3')).toBe(comment !== null);
        }
        for (const small of [0, 1 << 16])
          same(await read(Uint8Array.from(gzipSync(bytes, { level: level_ })), chunk, small), bytes);
        same(await read(Uint8Array.from(deflateSync(bytes, { level: level_ })), chunk), bytes);
      }),
      fixed,
    );
  });

  it('reads members one behind another, with zeros between and behind, however the bytes arrive', async () => {
    const members = fc.array(fc.tuple(mixed, fc.nat(9)), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(members, size, async (all, chunk) => {
        const file = join(...all.flatMap(([bytes, padding]) => [zip(bytes), zeros(padding)]));
        for (const small of [0, 1 << 16])
          same(await read(file, chunk, small), join(...all.map(([bytes]) => bytes)));
      }),
      fixed,
    );
  });

  it('reads the same members with padding between, which one platform takes for the end (found by fuzzing)', async () => {
    const member = zip(Uint8Array.of(32, 32, 32, 32));
    const file = join(member, zeros(1), member);
    for (const size_ of [1, 7, 1000]) same(await read(file, size_, 0), new Uint8Array(8).fill(32));
  });

  it('reads headers with extra fields, a name, a comment and a checksum', async () => {
    const bytes = Uint8Array.of(5, 6, 7, 8, 9);
    const plain = zip(bytes);
    const [name, comment] = ['a name', 'a comment'].map((text) => new TextEncoder().encode(`${text}\0`));
    const extra = join(Uint8Array.of(3, 0), Uint8Array.of(1, 2, 3));
    const header = join(plain.slice(0, 3), Uint8Array.of(4 + 8 + 16 + 2), plain.slice(4, 10), extra, name!, comment!, Uint8Array.of(0, 0)); // prettier-ignore
    const rest = plain.slice(10);
    // Behind another member, so that our own reader reads it, whose checksum of the header nobody checks.
    expect(await read(join(plain, header, rest))).toEqual(join(bytes, bytes));
  });

  it('undoes what was compressed twice, and no more than three times', async () => {
    const bytes = new TextEncoder().encode('records');
    expect(await read(zip(zip(bytes)))).toEqual(bytes);
    expect(await read(Uint8Array.from(deflateSync(join(zip(bytes), zip(bytes)))))).toEqual(
      join(bytes, bytes),
    );
    expect(await read(zip(zip(zip(bytes))))).toEqual(bytes);
    await expect(read(zip(zip(zip(zip(bytes)))))).rejects.toThrow(/compressed more than 3 times/);
  });

  it('passes through what is not compressed, and nothing at all', async () => {
    expect(await read(Uint8Array.of(1, 2, 3), 1)).toEqual(Uint8Array.of(1, 2, 3));
    expect(await read(Uint8Array.of(0x1f))).toEqual(Uint8Array.of(0x1f));
    expect(await read(new Uint8Array(0))).toEqual(new Uint8Array(0));
  });

  it('is not misled by records whose length looks like a mark of compression', async () => {
    for (const length of [0x8b1f, 0x9c78]) {
      const record = encodeTfRecord(zeros(length));
      same(await read(record, 5000), record);
    }
  });

  it.each([
    ['zstd', [0x28, 0xb5, 0x2f, 0xfd, 0]],
    ['bzip2', [0x42, 0x5a, 0x68, 0x39]],
    ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]],
    ['a zip archive', [0x50, 0x4b, 3, 4, 0]],
    ['a Parquet file', [0x50, 0x41, 0x52, 0x31]],
  ])('names what it cannot read: %s', async (what, bytes) => {
    await expect(read(Uint8Array.from(bytes))).rejects.toThrow(what);
    await expect(read(zip(Uint8Array.from(bytes)))).rejects.toThrow(CompressionError);
  });

  it('reports every cut and every flipped byte behind the header, or gives the same bytes', async () => {
    const bytes = Uint8Array.from({ length: 200 }, (_, i) => (i * i) & 255);
    for (const file of [zip(bytes), join(zip(bytes.slice(0, 100)), zip(bytes.slice(100)))]) {
      for (let at = 2; at < file.length; at++) {
        const small = at % 2 === 0 ? 0 : 1 << 16;
        const outcome = await read(file.slice(0, at), 1000, small).catch((error: unknown) => error);
        // A file of two members that ends behind the first is a whole file.
        if (outcome instanceof Uint8Array) expect(outcome, `cut at ${at}`).toEqual(bytes.slice(0, 100));
        else expect(outcome, `cut at ${at}`).toBeInstanceOf(CompressionError);
        const flipped = file.slice();
        flipped[at]! ^= 0x10;
        const found = await read(flipped, 1000, small).catch((error: unknown) => error);
        if (found instanceof Uint8Array) expect(found, `flip at ${at}`).toEqual(bytes);
        else expect(found).toBeInstanceOf(CompressionError);
      }
    }
  });

  it('says how far it came and what to do', async () => {
    const file = zip(zeros(10));
    await expect(read(file.slice(0, -3))).rejects.toThrow(/after 10 decompressed bytes .*Copy or download/);
    const garbage = read(join(file, Uint8Array.of(1, 2, 3)));
    await expect(garbage).rejects.toThrow(/has ended, after 10 bytes, but the file goes on with other bytes/);
  });

  it('does not wait for the end of a name in a header that has none', async () => {
    const endless = join(Uint8Array.of(0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 0), new Uint8Array(2e5).fill(65));
    await expect(read(endless, 1e5)).rejects.toThrow(CompressionError);
  });

  it('passes on the error of a failing source as it is', async () => {
    const file = join(zip(zeros(10)), zip(zeros(10)));
    for (const at of [5, file.length - 5]) {
      const open = () =>
        streamOf(
          (function* () {
            yield file.slice(0, at);
            throw new RangeError('disk gone');
          })(),
        );
      await expect(collect(readDecompressed(open))).rejects.toThrow(new RangeError('disk gone'));
    }
  });

  it('cancels its source when the reader stops early', async () => {
    const cancel = vi.fn();
    const endless = () =>
      new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(zeros(100)), cancel });
    for await (const chunk of readDecompressed(endless)) {
      expect(chunk.length).toBe(100);
      break;
    }
    expect(cancel).toHaveBeenCalledOnce();
  });

  it('gives what the platform gives when the platform refuses the second member, as Node 24 and Chromium do', async () => {
    const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7919) >>> 5);
    const file = join(zip(bytes.slice(0, 200_000)), zip(bytes.slice(200_000)));
    class Strict extends TransformStream<Uint8Array, Uint8Array> {
      constructor() {
        // Some of the first member's bytes come out, then an error.
        super({
          transform(_chunk, controller) {
            controller.enqueue(bytes.slice(0, 70_000));
            throw new TypeError('Trailing junk');
          },
        });
      }
    }
    vi.stubGlobal('DecompressionStream', Strict);
    try {
      same(await read(file, 1 << 16, 0), bytes);
    } finally {
      vi.unstubAllGlobals();
    }
  });
});

describe('Inflate', () => {
  /** @param late whether the end is told with no bytes, after the last ones. */
  const inflate = (bytes: Uint8Array, size_: number, late = false) => {
    const reader = new Inflate();
    const parts: Uint8Array[] = [];
    let at = 0;
    for (;;) {
      const state = reader.step();
      parts.push(reader.output.slice());
      expect(reader.output.length).toBeLessThan(100_000);
      if (state === 'end') return { out: join(...parts), rest: join(reader.rest, bytes.subarray(at)) };
      if (state === 'output') continue;
      reader.push(bytes.subarray(at, at + size_), at + (late ? 0 : size_) >= bytes.length);
      at += size_;
    }
  };
  const strategy = fc.constantFrom(constants.Z_DEFAULT_STRATEGY, constants.Z_FIXED, constants.Z_HUFFMAN_ONLY);

  it('reads all that zlib writes and stops where it ends', () => {
    fc.assert(
      fc.property(
        mixed,
        level,
        strategy,
        size,
        fc.uint8Array({ maxLength: 12 }),
        (bytes, level_, how, chunk, behind) => {
          const deflated = Uint8Array.from(deflateRawSync(bytes, { level: level_, strategy: how }));
          for (const late of [false, true]) {
            const { out, rest } = inflate(join(deflated, behind), chunk, late);
            same(out, bytes);
            same(rest, behind);
          }
        },
      ),
      { seed: 1, numRuns: 200 },
    );
  });

  it('gives a bomb in small pieces', () => {
    const bomb = Uint8Array.from(deflateRawSync(zeros(5_000_000), { level: 9 }));
    expect(inflate(bomb, 1e6).out.length).toBe(5_000_000);
  });

  it('ends in an error of its own for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), size, (bytes, chunk) => {
        try {
          inflate(bytes, chunk);
        } catch (error) {
          expect(error).toBeInstanceOf(InflateError);
        }
      }),
      { seed: 1, numRuns: 500 },
    );
  });
});
