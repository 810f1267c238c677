/** Compressed files: members, padding, zlib, layers, bombs, damage. Node's own zlib is the second reader. */
import { constants, deflateSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { CompressionError, readDecompressed } from '../../../src/formats/compression.ts';
import { Inflate } from '../../../src/formats/inflate.ts';
import { fuzzKind } from '../kind.ts';
import { chunkSize, edits, join, openable } from '../mutate.ts';

/** Bytes that do not compress. */
function noise([seed, length]: [number, number]): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state;
  });
}

const content = fc.oneof(
  { weight: 8, arbitrary: fc.uint8Array({ maxLength: 300 }) },
  {
    weight: 4,
    arbitrary: fc.string({ maxLength: 200 }).map((text) => new TextEncoder().encode(text.repeat(4))),
  },
  // Too large to be read by ourselves alone.
  {
    weight: 1,
    arbitrary: fc.tuple(fc.integer({ min: 1 }), fc.integer({ min: 60_000, max: 100_000 })).map(noise),
  },
  // A bomb: it must come in pieces.
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 4_000_000 }).map((length) => new Uint8Array(length)) },
);
const options = fc.record({
  level: fc.integer({ min: 0, max: 9 }),
  strategy: fc.constantFrom(constants.Z_DEFAULT_STRATEGY, constants.Z_FIXED, constants.Z_HUFFMAN_ONLY),
});
const members = fc
  .array(fc.tuple(content, options, fc.constantFrom(0, 0, 1, 5)), { minLength: 1, maxLength: 3 })
  .map((all) =>
    join(...all.map(([bytes, how, padding]) => join(gzipSync(bytes, how), new Uint8Array(padding)))),
  );
const file = fc.oneof(
  { weight: 6, arbitrary: members },
  {
    weight: 2,
    arbitrary: fc.tuple(content, options).map(([bytes, how]) => new Uint8Array(deflateSync(bytes, how))),
  },
  { weight: 1, arbitrary: members.map((bytes) => new Uint8Array(gzipSync(bytes))) },
);

/** What zlib makes of it, as often as it is compressed; null where it does not read it. */
function byZlib(bytes: Uint8Array): Uint8Array | null {
  let out = bytes;
  for (let layer = 0; layer < 4; layer++) {
    const [first = 0, second = 0] = out;
    const gzip = first === 0x1f && second === 0x8b;
    const zlib =
      (first & 15) === 8 && first >>> 4 <= 7 && ((first << 8) | second) % 31 === 0 && !(second & 32);
    if (out.length < 2 || !(gzip || zlib)) return out;
    try {
      out = gzip ? gunzipMembers(out) : inflateSync(out);
    } catch {
      return null;
    }
  }
  return null;
}

/** All members, with zeros between them, which zlib alone takes for the end. */
function gunzipMembers(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  let rest = bytes;
  while (rest.length > 0) {
    const { buffer, engine } = gunzipSync(rest, { info: true }) as unknown as {
      buffer: Uint8Array;
      engine: { bytesWritten: number };
    };
    parts.push(buffer);
    rest = rest.subarray(engine.bytesWritten);
    const next = rest.findIndex((byte) => byte !== 0);
    rest = next < 0 ? new Uint8Array(0) : rest.subarray(next);
  }
  return join(...parts);
}

const known = new Uint8Array(gzipSync('known').subarray(10));

export const gzipKind = fuzzKind({
  name: 'gzip',
  input: fc.tuple(file, edits, chunkSize).map(([bytes, edit, size]) => ({ bytes: edit(bytes), size })),
  errors: [CompressionError],
  bytes: ({ bytes }) => bytes,
  async read({ bytes, size }) {
    const parts: Uint8Array[] = [];
    // A file of many small chunks only takes time.
    const step = Math.max(size, Math.ceil(bytes.length / 2000));
    for await (const chunk of readDecompressed(openable(bytes, step))) {
      if (chunk.length > 1 << 20 && chunk.length > bytes.length)
        throw new Error(`A piece of ${chunk.length} bytes.`);
      parts.push(chunk.slice());
    }
    const expected = byZlib(bytes);
    if (expected === null) throw new Error('It has a value, zlib has none.');
    if (Buffer.compare(join(...parts), expected) !== 0) throw new Error('Its value is not that of zlib.');
  },
  probe() {
    const inflate = new Inflate();
    inflate.push(known, true);
    const state = inflate.step();
    return [state, [...inflate.output]];
  },
});
