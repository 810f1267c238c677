/**
 * TFRecord: a file of length-prefixed, checksummed records, read and written as a stream. A record is its length (u64),
 * the length's masked CRC-32C (u32), the payload, the payload's masked CRC-32C (u32), all little endian.
 */
import { crc32cOf, maskCrc } from './crc32c.ts';

const HEADER = 12;
const FOOTER = 4;

/** Longest payload that is believed unless the reader says otherwise; production's record has about 30 kB. */
export const DEFAULT_MAX_RECORD_BYTES = 64 * 1024 * 1024;

/** Whether bytes begin as a record does: with a length and its checksum. */
export function isTfRecordStart(bytes: Uint8Array): boolean {
  if (bytes.length < HEADER) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return maskCrc(crc32cOf(view, 0, 8)) === view.getUint32(8, true);
}

export type TfRecordErrorKind = 'truncated' | 'length-crc' | 'data-crc' | 'too-long';

const MEND: Record<TfRecordErrorKind, string> = {
  truncated: 'The file is cut off: copy or download it again.',
  'length-crc':
    'The bytes here are no record header: the file is damaged from here on, or it is no TFRecord file. Copy it again.',
  'data-crc': 'The record is damaged: copy the file again, or set ignore_data_errors to skip the record.',
  'too-long': 'Split it into smaller records, or raise the reader’s limit.',
};

/** A record that cannot be read. `offset` is that of the record's first byte in the uncompressed stream. */
export class TfRecordError extends Error {
  override readonly name = 'TfRecordError';
  readonly kind: TfRecordErrorKind;
  readonly record: number;
  readonly offset: number;

  constructor(kind: TfRecordErrorKind, record: number, offset: number, what: string) {
    super(`Record ${record} at byte ${offset} of the uncompressed data: ${what}. ${MEND[kind]}`);
    this.kind = kind;
    this.record = record;
    this.offset = offset;
  }

  /** Whether the records behind this one can still be read. */
  get skippable(): boolean {
    return this.kind === 'data-crc';
  }
}

export interface TfRecord {
  /** Position in the file, from 0. */
  readonly index: number;
  /** Offset of the record's first header byte in the uncompressed stream. */
  readonly offset: number;
  /** The payload, a view that is valid until the next `push` (of the parser) or the next step (of the reader). */
  readonly payload: Uint8Array;
}

/**
 * The reader's core, without I/O: push chunks of any size, take records out. It holds no more than one record and one
 * chunk, and allocates for bytes that have arrived, never for a length that a header claims.
 */
export class TfRecordParser {
  readonly #maxRecordBytes: number;
  #buffer = new Uint8Array(64 * 1024);
  #view = new DataView(this.#buffer.buffer);
  #start = 0;
  #end = 0;
  #offset = 0;
  #record = 0;
  #closed = false;

  constructor(options: { readonly maxRecordBytes?: number } = {}) {
    this.#maxRecordBytes = options.maxRecordBytes ?? DEFAULT_MAX_RECORD_BYTES;
  }

  /** Whether an error has ended the file: nothing after it can be trusted. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Index of the record that `next` looks for. */
  get record(): number {
    return this.#record;
  }

  /** Offset, in the uncompressed stream, of the record that `next` looks for. */
  get offset(): number {
    return this.#offset;
  }

  /** Adds the stream's next bytes. They are copied, so the chunk may be reused. */
  push(chunk: Uint8Array): void {
    if (this.#closed) return;
    const kept = this.#end - this.#start;
    if (this.#end + chunk.length > this.#buffer.length) {
      if (kept + chunk.length > this.#buffer.length) {
        const grown = new Uint8Array(Math.max(2 * this.#buffer.length, kept + chunk.length));
        grown.set(this.#buffer.subarray(this.#start, this.#end));
        this.#buffer = grown;
        this.#view = new DataView(grown.buffer);
      } else {
        this.#buffer.copyWithin(0, this.#start, this.#end);
      }
      this.#start = 0;
      this.#end = kept;
    }
    this.#buffer.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /**
   * The next record, or null when more bytes are needed.
   * @throws TfRecordError; after a skippable one the next call goes on behind the bad record, after any other it gives null.
   */
  next(): TfRecord | null {
    const available = this.#end - this.#start;
    if (this.#closed || available < HEADER) return null;
    const view = this.#view;
    const start = this.#start;
    if (maskCrc(crc32cOf(view, start, start + 8)) !== view.getUint32(start + 8, true)) {
      throw this.#fail('length-crc', 'the checksum of its length is wrong');
    }
    const length = view.getUint32(start, true) + view.getUint32(start + 4, true) * 4294967296;
    if (length > this.#maxRecordBytes) {
      throw this.#fail(
        'too-long',
        `it claims ${length} bytes, more than the limit of ${this.#maxRecordBytes}`,
      );
    }
    const total = HEADER + length + FOOTER;
    if (available < total) return null;
    const index = this.#record++;
    const offset = this.#offset;
    const dataEnd = start + HEADER + length;
    this.#start += total;
    this.#offset += total;
    if (maskCrc(crc32cOf(view, start + HEADER, dataEnd)) !== view.getUint32(dataEnd, true)) {
      throw new TfRecordError(
        'data-crc',
        index,
        offset,
        `the checksum of its ${length} bytes of data is wrong`,
      );
    }
    return { index, offset, payload: this.#buffer.subarray(start + HEADER, dataEnd) };
  }

  /** Says that the stream has ended. @throws TfRecordError when it ended inside a record. */
  end(): void {
    const left = this.#end - this.#start;
    if (this.#closed || left === 0) return;
    throw this.#fail('truncated', `the data ends ${left} bytes into it`);
  }

  #fail(kind: TfRecordErrorKind, what: string): TfRecordError {
    this.#closed = true;
    return new TfRecordError(kind, this.#record, this.#offset, what);
  }
}

export interface ReadOptions {
  readonly maxRecordBytes?: number;
  /** Called for each bad record: return true to go on (behind it, or at the end where nothing more can be trusted). */
  readonly onBadRecord?: (error: TfRecordError) => boolean;
}

/**
 * The records of an uncompressed TFRecord stream, in order. A payload is valid until the next step of the iteration.
 * @throws TfRecordError at the first bad record that `onBadRecord` does not allow to pass.
 */
export async function* readTfRecords(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: ReadOptions = {},
): AsyncGenerator<TfRecord, void, undefined> {
  const parser = new TfRecordParser(options);
  const attempt = (step: () => TfRecord | null | void): TfRecord | 'skipped' | null => {
    try {
      return step() ?? null;
    } catch (error) {
      if (error instanceof TfRecordError && options.onBadRecord?.(error)) return 'skipped';
      throw error;
    }
  };
  for await (const chunk of chunks) {
    parser.push(chunk);
    for (;;) {
      const record = attempt(() => parser.next());
      if (record === null) break;
      if (record !== 'skipped') yield record;
    }
    if (parser.closed) return;
  }
  attempt(() => parser.end());
}

/** Number of bytes that a payload of the given length takes in a file. */
export function framedSize(payloadLength: number): number {
  return HEADER + payloadLength + FOOTER;
}

/**
 * Frames a payload that already stands at `start + 12` of a buffer, by writing the header before and the checksum
 * behind it. The buffer must have room up to `start + framedSize(payloadLength)`.
 */
export function frameInPlace(view: DataView, start: number, payloadLength: number): void {
  view.setUint32(start, payloadLength, true);
  view.setUint32(start + 4, Math.floor(payloadLength / 4294967296), true);
  view.setUint32(start + 8, maskCrc(crc32cOf(view, start, start + 8)), true);
  const end = start + HEADER + payloadLength;
  view.setUint32(end, maskCrc(crc32cOf(view, start + HEADER, end)), true);
}

/** Offset of the payload from the start of its frame. */
export const PAYLOAD_OFFSET = HEADER;

/** One payload as a framed record. */
export function encodeTfRecord(payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(framedSize(payload.length));
  out.set(payload, HEADER);
  frameInPlace(new DataView(out.buffer), 0, payload.length);
  return out;
}
