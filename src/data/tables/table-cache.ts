/** The last table that was read, encoded and in memory: training, evaluation and looking at it share one reading. */
import { checkColumns, csvOptionsOf } from './columns-file.ts';
import { openTable } from './open-table.ts';
import { browserTableFile, type TableFile } from './table.ts';
import { EncodedTable, loadTable, type TableExamples } from './table-rows.ts';

/** A table's file, in a browser or on a disk. */
export type TableSourceFile = File | TableFile;

export function tableFileOf(file: TableSourceFile): TableFile {
  return file instanceof Blob ? browserTableFile(file) : file;
}

export class TableCache {
  #key = '';
  #examples: Promise<TableExamples> | null = null;

  /**
   * @param columns a columns.json, as a manifest holds it.
   * @throws ColumnsError, TableError, and RangeError for a table that is too large for memory.
   */
  get(file: TableSourceFile, columns: Readonly<Record<string, unknown>>): Promise<TableExamples> {
    // A file that was saved anew under its name is another one; one that crossed to a worker twice is the same.
    const saved = 'lastModified' in file ? file.lastModified : null;
    const key = JSON.stringify([file.name, file.size, saved, columns]);
    if (this.#examples && key === this.#key) return this.#examples;
    const examples = load(file, columns);
    this.#key = key;
    this.#examples = examples;
    // What went wrong once may go right the next time: a file on a disk that was away.
    examples.catch(() => {
      if (this.#examples === examples) this.#examples = null;
    });
    return examples;
  }
}

async function load(file: TableSourceFile, given: Readonly<Record<string, unknown>>): Promise<TableExamples> {
  const columns = checkColumns(given);
  const table = await openTable(tableFileOf(file), csvOptionsOf(columns.table, 'same'));
  return loadTable(new EncodedTable(table, columns));
}
