/** Parquet files as tables, read a row group at a time, each column by itself. */
import { parquetMetadataAsync, parquetScan, parquetSchema } from 'hyparquet';
import type { AsyncBuffer, FileMetaData, SchemaTree } from 'hyparquet';
import { count } from '../../config/number-text.ts';
import type { Cell } from './cells.ts';
import { checkColumnChunk, checkedCompressors } from './parquet-check.ts';
import type { Table, TableChunk, TableFile } from './table.ts';
import { TableError } from './table-error.ts';

const NOWHERE = { row: null, column: null };
/** Rows handed on at once. */
const CHUNK_ROWS = 8192;
/** Rows of one row group, which stands in memory as a whole: 16 times what writers take by default. */
const MAX_GROUP_ROWS = 16_777_216;
const MAX_COLUMNS = 16_384;

/** Whether the bytes begin as a Parquet file does. */
export function isParquet(start: Uint8Array): boolean {
  return start.length >= 4 && String.fromCharCode(...start.subarray(0, 4)) === 'PAR1';
}

/**
 * Opens a Parquet file.
 * @throws TableError for a file that is damaged, encrypted, without rows, or too large in what it says of itself.
 */
export async function openParquet(file: TableFile): Promise<Table> {
  const buffer: AsyncBuffer = {
    byteLength: file.size,
    slice: (from, to = file.size) => file.slice(from, Math.min(to, file.size)),
  };
  const metadata = await readable(file, null, () => parquetMetadataAsync(buffer));
  const tree = await readable(file, null, () => Promise.resolve(parquetSchema(metadata)));
  const names = tree.children.map(({ element }) => element.name);
  checkShape(file, metadata, names);
  return {
    file,
    names,
    csv: null,
    decimal: '.',
    notes: [],
    chunks: (signal) => parquetChunks(file, buffer, metadata, tree, signal),
  };
}

function checkShape(file: TableFile, metadata: FileMetaData, names: readonly string[]): void {
  const fail = (what: string) => new TableError(file.name, NOWHERE, what);
  // Damaged bytes can leave a column without one.
  const nameless = names.findIndex((name: unknown) => typeof name !== 'string');
  if (nameless >= 0)
    throw fail(
      `The Parquet data can't be read (column ${nameless + 1} has no name). Copy the file again, or write it with another tool.`,
    );
  if (names.length === 0) throw fail('The file has no column.');
  if (names.length > MAX_COLUMNS) {
    throw fail(
      `The file has ${count(names.length)} columns; ${count(MAX_COLUMNS)} are the most. Take columns out.`,
    );
  }
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw fail(`Two columns have the name "${twice}". Rename one of them.`);
  for (const [i, { num_rows: rows, columns }] of metadata.row_groups.entries()) {
    if (rows < 0n || rows > MAX_GROUP_ROWS) {
      throw fail(
        `Row group ${i} has ${count(Number(rows))} rows; ${count(MAX_GROUP_ROWS)} are the most. Write smaller row groups (1,048,576 rows are usual).`,
      );
    }
    for (const { meta_data: meta } of columns) {
      if (!meta)
        throw fail('The file is encrypted, or its columns lie in other files. Write it whole and plain.');
    }
  }
}

async function* parquetChunks(
  file: TableFile,
  buffer: AsyncBuffer,
  metadata: FileMetaData,
  tree: SchemaTree,
  signal: AbortSignal | undefined,
): AsyncGenerator<TableChunk, void, undefined> {
  let first = 0;
  for (const group of metadata.row_groups) {
    const rows = Number(group.num_rows);
    const columns: ArrayLike<Cell>[] = [];
    for (const column of tree.children) {
      signal?.throwIfAborted();
      const { name } = column.element;
      columns.push(
        await readable(file, name, async () => {
          for (const chunk of group.columns) {
            if (chunk.meta_data?.path_in_schema[0] !== name) continue;
            await checkColumnChunk(buffer, chunk.meta_data, column, rows);
          }
          const scan = await parquetScan({
            file: buffer,
            metadata,
            columns: [name],
            compressors: checkedCompressors,
            useOffsetIndex: false,
          });
          const data = await scan.readColumn({ column: name, rowStart: first, rowEnd: first + rows });
          if (data.length !== rows) {
            throw new Error(`the column has ${data.length} rows, its row group ${rows}`);
          }
          return data as ArrayLike<Cell>;
        }),
      );
    }
    for (let from = 0; from < rows; from += CHUNK_ROWS) {
      const size = Math.min(CHUNK_ROWS, rows - from);
      const start = first + from;
      yield {
        first: start,
        size,
        columns: columns.map((cells) => slice(cells, from, from + size)),
        place: (row) => `row ${start + row + 1}`,
      };
    }
    first += rows;
  }
}

function slice(cells: ArrayLike<Cell>, from: number, to: number): ArrayLike<Cell> {
  return Array.isArray(cells)
    ? (cells as Cell[]).slice(from, to)
    : (cells as Float64Array).subarray(from, to);
}

/** Runs what reads bytes that may be damaged; whatever it throws becomes an error of ours. */
async function readable<T>(file: TableFile, column: string | null, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof TableError) throw error;
    const reason = reasonOf(error);
    throw new TableError(
      file.name,
      { row: null, column },
      `The Parquet data can't be read (${reason}). Copy the file again, or write it with another tool.`,
    );
  }
}

/** The reading library's own words where it meant to say something; else it stumbled over what is damaged. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const meant = message.startsWith('parquet ') && !/undefined|\[object/.test(message);
  return meant ? message.replace(/^parquet /, '') : 'its structure is damaged';
}
