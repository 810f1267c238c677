/** A table as a stream of rows, column by column, whatever file it is in. */
import type { TextEncoding } from '../../formats/text-encoding.ts';
import type { Cell, DecimalMark } from './cells.ts';

/** A file to read, on a disk or in a browser. */
export interface TableFile {
  readonly name: string;
  /** Bytes as stored. */
  readonly size: number;
  /** From the beginning, as often as it is called. */
  stream(): ReadableStream<Uint8Array>;
  /** Bytes from `from` up to `to`, which Parquet is read by. */
  slice(from: number, to: number): Promise<ArrayBuffer>;
}

/** A browser's file as a table's. */
export function browserTableFile(file: File): TableFile {
  return {
    name: file.name,
    size: file.size,
    stream: () => file.stream(),
    slice: (from, to) => file.slice(from, to).arrayBuffer(),
  };
}

/** Some rows of a table. */
export interface TableChunk {
  /** Number of the first row in the table, from 0. */
  readonly first: number;
  readonly size: number;
  /** `columns[column][row]` */
  readonly columns: readonly ArrayLike<Cell>[];
  /** Where a row of the chunk stands in the file, for errors: "line 17". */
  place(row: number): string;
}

/** How the text of a CSV file is written. */
export interface CsvFormat {
  readonly delimiter: string;
  readonly quote: string;
  readonly encoding: TextEncoding;
  /** Whether the first row names the columns; without one they are column_1, column_2, …. */
  readonly header: boolean;
}

export interface Table {
  readonly file: TableFile;
  readonly names: readonly string[];
  /** null for formats that need nothing to be known. */
  readonly csv: CsvFormat | null;
  /** As the file's numbers are mostly written. */
  readonly decimal: DecimalMark;
  /** Sentences on what of the file is not in the rows. */
  readonly notes: readonly string[];
  /** All rows, in order, as often as it is called. @throws TableError from the iteration. */
  chunks(signal?: AbortSignal): AsyncGenerator<TableChunk, void, undefined>;
}
