/**
 * Zip archives larger than memory: written file after file as a stream, read from their directory by ranges. Reading
 * trusts nothing that the archive claims: sizes, places and checksums are checked, and what a file unpacks to is never
 * more than its entry says.
 */
import { Zip, ZipDeflate, ZipPassThrough } from 'fflate';
import { crc32 } from './crc32c.ts';
import { Inflate, InflateError } from './inflate.ts';
import { INCOMPRESSIBLE, MODIFIED, ZipError } from './zip.ts';

/** The format without its 64-bit form, which not every reader has. */
const MAX_BYTES = 0xffff_ffff;
const MAX_ENTRIES = 10_000;
const PIECE = 1 << 20;
const END_BYTES = 22;
const MAX_COMMENT = 0xffff;
const DIRECTORY_BYTES = 46;
const LOCAL_BYTES = 30;
const COPY_AGAIN = 'Copy the file again.';

/** Bytes that can be read anywhere: a Blob, a file. */
export interface ZipSource {
  readonly size: number;
  read(from: number, to: number): Promise<Uint8Array<ArrayBuffer>>;
}

export function blobSource(blob: Blob): ZipSource {
  return {
    size: blob.size,
    read: async (from, to) => new Uint8Array(await blob.slice(from, to).arrayBuffer()),
  };
}

export interface ZipFile {
  readonly path: string;
  readonly content: AsyncIterable<Uint8Array>;
}

/**
 * An archive of files, in pieces as they come.
 * @throws ZipError where it would have more than 4 GiB.
 */
export async function* zipPieces(
  files: AsyncIterable<ZipFile>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  let ready: Uint8Array<ArrayBuffer>[] = [];
  let total = 0;
  const zip = new Zip((error, piece) => {
    if (error) throw error;
    ready.push(new Uint8Array(piece));
    total += piece.length;
  });
  const taken = (path: string): Uint8Array<ArrayBuffer>[] => {
    if (total > MAX_BYTES) {
      throw new ZipError(
        `${path}: the archive would have more than 4 GiB. Put fewer runs or checkpoints in it.`,
      );
    }
    const pieces = ready;
    ready = [];
    return pieces;
  };
  for await (const { path, content } of files) {
    const entry = INCOMPRESSIBLE.test(path) ? new ZipPassThrough(path) : new ZipDeflate(path, { level: 6 });
    entry.mtime = MODIFIED;
    zip.add(entry);
    let size = 0;
    for await (const piece of content) {
      size += piece.length;
      if (size > MAX_BYTES)
        throw new ZipError(`${path}: it has more than 4 GiB, the most that a zip file holds.`);
      entry.push(piece);
      yield* taken(path);
    }
    entry.push(new Uint8Array(0), true);
    yield* taken(path);
  }
  zip.end();
  yield* taken('directory');
}

/** A file of an archive, as its directory describes it. */
export interface ZipEntry {
  readonly path: string;
  /** Bytes unpacked, and in the archive. */
  readonly size: number;
  readonly packed: number;
  readonly stored: boolean;
  readonly crc: number;
  /** Where its local header begins. */
  readonly at: number;
}

/**
 * The files of an archive, folders left out.
 * @throws ZipError for what is no archive, a damaged one, and one with names twice, files that overlap, encryption, 64-bit
 * sizes or another compression than DEFLATE.
 */
export async function zipEntries(source: ZipSource): Promise<ZipEntry[]> {
  const { start, bytes, count } = await directoryOf(source);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const entries = new Map<string, ZipEntry>();
  const folders: ZipEntry[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + DIRECTORY_BYTES > bytes.length || view.getUint32(at, true) !== 0x02014b50) {
      throw new ZipError(`The zip's directory is damaged at its entry ${i + 1}. ${COPY_AGAIN}`);
    }
    const nameLength = view.getUint16(at + 28, true);
    const nameEnd = at + DIRECTORY_BYTES + nameLength;
    if (nameEnd > bytes.length) throw new ZipError(`The zip's directory is cut off. ${COPY_AGAIN}`);
    const path = new TextDecoder().decode(bytes.subarray(at + DIRECTORY_BYTES, nameEnd));
    const method = view.getUint16(at + 10, true);
    const entry = {
      path,
      size: view.getUint32(at + 24, true),
      packed: view.getUint32(at + 20, true),
      stored: method === 0,
      crc: view.getUint32(at + 16, true),
      at: view.getUint32(at + 42, true),
    };
    checkEntry(entry, method, view.getUint16(at + 8, true), start);
    if (entries.has(path)) throw new ZipError(`${said(path)} is in the zip twice. Pack it again.`);
    if (path.endsWith('/')) folders.push(entry);
    else entries.set(path, entry);
    at = nameEnd + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  checkPlaces([...entries.values(), ...folders], start);
  return [...entries.values()];
}

function checkEntry(
  { path, size, packed, stored, at }: ZipEntry,
  method: number,
  flags: number,
  end: number,
): void {
  if ((flags & 1) !== 0) throw new ZipError(`${said(path)} is encrypted. Pack it without a password.`);
  if (method !== 0 && method !== 8) {
    throw new ZipError(`${said(path)} is packed by method ${method}. Pack it as an ordinary zip (deflate).`);
  }
  if ([size, packed, at].includes(MAX_BYTES)) {
    throw new ZipError(`${said(path)} has 64-bit sizes. Pack fewer runs, so that it stays below 4 GiB.`);
  }
  if (at + LOCAL_BYTES + packed > end || (stored && size !== packed)) {
    throw new ZipError(`${said(path)}: its sizes do not fit the zip. ${COPY_AGAIN}`);
  }
}

/** Archives whose files share bytes unpack to far more than they are. */
function checkPlaces(entries: readonly ZipEntry[], end: number): void {
  const sorted = entries.toSorted((a, b) => a.at - b.at);
  for (const [i, { path, at, packed }] of sorted.entries()) {
    if (at + LOCAL_BYTES + packed > (sorted[i + 1]?.at ?? end)) {
      throw new ZipError(`${said(path)} overlaps what comes behind it in the zip. ${COPY_AGAIN}`);
    }
  }
}

async function directoryOf(
  source: ZipSource,
): Promise<{ start: number; bytes: Uint8Array<ArrayBuffer>; count: number }> {
  const from = Math.max(0, source.size - END_BYTES - MAX_COMMENT);
  const tail = await source.read(from, source.size);
  const view = new DataView(tail.buffer, tail.byteOffset, tail.length);
  for (let at = tail.length - END_BYTES; at >= 0; at--) {
    if (view.getUint32(at, true) !== 0x06054b50) continue;
    if (at + END_BYTES + view.getUint16(at + 20, true) !== tail.length) continue;
    const count = view.getUint16(at + 10, true);
    const length = view.getUint32(at + 12, true);
    const start = view.getUint32(at + 16, true);
    if (start === MAX_BYTES || count === 0xffff) {
      throw new ZipError('The zip has 64-bit sizes. Pack fewer runs, so that it stays below 4 GiB.');
    }
    if (count > MAX_ENTRIES) throw new ZipError(`The zip has ${count} files, more than ${MAX_ENTRIES}.`);
    if (start + length > from + at) throw new ZipError(`The zip's directory is cut off. ${COPY_AGAIN}`);
    return { start, bytes: await source.read(start, start + length), count };
  }
  const begin = await source.read(0, 2);
  throw new ZipError(
    begin[0] === 0x50 && begin[1] === 0x4b
      ? `The zip is cut off: it has no directory at its end. ${COPY_AGAIN}`
      : 'This is no zip file.',
  );
}

/**
 * A file's content in pieces.
 * @throws ZipError when it is damaged, or is not as long as its entry says.
 */
export async function* zipContent(
  source: ZipSource,
  entry: ZipEntry,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const damaged = (how: string) =>
    new ZipError(`${said(entry.path)} is damaged in the zip: ${how}. ${COPY_AGAIN}`);
  const head = await source.read(entry.at, entry.at + LOCAL_BYTES);
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  if (head.length < LOCAL_BYTES || view.getUint32(0, true) !== 0x04034b50)
    throw damaged('it does not begin where it should');
  const start = entry.at + LOCAL_BYTES + view.getUint16(26, true) + view.getUint16(28, true);
  const pieces = piecesOf(source, start, start + entry.packed);
  let crc = 0;
  let size = 0;
  try {
    for await (const piece of entry.stored ? pieces : inflated(pieces)) {
      size += piece.length;
      if (size > entry.size) throw damaged(`it unpacks to more than the ${entry.size} bytes it says`);
      crc = crc32(piece, crc);
      yield piece;
    }
  } catch (error) {
    throw error instanceof InflateError ? damaged(error.message) : error;
  }
  if (size !== entry.size) throw damaged(`it has ${size} of ${entry.size} bytes`);
  if (crc !== entry.crc) throw damaged('its checksum differs');
}

async function* piecesOf(
  source: ZipSource,
  from: number,
  to: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let at = from; at < to; at += PIECE) yield await source.read(at, Math.min(to, at + PIECE));
}

async function* inflated(
  packed: AsyncGenerator<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const inflate = new Inflate();
  for (;;) {
    const state = inflate.step();
    if (inflate.output.length > 0) yield new Uint8Array(inflate.output);
    if (state === 'end') return;
    if (state === 'output') continue;
    const { done, value } = await packed.next();
    inflate.push(done ? new Uint8Array(0) : value, done === true);
  }
}

function said(path: string): string {
  return JSON.stringify(path.length > 80 ? `${path.slice(0, 80)}…` : path);
}
