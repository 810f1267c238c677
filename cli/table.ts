/** A table of the command line: the file, its options, and its rows as batches to predict. */
import { open } from 'node:fs/promises';
import { csvOptionsOf, parseColumns, type TableColumns } from '../src/data/tables/columns-file.ts';
import type { CsvOptions } from '../src/data/tables/csv-table.ts';
import { openTable } from '../src/data/tables/open-table.ts';
import type { Table, TableFile } from '../src/data/tables/table.ts';
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

export const COLUMNS_OPTION: OptionSpec = {
  name: 'columns',
  value: 'FILE',
  help: 'The columns.json that the import of the table wrote; not needed with --run of a table.',
};

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
  return {
    ...csvOptionsOf(known, 'another'),
    ...(delimiter === null ? {} : { delimiter: delimiter === 'tab' ? '\t' : delimiter }),
    ...(encoding === 'guess' ? {} : { encoding }),
    ...(header === 'guess' ? {} : { header: header === 'true' }),
    ...(decimal === 'guess' ? {} : { decimal }),
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
