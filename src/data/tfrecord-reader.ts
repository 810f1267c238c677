/**
 * The records of several TFRecord files as one stream: decompression, framing, shuffling, repetition, progress, and an account
 * of what could not be read. Memory holds one chunk, one record and the shuffle buffer.
 */
import { chunksOf, streamOf } from '../formats/gzip.ts';
import { CompressionError, readDecompressed } from '../formats/compression.ts';
import { TfRecordError, TfRecordParser, type TfRecord } from '../formats/tfrecord.ts';
import { BadRecordError, DataReadError } from './data-read-error.ts';
import { isInShare, type Share } from './held-out.ts';
import { Random } from './random.ts';
import { readUpTo, WantedRecords } from './record-fetch.ts';
import { ShuffleBuffer, shuffled } from './shuffle.ts';
import {
  positionFor,
  StreamPositionError,
  type FilesPosition,
  type StreamPosition,
} from './stream-position.ts';

/** A file to read, on a disk, in a browser's File, or behind a URL. */
export interface RecordFile {
  readonly name: string;
  /** Bytes as stored, for progress; 0 when unknown. */
  readonly size: number;
  stream(): ReadableStream<Uint8Array>;
}

export interface ReadProgress {
  readonly file: string;
  /** Passes over all files that are complete. */
  readonly epoch: number;
  /** Stored bytes of this pass, read and in all. */
  readonly bytesRead: number;
  readonly bytesTotal: number;
  /** Since the beginning: records read and records (or damaged rests of files) that could not be. */
  readonly records: number;
  readonly badRecords: number;
}

export interface RecordReaderOptions {
  /** Which records to give; bad ones are told of whatever share they would be in. */
  readonly share: Share;
  readonly shuffle: { readonly seed: number; readonly bufferSize: number } | null;
  readonly repeat: boolean;
  /** Whether bad records are counted and skipped instead of ending the data. */
  readonly ignoreErrors: boolean;
  /** Where to go on: with another reader's position of the same files. */
  readonly at?: StreamPosition | null;
  readonly onProgress?: (progress: ReadProgress) => void;
  readonly signal?: AbortSignal;
}

export interface SourceRecord {
  readonly file: string;
  /** The file's place in the order given, which shuffling does not change. */
  readonly number: number;
  readonly index: number;
  readonly offset: number;
  readonly payload: Uint8Array;
}

/** Positions that these files cannot be opened at. @throws StreamPositionError saying why. */
function checkPosition(at: FilesPosition, files: number, shuffle: RecordReaderOptions['shuffle']): void {
  const same = "Use the run's own files and data section.";
  if (at.files !== files)
    throw new StreamPositionError(`it read ${at.files} files, here are ${files}. ${same}`);
  if ((at.random === null) !== (shuffle === null)) {
    const how = at.random ? 'shuffled' : 'in order';
    throw new StreamPositionError(`it read the files ${how}, which they now are not. ${same}`);
  }
  if (at.buffer.length > 0 && at.buffer.length / 2 > (shuffle?.bufferSize ?? 0)) {
    const held = at.buffer.length / 2;
    const what = `its shuffle buffer holds ${held} examples, examples_shuffle_buffer_size is less. ${same}`;
    throw new StreamPositionError(what);
  }
}

/** Bad records that are kept by name; the rest is only counted. */
const MAX_NAMED = 100;

export class RecordReader {
  readonly #files: readonly RecordFile[];
  readonly #options: RecordReaderOptions;
  readonly #random: Random | null;
  readonly #buffer: ShuffleBuffer<SourceRecord> | null;
  readonly #bad: BadRecordError[] = [];
  #badCount = 0;
  /** Files still to open in this pass, by their numbers. */
  #queue: readonly number[] = [];
  #file: RecordFile | null = null;
  #number = 0;
  #chunks: AsyncGenerator<Uint8Array, void, undefined> | null = null;
  #parser = new TfRecordParser();
  /** A position to go to before anything else. */
  #goal: FilesPosition | null;
  #started = false;
  #ended = false;
  #disposed = false;
  #epoch = 0;
  #bytesRead = 0;
  /** Of `#bytesRead`, those of files before the current one. */
  #bytesBehind = 0;
  #records = 0;
  #goodInEpoch = 0;
  #badInARow = 0;
  #spare: ArrayBuffer | null = null;
  #lent: ArrayBuffer | null = null;

  /** @throws RangeError when there is no file, StreamPositionError for a position of other files. */
  constructor(files: readonly RecordFile[], options: RecordReaderOptions) {
    if (files.length === 0) throw new RangeError('There is no data file to read. Add one.');
    this.#files = files;
    this.#options = options;
    const { shuffle } = options;
    const at = positionFor('files', options.at);
    if (at) checkPosition(at, files.length, shuffle);
    this.#goal = at;
    this.#random = shuffle && (at?.random ? Random.restore(at.random) : new Random(shuffle.seed));
    this.#buffer = this.#random && new ShuffleBuffer(shuffle?.bufferSize ?? 0, this.#random);
  }

  /** The first hundred bad records. */
  get badRecords(): readonly BadRecordError[] {
    return this.#bad;
  }

  /** How many bad records there were in all; a damaged rest of a file counts as one. */
  get badCount(): number {
    return this.#badCount;
  }

  /** Where this reader goes on behind the last record taken. */
  position(): FilesPosition {
    if (this.#goal) return this.#goal;
    const reading = this.#chunks !== null;
    const buffer: number[] = [];
    for (const { number, index } of this.#buffer?.items ?? []) buffer.push(number, index);
    return {
      kind: 'files',
      phase: this.#ended ? 'end' : this.#started ? 'reading' : 'start',
      files: this.#files.length,
      epoch: this.#epoch,
      queue: this.#queue,
      file: reading ? this.#number : null,
      record: reading ? this.#parser.record : 0,
      random: this.#random?.getState() ?? null,
      buffer,
      bytesBehind: reading ? this.#bytesBehind : this.#bytesRead,
      records: this.#records,
      badCount: this.#badCount,
      goodInEpoch: this.#goodInEpoch,
      badInARow: this.#badInARow,
    };
  }

  /**
   * The next record. Its payload is valid until the next call.
   * @throws DataReadError at a bad record that is not ignored, and when a whole pass gave no record; errors of the files
   * themselves as they are.
   */
  async next(): Promise<SourceRecord | null> {
    for (;;) {
      const record = this.take();
      if (record) return record;
      if (!(await this.advance())) return null;
    }
  }

  /** The next record that is already in memory, or null: then `advance`. Spares a promise per record. */
  take(): SourceRecord | null {
    for (;;) {
      const record = this.#parse();
      if (!record) return this.#ended ? (this.#buffer?.drain() ?? null) : null;
      if (!this.#buffer) return record;
      const out = this.#buffer.push({ ...record, payload: this.#copy(record.payload) });
      if (out) return this.#lend(out);
    }
  }

  /** Reads on. False when all data has been read and taken. */
  async advance(): Promise<boolean> {
    this.#options.signal?.throwIfAborted();
    if (this.#goal) return this.#goTo(this.#goal);
    if (this.#ended) return (this.#buffer?.length ?? 0) > 0;
    if (!this.#chunks && !this.#open()) return (this.#buffer?.length ?? 0) > 0;
    const file = this.#file!;
    try {
      const { done, value } = await this.#chunks!.next();
      if (!done) this.#parser.push(value);
      else {
        this.#close();
        this.#parser.end();
      }
    } catch (error) {
      this.#close();
      if (error instanceof CompressionError) {
        // Every whole record before the damage has been taken, so the parser stands at the first that is not whole.
        const { record, offset } = this.#parser;
        const what = `from record ${record} at byte ${offset} of the uncompressed data on: ${error.message}`;
        this.#report(new BadRecordError(file.name, { record, offset }, what, error));
      } else if (error instanceof TfRecordError) {
        this.#report(new BadRecordError(file.name, error, error.message, error));
      } else throw error;
    }
    this.#progress(file);
    return true;
  }

  /**
   * Says that a record that was taken could not be decoded.
   * @throws DataReadError unless bad records are ignored.
   */
  reject(record: SourceRecord, reason: Error): void {
    const what = `record ${record.index} at byte ${record.offset} of the uncompressed data: ${reason.message}`;
    const at = { record: record.index, offset: record.offset };
    this.#report(new BadRecordError(record.file, at, what, reason));
    // With repetition, a file of which no record can be decoded would be read for ever.
    this.#badInARow++;
    if (
      this.#epoch > 0 &&
      this.#badInARow > 2 * (this.#records / this.#epoch + (this.#buffer?.length ?? 0))
    ) {
      throw new DataReadError(record.file, `no record could be decoded. The last: ${reason.message}`, reason);
    }
  }

  /** Says that a record that was taken was good. */
  accept(): void {
    this.#badInARow = 0;
  }

  dispose(): void {
    this.#disposed = true;
    this.#goal = null;
    this.#ended = true;
    this.#buffer?.clear();
    this.#parser = new TfRecordParser();
    this.#close();
  }

  /** A copy in the memory of a record that has left the shuffle buffer, if it fits: most have nearly one size. */
  #copy(payload: Uint8Array): Uint8Array {
    let memory = this.#spare;
    if (!memory || memory.byteLength < payload.length)
      memory = new ArrayBuffer(Math.ceil(payload.length / 256) * 256);
    else this.#spare = null;
    const copy = new Uint8Array(memory, 0, payload.length);
    copy.set(payload);
    return copy;
  }

  /** Hands a record out of the shuffle buffer; its memory is free again when the next one is handed out. */
  #lend(record: SourceRecord): SourceRecord {
    this.#spare = this.#lent;
    this.#lent = record.payload.buffer as ArrayBuffer;
    return record;
  }

  #parse(): SourceRecord | null {
    for (;;) {
      const file = this.#file;
      if (!file) return null;
      try {
        const record = this.#parser.next();
        if (!record) break;
        this.#records++;
        if (!isInShare(this.#options.share, this.#number, record.index)) continue;
        this.#goodInEpoch++;
        return { file: file.name, number: this.#number, ...record };
      } catch (error) {
        if (!(error instanceof TfRecordError)) throw error;
        if (!error.skippable) this.#close();
        this.#report(new BadRecordError(file.name, error, error.message, error));
      }
    }
    return null;
  }

  #open(): boolean {
    if (this.#queue.length === 0) {
      if (this.#started) {
        this.#epoch++;
        if (this.#goodInEpoch === 0 || !this.#options.repeat) {
          this.#ended = true;
          if (this.#goodInEpoch === 0 && this.#options.repeat) {
            const names = this.#files.map((file) => file.name).join(', ');
            throw new DataReadError(names, 'there is no readable record. Use other files.');
          }
          return false;
        }
      }
      this.#started = true;
      this.#goodInEpoch = 0;
      this.#bytesRead = 0;
      const numbers = [...this.#files.keys()];
      this.#queue = this.#random ? shuffled(numbers, this.#random) : numbers;
    }
    const [number, ...rest] = this.#queue;
    this.#queue = rest;
    this.#openFile(number!);
    return true;
  }

  #openFile(number: number): AsyncGenerator<Uint8Array, void, undefined> {
    const file = this.#files[number]!;
    this.#file = file;
    this.#number = number;
    this.#bytesBehind = this.#bytesRead;
    this.#parser = new TfRecordParser();
    return (this.#chunks = readDecompressed(() => streamOf(this.#counted(file))));
  }

  /**
   * Stands where another reader stood: reads the current file up to its record and fetches the shuffle buffer's records
   * again, which costs no more than that file and one pass, whatever the number of passes before.
   */
  async #goTo(at: FilesPosition): Promise<boolean> {
    const check = () => {
      this.#options.signal?.throwIfAborted();
      if (this.#disposed) throw new StreamPositionError('it was closed meanwhile.');
    };
    const wanted = new WantedRecords<SourceRecord>(at.buffer, (number, record) => ({
      ...record,
      file: this.#files[number]!.name,
      number,
      payload: this.#copy(record.payload),
    }));
    this.#bytesRead = at.bytesBehind;
    try {
      if (at.file !== null) {
        const { file: number, record: until } = at;
        const each = (record: TfRecord) => wanted.offer(number, record);
        const chunks = this.#openFile(number);
        await readUpTo(this.#file!.name, this.#parser, chunks, { until, each, check });
      }
      this.#buffer?.restore(await wanted.fetch(this.#files, check));
    } catch (error) {
      this.#close();
      if (this.#disposed) return false;
      throw error;
    }
    this.#goal = null;
    this.#queue = at.queue;
    this.#started = at.phase !== 'start';
    this.#ended = at.phase === 'end';
    this.#epoch = at.epoch;
    this.#records = at.records;
    this.#badCount = at.badCount;
    this.#goodInEpoch = at.goodInEpoch;
    this.#badInARow = at.badInARow;
    return true;
  }

  async *#counted(file: RecordFile): AsyncGenerator<Uint8Array> {
    // What is read a second time (compression.ts) does not count again.
    let read = 0;
    for await (const chunk of chunksOf(file.stream())) {
      read += chunk.length;
      this.#bytesRead = Math.max(this.#bytesRead, this.#bytesBehind + read);
      yield chunk;
    }
  }

  #close(): void {
    const chunks = this.#chunks;
    this.#chunks = null;
    // Closing cancels the file's stream; it cannot fail in a way that matters any more.
    chunks?.return().catch(() => undefined);
  }

  #report(error: BadRecordError): void {
    this.#badCount++;
    if (this.#bad.length < MAX_NAMED) this.#bad.push(error);
    if (this.#options.ignoreErrors) return;
    this.#ended = true;
    this.#close();
    throw error;
  }

  #progress(file: RecordFile): void {
    this.#options.onProgress?.({
      file: file.name,
      epoch: this.#epoch,
      bytesRead: this.#bytesRead,
      bytesTotal: this.#files.reduce((sum, { size }) => sum + size, 0),
      records: this.#records,
      badRecords: this.#badCount,
    });
  }
}
