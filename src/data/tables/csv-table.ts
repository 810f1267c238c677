/** CSV files, compressed or not, as tables: encoding, dialect and header guessed from the file unless they are given. */
import { sampleRows, sniffDialect, sniffHeader } from '../../formats/csv-dialect.ts';
import type { Skipped } from '../../formats/csv-dialect.ts';
import { CsvError, CsvParser } from '../../formats/csv-parser.ts';
import { CompressionError, readDecompressed } from '../../formats/compression.ts';
import { chunksOf } from '../../formats/gzip.ts';
import { decodeText, detectEncoding } from '../../formats/text-encoding.ts';
import { textOf, type DecimalMark } from './cells.ts';
import type { CsvFormat, Table, TableChunk, TableFile } from './table.ts';
import { shown, TableError } from './table-error.ts';

/** Characters that the guesses look at. */
const SAMPLE = 128 * 1024;
/** Rows handed on at once: enough that the cost of a chunk does not count. */
const CHUNK_ROWS = 2048;

const NOWHERE = { row: null, column: null };

/** What is already known of a file; the rest is guessed. */
export type CsvOptions = Partial<CsvFormat> & { readonly decimal?: DecimalMark };

/**
 * Opens a CSV file.
 * @throws TableError for a file without rows, a header that names two columns alike, or text that is no CSV.
 */
export async function openCsv(file: TableFile, options: CsvOptions = {}): Promise<Table> {
  const encoding = options.encoding ?? (await detectEncoding(bytesOf(file)));
  const { text, whole } = await sampleOf(file, encoding);
  if (text.trim() === '') throw new TableError(file.name, NOWHERE, 'The file is empty. Give one with rows.');
  const sniffed = sniffDialect(text, whole);
  const dialect = {
    delimiter: options.delimiter ?? sniffed.delimiter,
    quote: options.quote ?? sniffed.quote,
  };
  const { skip } = sniffed;
  const sampled = sampleRows(text.slice(skip.length), dialect, whole).rows;
  const rows = sampled.length > 0 ? sampled : await firstRow(file, encoding, dialect, skip);
  const header = options.header ?? sniffHeader(rows);
  const first = rows[0] ?? [];
  const names = header ? headerNames(file, first) : first.map((_, i) => `column_${i + 1}`);
  const decimal = options.decimal ?? sniffDecimal(rows, dialect.delimiter);
  const format: CsvFormat = { ...dialect, encoding, header };
  return {
    file,
    names,
    csv: format,
    decimal,
    notes: skip.text ? [skippedNote(skip)] : [],
    chunks: (signal) => csvChunks(file, format, { names, skip, signal }),
  };
}

function skippedNote({ lines, text }: Skipped): string {
  const which = lines === 1 ? 'line 1 is' : `lines 1 to ${lines} are`;
  return `The table begins on line ${lines + 1}: ${which} left out (${shown(text ?? '')}).`;
}

/** The bytes of a file, decompressed if it is gzip; text is never taken for zlib, whose mark is "x ". */
async function* bytesOf(file: TableFile): AsyncGenerator<Uint8Array, void, undefined> {
  const [first, second] = new Uint8Array(await file.slice(0, Math.min(2, file.size)));
  if (first !== 0x1f || second !== 0x8b) {
    yield* chunksOf(file.stream());
    return;
  }
  try {
    yield* readDecompressed(() => file.stream());
  } catch (error) {
    throw error instanceof CompressionError ? new TableError(file.name, NOWHERE, error.message) : error;
  }
}

async function sampleOf(file: TableFile, encoding: CsvFormat['encoding']) {
  let text = '';
  for await (const piece of decodeText(bytesOf(file), encoding)) {
    text += piece;
    if (text.length >= SAMPLE) return { text: text.slice(0, SAMPLE), whole: false };
  }
  return { text, whole: true };
}

/** The first row where it is longer than the sample, or broken, which reading on tells. */
async function firstRow(
  file: TableFile,
  encoding: CsvFormat['encoding'],
  dialect: { readonly delimiter: string; readonly quote: string },
  skip: Skipped,
): Promise<string[][]> {
  const format = { ...dialect, encoding, header: false };
  for await (const { columns } of csvChunks(file, format, { names: null, skip })) {
    return [columns.map((cells) => textOf(cells[0]) ?? '')];
  }
  return [];
}

function headerNames(file: TableFile, cells: readonly string[]): string[] {
  const names = cells.map((cell, i) => (cell === '' ? `column_${i + 1}` : cell));
  const seen = new Map<string, number>();
  for (const [i, name] of names.entries()) {
    const other = seen.get(name);
    if (other !== undefined) {
      throw new TableError(
        file.name,
        { row: 'line 1', column: name },
        `Columns ${other + 1} and ${i + 1} have the same name. Rename one of them in the header.`,
      );
    }
    seen.set(name, i);
  }
  return names;
}

/** A comma before the fraction: only where commas do not separate cells, and more numbers are written so than not. */
function sniffDecimal(rows: readonly (readonly string[])[], delimiter: string): DecimalMark {
  if (delimiter === ',') return '.';
  let [points, commas] = [0, 0];
  for (const row of rows) {
    for (const cell of row) {
      if (/^[-+]?\d+\.\d+$/.test(cell)) points++;
      else if (/^[-+]?(?:\d+|\d{1,3}(?:\.\d{3})+),\d+$/.test(cell)) commas++;
    }
  }
  return commas > points ? ',' : '.';
}

interface ChunkOptions {
  /** Names for errors; null while they are not known. */
  readonly names: readonly string[] | null;
  readonly skip: Skipped;
  readonly signal?: AbortSignal | undefined;
}

async function* csvChunks(
  file: TableFile,
  format: CsvFormat,
  { names, skip, signal }: ChunkOptions,
): AsyncGenerator<TableChunk, void, undefined> {
  const parser = new CsvParser(format);
  // What is left out of the text is not left out of the count of lines.
  const before = skip.lines;
  let left = skip.length;
  let first = 0;
  let header = format.header;
  const take = (): TableChunk | null => {
    const rows = parser.take();
    const drop = header && rows.size > 0 ? 1 : 0;
    if (drop > 0) header = false;
    const size = rows.size - drop;
    if (size === 0) return null;
    const columns = drop > 0 ? rows.cells.map((cells) => cells.slice(1)) : rows.cells;
    const chunk = {
      first,
      size,
      columns,
      place: (row: number) => `line ${rows.lines[row + drop]! + before}`,
    };
    first += size;
    return chunk;
  };
  try {
    for await (const piece of decodeText(bytesOf(file), format.encoding)) {
      signal?.throwIfAborted();
      const text = left > 0 ? piece.slice(left) : piece;
      left = Math.max(0, left - piece.length);
      parser.push(text);
      const chunk = parser.size >= CHUNK_ROWS ? take() : null;
      if (chunk) yield chunk;
    }
    parser.end();
    const chunk = take();
    if (chunk) yield chunk;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const { line, cell } = error;
    const column = cell === null ? null : (names?.[cell - 1] ?? null);
    const unnamed = cell !== null && column === null ? `, cell ${cell}` : '';
    throw new TableError(file.name, { row: `line ${line + before}${unnamed}`, column }, error.message);
  }
}
