/** A table of the command line: the file, its options, and its rows as batches to predict. */
import { open } from 'node:fs/promises';
import { blockSource } from '../src/data/batching.ts';
import type { RawBlock } from '../src/data/example.ts';
import type { DataPlan } from '../src/data/layout.ts';
import type { BatchSource } from '../src/data/recap-batch.ts';
import { parseColumns, type TableColumns } from '../src/data/tables/columns-file.ts';
import type { CsvOptions } from '../src/data/tables/csv-table.ts';
import { DROPPED, type EncodedRows } from '../src/data/tables/encode.ts';
import { openTable } from '../src/data/tables/open-table.ts';
import type { Table, TableFile } from '../src/data/tables/table.ts';
import { appendRow, EncodedTable } from '../src/data/tables/table-rows.ts';
import { ENCODINGS } from '../src/formats/text-encoding.ts';
import { CliError, UsageError } from './command.ts';
import type { Options, OptionSpec } from './command.ts';
import { dataFile, readText } from './files.ts';
import { reasonOf } from './output.ts';

/** How a CSV file is written, for files whose guess is wrong. */
export const CSV_OPTIONS: readonly OptionSpec[] = [
  {
    name: 'delimiter',
    value: 'CHAR',
    help: 'Between the cells of a CSV file: one character, or tab; guessed.',
  },
  { name: 'encoding', value: ENCODINGS.join('|'), help: 'Of a CSV file; guessed.' },
  { name: 'header', value: 'true|false', help: 'Whether the first row names the columns; guessed.' },
  { name: 'decimal', value: '.|,', help: 'The mark before the fraction; guessed.' },
];

/** @throws CliError when the file is not there. */
export async function tableFile(path: string): Promise<TableFile> {
  const file = await dataFile(path);
  return {
    ...file,
    async slice(from, to) {
      const handle = await open(path).catch((error: unknown) => {
        throw new CliError(`${path}: can't be read (${reasonOf(error)}).`);
      });
      try {
        const bytes = new Uint8Array(to - from);
        const { bytesRead } = await handle.read(bytes, 0, bytes.length, from);
        return bytes.buffer.slice(0, bytesRead);
      } finally {
        await handle.close();
      }
    },
  };
}

/** The CSV options as given, before those that a columns.json knows. */
function csvOptions(options: Options, known: TableColumns['table']): CsvOptions {
  const delimiter = options.text('delimiter');
  if (delimiter !== null && delimiter !== 'tab' && delimiter.length !== 1) {
    throw new UsageError(`--delimiter must be one character or tab, not "${delimiter}".`);
  }
  const encoding = options.oneOf('encoding', [...ENCODINGS, 'guess'], 'guess');
  const header = options.oneOf('header', ['true', 'false', 'guess'], 'guess');
  const decimal = options.oneOf('decimal', ['.', ',', 'guess'], 'guess');
  const { delimiter: knownDelimiter, quote, header: knownHeader, decimal: knownDecimal } = known;
  return {
    ...(delimiter !== null
      ? { delimiter: delimiter === 'tab' ? '\t' : delimiter }
      : knownDelimiter !== undefined
        ? { delimiter: knownDelimiter }
        : {}),
    ...(quote === undefined ? {} : { quote }),
    // Another file of the same table may be saved in another encoding: it is guessed anew.
    ...(encoding === 'guess' ? {} : { encoding }),
    ...(header !== 'guess'
      ? { header: header === 'true' }
      : knownHeader === undefined
        ? {}
        : { header: knownHeader }),
    ...(decimal !== 'guess' ? { decimal } : knownDecimal === undefined ? {} : { decimal: knownDecimal }),
  };
}

/** The columns.json of --columns, or null. @throws CliError, ColumnsError. */
export async function readColumns(options: Options): Promise<TableColumns | null> {
  const path = options.text('columns');
  return path === null ? null : parseColumns(await readText(path), path);
}

/** The table of --table. @throws CliError, TableError. */
export async function readTable(options: Options, columns: TableColumns | null): Promise<Table> {
  const file = await tableFile(options.required('table'));
  return openTable(file, csvOptions(options, columns?.table ?? {}));
}

/** Rows to predict, with the number of each example's row in the table, from 0. */
export interface TableRows {
  readonly source: BatchSource;
  readonly table: EncodedTable;
  /** The numbers of the next `count` examples, in order. */
  takeNumbers(count: number): number[];
}

/** Every row of a table that can be predicted, in order; labels are not needed. */
export function rowsToPredict(plan: DataPlan, table: Table, columns: TableColumns): TableRows {
  const encoded = new EncodedTable(table, columns, { labelsOptional: true });
  const rows = encoded.rows();
  const numbers: number[] = [];
  let chunk: EncodedRows | null = null;
  let at = 0;
  const fill = async (block: RawBlock) => {
    while (block.filled < block.capacity) {
      if (!chunk || at === chunk.size) {
        const next = await rows.next();
        if (next.done) return;
        chunk = next.value;
        at = 0;
        continue;
      }
      if (chunk.sides[at] !== DROPPED) {
        numbers.push(chunk.first + at);
        used++;
        appendRow(block, chunk, encoded.layout, at);
      }
      at++;
    }
  };
  let used = 0;
  const stream = {
    fill,
    // Predicting goes over the rows once and is never gone on with.
    position: () => ({ kind: 'table', rows: 0, used }) as const,
    dispose: () => void rows.return(),
  };
  return {
    source: blockSource(plan, stream, { labelsOptional: true }),
    table: encoded,
    takeNumbers: (count) => numbers.splice(0, count),
  };
}
