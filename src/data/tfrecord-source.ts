/** TFRecord files as RecapBatches: records decoded straight into a block's rows, then preprocessed and assembled. */
import { ExampleDecoder } from '../formats/example-decoder.ts';
import { TfExampleError } from '../formats/tf-example.ts';
import { blockSource, type BlockSourceOptions, type RowStream } from './batching.ts';
import { DataNotes } from './data-notes.ts';
import { RawBlock } from './example.ts';
import type { Share } from './held-out.ts';
import type { BadRecordError } from './data-read-error.ts';
import type { DataPlan } from './layout.ts';
import type { BatchSource } from './recap-batch.ts';
import type { StreamPosition } from './stream-position.ts';
import { RecordReader, type ReadProgress, type RecordFile, type SourceRecord } from './tfrecord-reader.ts';

export { BadRecordError, DataReadError } from './data-read-error.ts';
export type { ReadProgress, RecordFile } from './tfrecord-reader.ts';
export { encodeTfRecords, writeTfRecords, type WriteProgress } from './tfrecord-write.ts';

export interface TfRecordSourceOptions extends BlockSourceOptions {
  /** In order; the configuration's num_files_to_keep takes the first of them. */
  readonly files: readonly RecordFile[];
  /** Which of the records to read; all by default. */
  readonly share?: Share;
  /** Shuffles the files and, within a buffer of records, the examples; null keeps the order. */
  readonly shuffle: { readonly seed: number; readonly bufferSize: number } | null;
  /** Whether to begin again at the end; batches then run across the seam. */
  readonly repeat: boolean;
  /** Where to go on. */
  readonly at?: StreamPosition | null;
  readonly onProgress?: (progress: ReadProgress) => void;
  readonly signal?: AbortSignal;
}

export interface TfRecordSource extends BatchSource {
  /** The first hundred records that were skipped, because the configuration says ignore_data_errors. */
  readonly badRecords: readonly BadRecordError[];
  /** How many were skipped in all. */
  readonly badCount: number;
  /** What is to be said of the records read so far, each thing once: absent features, labels other than 0 and 1. */
  readonly notes: readonly string[];
}

function fillFrom(reader: RecordReader, notes: DataNotes): (block: RawBlock) => Promise<void> {
  let decoder: ExampleDecoder | null = null;
  let decoded: RawBlock | null = null;
  let current: SourceRecord | null = null;
  return async (block) => {
    if (!decoder || decoded !== block) {
      const columns = block.decodedColumns;
      const silent = new Set(columns.filter(({ optional }) => optional).map(({ feature }) => feature));
      decoder = new ExampleDecoder(columns, ({ feature }) => {
        if (current && !silent.has(feature)) notes.absent(feature, current);
      });
    }
    decoded = block;
    while (block.filled < block.capacity) {
      const record = reader.take();
      if (!record) {
        if (await reader.advance()) continue;
        return;
      }
      current = record;
      try {
        decoder.decode(record.payload, block.filled);
        if (block.records) block.records[block.filled] = record.index;
        block.filled++;
        reader.accept();
      } catch (error) {
        if (!(error instanceof TfExampleError)) throw error;
        reader.reject(record, error);
      }
    }
  };
}

function readerOf(plan: DataPlan, options: TfRecordSourceOptions): RecordReader {
  const files = options.files.slice(0, plan.config.num_files_to_keep ?? options.files.length);
  return new RecordReader(files, {
    ...options,
    share: options.share ?? 'all',
    ignoreErrors: plan.config.ignore_data_errors,
  });
}

/**
 * Batches from TFRecord files, gzip-compressed or not. `next` rejects with a DataReadError naming file, record and
 * byte at the first bad record, unless the configuration says ignore_data_errors; and with a StreamPositionError when
 * the files are too short or too damaged to go on in.
 * @throws RangeError when there is no file, StreamPositionError for a position of other data.
 */
export function tfRecordSource(plan: DataPlan, options: TfRecordSourceOptions): TfRecordSource {
  const reader = readerOf(plan, options);
  const notes = new DataNotes();
  const rows: RowStream = {
    fill: fillFrom(reader, notes),
    position: () => reader.position(),
    dispose: () => reader.dispose(),
  };
  const source = blockSource(plan, rows, options);
  return {
    ...source,
    async next() {
      const batch = await source.next();
      if (batch) notes.labels(batch, plan.layout.tasks);
      return batch;
    },
    get notes() {
      return notes.all;
    },
    get badRecords() {
      return reader.badRecords;
    },
    get badCount() {
      return reader.badCount;
    },
  };
}

/**
 * Raw blocks from the same files, before preprocessing and with all values: rows to look at and to count. One block is
 * filled again and again: use it before the next.
 */
export async function* tfRecordBlocks(
  plan: DataPlan,
  options: TfRecordSourceOptions & { readonly rowsPerBlock?: number },
): AsyncGenerator<RawBlock, void, undefined> {
  const reader = readerOf(plan, options);
  const fill = fillFrom(reader, new DataNotes());
  const block = new RawBlock(plan, options.rowsPerBlock ?? 64, { ...options, stored: 'all' });
  try {
    for (;;) {
      block.reset();
      await fill(block);
      if (block.filled > 0) yield block;
      if (block.filled < block.capacity) return;
    }
  } finally {
    reader.dispose();
  }
}
