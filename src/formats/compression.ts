/**
 * Compressed files as people have them: gzip of one member or several, padded or not, zlib, and what was compressed
 * twice. The platform's DecompressionStream does the common case at its speed; what it refuses, or forgives without a
 * word in one version and not in another, is read by our own reader, so that every platform gives the same bytes or
 * the same error.
 */
import { crc32 } from './crc32c.ts';
import { chunksOf, plain } from './gzip.ts';
import { Inflate, InflateError } from './inflate.ts';
import { readByPlatform, uint32 } from './platform-gunzip.ts';
import { isTfRecordStart } from './tfrecord.ts';

/** Compressed data that cannot be read. `offset` counts the decompressed bytes that came out before. */
export class CompressionError extends Error {
  override readonly name = 'CompressionError';
  readonly offset: number;

  constructor(offset: number, what: string, cause?: unknown) {
    super(what, { cause });
    this.offset = offset;
  }
}

const COPY_AGAIN = 'Copy or download the file again.';
/** Layers of compression that are undone: twice happens, more is a trap. */
const MAX_LAYERS = 3;
/** Longest name or comment in a gzip header that is believed. */
const MAX_TEXT = 65536;
/** Files of fewer stored bytes are read by ourselves alone: where it costs nothing, nothing is left to the platform. */
const SMALL = 1 << 16;
/** Bytes that tell what a stream is. */
const PEEK = 12;

type Format = 'gzip' | 'zlib' | 'plain';
export interface DecompressOptions {
  /** Stored bytes from which on the platform's reader is taken; for tests. */
  readonly small?: number;
}

type Open = () => AsyncGenerator<Uint8Array, void, undefined>;

/** Other kinds of file, by their first bytes, with what to do. */
const OTHERS: readonly (readonly [string, readonly number[], string])[] = [
  ['compressed with zstd', [0x28, 0xb5, 0x2f, 0xfd], 'Decompress it (zstd -d), or write it with GZIP.'],
  ['compressed with bzip2', [0x42, 0x5a, 0x68], 'Decompress it (bunzip2), or write it with GZIP.'],
  ['compressed with xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a], 'Decompress it (unxz), or write it with GZIP.'],
  ['compressed with lz4', [0x04, 0x22, 0x4d, 0x18], 'Decompress it (lz4 -d), or write it with GZIP.'],
  ['compressed with Snappy', [0xff, 0x06, 0x00, 0x00, 0x73, 0x4e], 'Write it with GZIP.'],
  ['a zip archive', [0x50, 0x4b, 0x03, 0x04], 'Unpack it and give the files in it.'],
  ['a Parquet file', [0x50, 0x41, 0x52, 0x31], 'Import it as a table.'],
];

function startsWith(start: Uint8Array, bytes: readonly number[]): boolean {
  return bytes.every((byte, i) => start[i] === byte);
}

/** @throws CompressionError naming the kind of a file that cannot be read. */
function formatOf(start: Uint8Array): Format {
  // A record's length can look like any format's mark; its checksum cannot.
  if (isTfRecordStart(start)) return 'plain';
  const [first = 0, second = 0] = start;
  if (first === 0x1f && second === 0x8b) return 'gzip';
  if ((first & 15) === 8 && first >>> 4 <= 7 && ((first << 8) | second) % 31 === 0 && (second & 32) === 0)
    return 'zlib';
  for (const [what, bytes, mend] of OTHERS) {
    if (startsWith(start, bytes)) throw new CompressionError(0, `The file is ${what}. ${mend}`);
  }
  return 'plain';
}

/** Chunks of input that are taken byte by byte or whole, whatever their sizes. */
class Input {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #chunk = new Uint8Array(0);
  #at = 0;

  constructor(chunks: AsyncIterator<Uint8Array>) {
    this.#chunks = chunks;
  }

  /** The next byte, or −1 at the end. */
  async byte(): Promise<number> {
    return (await this.#fill()) ? this.#chunk[this.#at++]! : -1;
  }

  /** The next byte that is not zero, or −1 at the end: tapes and block devices leave zeros behind a file. */
  async behindZeros(): Promise<number> {
    while (await this.#fill()) {
      const at = this.#chunk.findIndex((byte, i) => i >= this.#at && byte !== 0);
      this.#at = at < 0 ? this.#chunk.length : at + 1;
      if (at >= 0) return this.#chunk[at]!;
    }
    return -1;
  }

  /** What is at hand of the next chunk, or null at the end. */
  async take(): Promise<Uint8Array | null> {
    if (!(await this.#fill())) return null;
    const chunk = this.#chunk.subarray(this.#at);
    this.#at = this.#chunk.length;
    return chunk;
  }

  /** Puts bytes back, to be taken next. */
  putBack(bytes: Uint8Array): void {
    const left = this.#chunk.subarray(this.#at);
    const joined = new Uint8Array(bytes.length + left.length);
    joined.set(bytes);
    joined.set(left, bytes.length);
    this.#chunk = joined;
    this.#at = 0;
  }

  async #fill(): Promise<boolean> {
    while (this.#at === this.#chunk.length) {
      const { done, value } = await this.#chunks.next();
      if (done) return false;
      this.#chunk = plain(value);
      this.#at = 0;
    }
    return true;
  }
}

const gone = 'it is cut off';

async function need(input: Input, count: number): Promise<number[]> {
  const bytes: number[] = [];
  for (let i = 0; i < count; i++) {
    const byte = await input.byte();
    if (byte < 0) throw new InflateError(gone);
    bytes.push(byte);
  }
  return bytes;
}

/** The rest of a member's header (RFC 1952) behind its first two bytes. */
async function gzipHeader(input: Input): Promise<void> {
  const [method, flags = 0] = await need(input, 8);
  if (method !== 8) throw new InflateError(`its method ${method} is not deflate`);
  if (flags & 0xe0) throw new InflateError('its header has flags that there are not');
  if (flags & 4) {
    const [low = 0, high = 0] = await need(input, 2);
    await need(input, low | (high << 8));
  }
  for (const text of [8, 16]) {
    if (!(flags & text)) continue;
    let byte: number | undefined;
    for (let length = 0; byte !== 0; length++) {
      if (length > MAX_TEXT) throw new InflateError('a name or comment in its header has no end');
      [byte] = await need(input, 1);
    }
  }
  if (flags & 2) await need(input, 2);
}

function adler32(bytes: Uint8Array, before: number): number {
  let low = before & 0xffff;
  let high = before >>> 16;
  for (let at = 0; at < bytes.length;) {
    // So many sums stay below 2^32.
    for (const end = Math.min(bytes.length, at + 3800); at < end; at++) high += low += bytes[at]!;
    low %= 65521;
    high %= 65521;
  }
  return ((high << 16) | low) >>> 0;
}

/** One deflate stream out of the input, which then stands behind it. */
async function* inflated(input: Input): AsyncGenerator<Uint8Array, void, undefined> {
  const inflate = new Inflate();
  for (;;) {
    const state = inflate.step();
    const { output } = inflate;
    if (output.length > 0) yield output.slice();
    if (state === 'end') break;
    if (state === 'output') continue;
    const chunk = await input.take();
    inflate.push(chunk ?? new Uint8Array(0), chunk === null);
  }
  input.putBack(inflate.rest);
}

/** Our own reader: all members of a gzip file, or a zlib stream, with their checksums. */
async function* readByOurselves(
  open: Open,
  format: 'gzip' | 'zlib',
): AsyncGenerator<Uint8Array, void, undefined> {
  const chunks = open();
  const input = new Input(chunks);
  let offset = 0;
  try {
    await need(input, 2);
    for (let member = 0; ; member++) {
      if (format === 'gzip') await gzipHeader(input);
      let sum = format === 'gzip' ? 0 : 1;
      let length = 0;
      for await (const output of inflated(input)) {
        sum = format === 'gzip' ? crc32(output, sum) : adler32(output, sum);
        length += output.length;
        yield output;
        offset += output.length;
      }
      const trailer = await need(input, format === 'gzip' ? 8 : 4);
      const written = uint32(format === 'gzip' ? trailer : trailer.reverse());
      const size = format === 'gzip' ? uint32(trailer.slice(4)) : length >>> 0;
      if (written !== sum || size !== length % 4294967296) throw new InflateError('its checksum is wrong');
      const next = await input.behindZeros();
      if (next < 0) return;
      const second = format === 'gzip' && next === 0x1f ? await input.byte() : -1;
      if (second !== 0x8b) {
        const what = `The ${format} data has ended, after ${offset} bytes, but the file goes on with other bytes. Cut them off, or ${COPY_AGAIN.charAt(0).toLowerCase()}${COPY_AGAIN.slice(1)}`;
        throw new CompressionError(offset, what);
      }
    }
  } catch (error) {
    if (!(error instanceof InflateError)) throw error;
    const what = `The ${format} data is damaged or cut off, after ${offset} decompressed bytes (${error.message}). ${COPY_AGAIN}`;
    throw new CompressionError(offset, what, error);
  } finally {
    await chunks.return();
  }
}

/** One layer of gzip or zlib undone. */
async function* decompressLayer(
  first: AsyncGenerator<Uint8Array>,
  open: Open,
  format: 'gzip' | 'zlib',
  small: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  let given = 0;
  const { ended, all } = await peek(first, small);
  if (format === 'gzip' && !ended) {
    const { bytes, whole } = yield* readByPlatform(all);
    if (whole) return;
    given = bytes;
  } else await all.return(undefined);
  for await (const chunk of readByOurselves(open, format)) {
    const skip = Math.min(given, chunk.length);
    given -= skip;
    if (skip < chunk.length) yield chunk.subarray(skip);
  }
}

/** A stream that was looked into: as many of its first bytes as asked for, whether that is all, and all of it. */
async function peek(chunks: AsyncGenerator<Uint8Array>, count: number) {
  const first: Uint8Array[] = [];
  let length = 0;
  let ended = false;
  while (length < count && !ended) {
    const { done, value } = await chunks.next();
    ended = done === true;
    // The chunk may be used again when the next one is asked for.
    if (!done) length += first[first.push(value.slice()) - 1]!.length;
  }
  return { start: firstBytes(first, count), ended, all: behind(first, chunks) };
}

/** What was taken from a generator before it, and it. By hand: one more generator costs every chunk three promises. */
function behind(first: Uint8Array[], chunks: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  return {
    next() {
      const value = first.shift();
      return value ? Promise.resolve({ done: false, value }) : chunks.next();
    },
    return() {
      first.length = 0;
      return chunks.return(undefined);
    },
    throw(error) {
      first.length = 0;
      return chunks.throw(error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

function firstBytes(chunks: readonly Uint8Array[], count: number): Uint8Array {
  const bytes: number[] = [];
  for (const chunk of chunks) bytes.push(...chunk.subarray(0, Math.min(PEEK, count) - bytes.length));
  return Uint8Array.from(bytes);
}

/** The stream with every layer undone. Not a generator itself: each hop costs every chunk a turn of the event loop. */
async function undoLayers(open: Open, depth: number, small: number): Promise<AsyncGenerator<Uint8Array>> {
  const { start, all } = await peek(open(), PEEK);
  try {
    const format = formatOf(start);
    if (format === 'plain') return all;
    if (depth === MAX_LAYERS) {
      const what = `The data is compressed more than ${MAX_LAYERS} times. Decompress it (gunzip) and use what is in it.`;
      throw new CompressionError(0, what);
    }
    // What the layer opens first has been opened already, to look into it.
    let next: AsyncGenerator<Uint8Array> | null = all;
    const inside: Open = () => {
      const begun = next ?? open();
      next = null;
      return decompressLayer(begun, open, format, small);
    };
    return await undoLayers(inside, depth + 1, small);
  } catch (error) {
    await all.return(undefined);
    throw error;
  }
}

/**
 * The bytes of a file, decompressed if they are gzip or zlib (also twice) and as they are if not.
 * @param open opens the file, from its beginning at each call: what the platform's reader cannot read is read again.
 * @throws CompressionError when compressed data is damaged, cut off, or of a kind that cannot be read; errors of the
 * file itself pass through.
 */
export async function* readDecompressed(
  open: () => ReadableStream<Uint8Array>,
  { small = SMALL }: DecompressOptions = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  yield* await undoLayers(() => chunksOf(open()), 0, small);
}
