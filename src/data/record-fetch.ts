/** Going to records by their numbers: what stands before is framed and checked, not decoded. */
import { CompressionError, readDecompressed } from '../formats/compression.ts';
import { TfRecordError, TfRecordParser, type TfRecord } from '../formats/tfrecord.ts';
import { StreamPositionError } from './stream-position.ts';

const MEND = "Use the run's own files, unchanged.";

/** Something to read bytes of, under a name. */
interface Readable {
  readonly name: string;
  stream(): ReadableStream<Uint8Array>;
}

export interface ReadUpTo {
  /** Number of the record to stop at. */
  readonly until: number;
  /** Is given the good records before it; a payload is valid during the call. */
  readonly each: (record: TfRecord) => void;
  /** Called at every chunk: throws when nobody wants the records any more. */
  readonly check: () => void;
}

/**
 * Reads on until the parser stands at a record. Bad records before it are passed over: they have been told of.
 * @param name of the file, for messages.
 * @throws StreamPositionError when the file ends or is damaged before; errors of the file itself and of `check` as they
 * are.
 */
export async function readUpTo(
  name: string,
  parser: TfRecordParser,
  chunks: AsyncIterator<Uint8Array>,
  { until, each, check }: ReadUpTo,
): Promise<void> {
  while (parser.record < until) {
    try {
      const record = parser.next();
      if (record) {
        each(record);
        continue;
      }
      const { done, value } = await chunks.next();
      check();
      if (done) {
        const what = `${name} has ${parser.record} records, the run was at record ${until}. ${MEND}`;
        throw new StreamPositionError(what);
      }
      parser.push(value);
    } catch (error) {
      if (error instanceof TfRecordError && error.skippable) continue;
      if (!(error instanceof TfRecordError || error instanceof CompressionError)) throw error;
      throw new StreamPositionError(`${name}: ${error.message}`, error);
    }
  }
}

/** The same from a file's beginning. */
export async function readFileUpTo(file: Readable, options: ReadUpTo): Promise<void> {
  const chunks = readDecompressed(() => file.stream());
  try {
    await readUpTo(file.name, new TfRecordParser(), chunks, options);
  } finally {
    await chunks.return();
  }
}

/** Records wanted by file and number, each for one or more places of a list. */
export class WantedRecords<T> {
  readonly #places = new Map<number, Map<number, number[]>>();
  readonly #make: (file: number, record: TfRecord) => T;
  readonly #items: T[] = [];

  /**
   * @param wanted file, record, file, record and so on.
   * @param make makes an item of a record, whose payload it must copy; a record that is wanted twice is made twice.
   */
  constructor(wanted: readonly number[], make: (file: number, record: TfRecord) => T) {
    this.#make = make;
    for (let i = 0; i < wanted.length; i += 2) {
      const [file, record] = [wanted[i]!, wanted[i + 1]!];
      let records = this.#places.get(file);
      if (!records) this.#places.set(file, (records = new Map<number, number[]>()));
      const places = records.get(record);
      if (places) places.push(i / 2);
      else records.set(record, [i / 2]);
    }
  }

  /** Takes a record, if it is wanted and has not come before. */
  offer(file: number, record: TfRecord): void {
    const records = this.#places.get(file);
    const places = records?.get(record.index);
    if (!records || !places) return;
    for (const place of places) this.#items[place] = this.#make(file, record);
    records.delete(record.index);
    if (records.size === 0) this.#places.delete(file);
  }

  /**
   * Reads what has not been offered, each file once and no further than it must.
   * @returns the items in the order wanted.
   * @throws StreamPositionError when a record is not there or damaged.
   */
  async fetch(files: readonly Readable[], check: () => void): Promise<T[]> {
    for (const [number, records] of this.#places) {
      const until = [...records.keys()].reduce((last, record) => Math.max(last, record), -1) + 1;
      const each = (record: TfRecord) => this.offer(number, record);
      await readFileUpTo(files[number]!, { until, each, check });
      for (const [record] of this.#places.get(number) ?? []) {
        throw new StreamPositionError(`record ${record} of ${files[number]!.name} is damaged. ${MEND}`);
      }
    }
    return this.#items;
  }
}
