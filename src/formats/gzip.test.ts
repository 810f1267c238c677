import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunksOf, gzip, GzipError, isGzip, readMaybeGzip, streamOf } from './gzip.ts';

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: number[] = [];
  for await (const chunk of chunks) parts.push(...chunk);
  return Uint8Array.from(parts);
}

function* chunked(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

const read = (bytes: Uint8Array, size = 1000) => collect(readMaybeGzip(streamOf(chunked(bytes, size))));

describe('gzip', () => {
  it('compresses so that any gunzip reads it, and reads what any gzip wrote', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.integer({ min: 1, max: 100 }),
        async (bytes, size) => {
          const compressed = await collect(chunksOf(gzip(streamOf(chunked(bytes, size)))));
          expect(isGzip(compressed)).toBe(true);
          expect(Uint8Array.from(gunzipSync(compressed))).toEqual(bytes);
          expect(await read(Uint8Array.from(gzipSync(bytes)), size)).toEqual(bytes);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('passes through what is not gzip, and nothing at all', async () => {
    expect(await read(Uint8Array.of(1, 2, 3), 1)).toEqual(Uint8Array.of(1, 2, 3));
    expect(await read(Uint8Array.of(0x1f))).toEqual(Uint8Array.of(0x1f));
    expect(await read(new Uint8Array(0))).toEqual(new Uint8Array(0));
  });

  it('reports every cut and every flipped byte behind the header, or gives the same bytes', async () => {
    const bytes = Uint8Array.from({ length: 200 }, (_, i) => (i * i) & 255);
    const file = Uint8Array.from(gzipSync(bytes));
    for (let at = 2; at < file.length; at++) {
      await expect(read(file.slice(0, at)), `cut at ${at}`).rejects.toBeInstanceOf(GzipError);
      const flipped = file.slice();
      flipped[at]! ^= 0x10;
      const outcome = await read(flipped).catch((error: unknown) => error);
      if (outcome instanceof Uint8Array) expect(outcome, `flip at ${at}`).toEqual(bytes);
      else expect(outcome).toBeInstanceOf(GzipError);
    }
  });

  it('says how far it came and what to do', async () => {
    const file = Uint8Array.from(gzipSync(new Uint8Array(10)));
    await expect(read(file.slice(0, -3))).rejects.toThrow(/after \d+ uncompressed bytes .*Copy or download/);
  });

  it('passes on the error of a failing source as it is', async () => {
    const file = Uint8Array.from(gzipSync(new Uint8Array(10)));
    const failing = streamOf(
      (function* () {
        yield file.slice(0, 5);
        throw new RangeError('disk gone');
      })(),
    );
    await expect(collect(readMaybeGzip(failing))).rejects.toThrow(new RangeError('disk gone'));
  });

  it('cancels its source when the reader stops early', async () => {
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(100)),
      cancel: () => {
        cancelled = true;
      },
    });
    for await (const chunk of readMaybeGzip(endless)) {
      expect(chunk.length).toBe(100);
      break;
    }
    expect(cancelled).toBe(true);
  });
});
