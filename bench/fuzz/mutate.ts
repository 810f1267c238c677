/** Damage as files really take it, and as somebody makes it: for any kind that is bytes. */
import fc from 'fast-check';

/** Anywhere alike: at the very beginning damage only makes another kind of file. */
const place = fc.noBias(fc.nat(1 << 20)).map((part) => part / (1 << 20));
/** Numbers that lengths and offsets are compared with. */
const extremes = fc.constantFrom(0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff);

type Edit = (bytes: Uint8Array) => Uint8Array;

function join(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat(parts));
}

const replaced = (bytes: Uint8Array, where: number, length: number, by: Uint8Array) => {
  const at = Math.floor(where * bytes.length);
  return join(bytes.subarray(0, at), by, bytes.subarray(at + length));
};

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(place, fc.integer({ min: 1, max: 255 })).map(([where, mask]): Edit => (bytes) => {
    const out = bytes.slice();
    const at = Math.min(bytes.length - 1, Math.floor(where * bytes.length));
    if (at >= 0) out[at]! ^= mask;
    return out;
  }),
  place.map(
    (where): Edit =>
      (bytes) =>
        bytes.slice(0, Math.floor(where * bytes.length)),
  ),
  fc.tuple(place, fc.nat(20), fc.uint8Array({ maxLength: 20 })).map(
    ([where, length, by]): Edit =>
      (bytes) =>
        replaced(bytes, where, length, by),
  ),
  fc.tuple(place, extremes).map(
    ([where, value]): Edit =>
      (bytes) =>
        replaced(bytes, where, 4, uint32(value)),
  ),
  fc.tuple(place, place, fc.nat(60)).map(([from, to, length]): Edit => (bytes) => {
    const at = Math.floor(from * bytes.length);
    return replaced(bytes, to, 0, bytes.slice(at, at + length));
  }),
  fc.nat(40).map(
    (length): Edit =>
      (bytes) =>
        join(bytes, new Uint8Array(length)),
  ),
);

/** None to four edits, so that whole inputs are read as well. */
export const edits: fc.Arbitrary<Edit> = fc.array(edit, { maxLength: 4 }).map(
  (all): Edit =>
    (bytes) =>
      all.reduce((left, one) => one(left), bytes),
);

/** Sizes of the chunks in which a file arrives. */
export const chunkSize = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(100, 4096, 1 << 20));

/** Bytes in chunks, as a file that can be opened again. */
export function openable(bytes: Uint8Array, size: number): () => ReadableStream<Uint8Array> {
  return () => {
    let at = 0;
    return new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          if (at >= bytes.length) controller.close();
          else controller.enqueue(bytes.slice(at, (at += size)));
        },
      },
      { highWaterMark: 0 },
    );
  };
}

export { join };
