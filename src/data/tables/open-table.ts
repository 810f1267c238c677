/** Opens a table of whatever kind its first bytes show. */
import { openCsv, type CsvOptions } from './csv-table.ts';
import { isParquet, openParquet } from './parquet-table.ts';
import type { Table, TableFile } from './table.ts';
import { TableError } from './table-error.ts';

/** First bytes of files that people take for tables, and what to do with them. */
const OTHERS: readonly (readonly [readonly number[], string])[] = [
  [[0x50, 0x4b, 0x03, 0x04], 'This is a zip archive or an Excel workbook. Unpack it, or save the sheet as CSV.'],
  [[0xd0, 0xcf, 0x11, 0xe0], 'This is an old Excel workbook. Save the sheet as CSV.'],
  [[0x25, 0x50, 0x44, 0x46], 'This is a PDF. Give a CSV or Parquet file.'],
  [[0x41, 0x52, 0x52, 0x4f, 0x57, 0x31], 'This is an Arrow (Feather) file. Write it as Parquet.'],
]; // prettier-ignore

/**
 * Opens a CSV or Parquet file.
 * @param options what is already known of a CSV file; the rest is guessed.
 * @throws TableError when it is neither, empty, or broken where it is read first.
 */
export async function openTable(file: TableFile, options: CsvOptions = {}): Promise<Table> {
  const nowhere = { row: null, column: null };
  if (file.size === 0) throw new TableError(file.name, nowhere, 'The file is empty. Give one with rows.');
  const start = new Uint8Array(await file.slice(0, Math.min(8, file.size)));
  if (isParquet(start)) return openParquet(file);
  for (const [bytes, what] of OTHERS) {
    if (bytes.every((byte, i) => start[i] === byte)) throw new TableError(file.name, nowhere, what);
  }
  return openCsv(file, options);
}
