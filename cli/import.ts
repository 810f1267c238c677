/** `import`: a table of one's own (CSV or Parquet) becomes a configuration, a data schema and TFRecord files. */
import { basename, join } from 'node:path';
import { parseRecapConfig } from '../src/config/parse-config.ts';
import { planData } from '../src/data/layout.ts';
import { columnsToJson, MISSING_RULES, type HeldOut } from '../src/data/tables/columns-file.ts';
import { HELD_OUT, TRAIN } from '../src/data/tables/encode.ts';
import { parseLabels } from '../src/data/tables/heads.ts';
import { importTable, type ImportedTable } from '../src/data/tables/import-table.ts';
import { schemaToJson, tableConfig, tableSchema } from '../src/data/tables/table-config.ts';
import { EncodedTable, tableBlocks, type EncodeCounts } from '../src/data/tables/table-rows.ts';
import type { Table } from '../src/data/tables/table.ts';
import { writeTfRecords } from '../src/data/tfrecord-write.ts';
import { chunksOf } from '../src/formats/gzip.ts';
import { signedText } from '../src/formats/signature.ts';
import { CliError, UsageError } from './command.ts';
import type { Command, Options } from './command.ts';
import { withOutputs, type Outputs } from './output.ts';
import { Progress } from './progress.ts';
import { CSV_OPTIONS, readColumns, readTable } from './table.ts';
import { appVersion } from './version.ts';

export const importCommand: Command = {
  name: 'import',
  summary: 'Makes a configuration, a data schema and TFRecord files of a table (CSV or Parquet).',
  options: [
    { name: 'table', value: 'FILE', help: 'CSV (also .gz) or Parquet file.', required: true },
    {
      name: 'labels',
      value: 'A,B=VALUE',
      help: 'Columns to predict; with =VALUE, whether the column has that value.',
    },
    {
      name: 'columns',
      value: 'FILE',
      help: 'A columns.json whose settings win; what it leaves open is filled in.',
    },
    { name: 'held-out', value: 'SHARE', help: 'Share of the rows to evaluate on; 0.2 by default.' },
    { name: 'group', value: 'COLUMN', help: 'Hold out whole groups: all rows of one value of the column.' },
    { name: 'time', value: 'COLUMN', help: 'Hold out the latest rows by this column.' },
    {
      name: 'missing',
      value: MISSING_RULES.join('|'),
      help: 'What stands for missing values; without it, a column of its own where a number has gaps.',
    },
    {
      name: 'out',
      value: 'DIR',
      help: "Folder for the results; by default the table's name without its ending.",
    },
    ...CSV_OPTIONS,
  ],
  run: (options) => runImport(options),
};

async function runImport(options: Options): Promise<void> {
  const progress = new Progress();
  const given = await readColumns(options);
  const heldOut = heldOutOf(options, given?.held_out ?? null);
  const table = await readTable(options, given);
  const labels = parseLabels(options.text('labels') ?? '', table.names, table.file.name);
  const missing = options.has('missing') ? options.oneOf('missing', MISSING_RULES, 'indicator') : null;
  try {
    const imported = await importTable(table, { labels, heldOut, missing }, given, {
      onRows: (rows) => progress.update(() => `${rows} rows read`),
    });
    const folder = options.text('out') ?? basename(table.file.name).replace(/(?:\.[A-Za-z0-9]+)+$/, '');
    const counts = await withOutputs((outputs) => writeAll(outputs, folder, table, imported, progress));
    for (const note of imported.notes) progress.note(note);
    for (const note of countNotes(counts)) progress.note(note);
    progress.note(
      `${imported.profile.rows} rows: ${counts.train} to train on, ${counts.heldOut} held out. Train with: train --config ${join(folder, 'config.yaml')} --out RUN`,
    );
  } finally {
    progress.clear();
  }
}

function heldOutOf(options: Options, given: HeldOut | null): HeldOut | null {
  const text = options.text('held-out');
  const [group, time] = [options.text('group'), options.text('time')];
  if (group !== null && time !== null)
    throw new UsageError('--group and --time exclude each other: give one.');
  if (text === null && group === null && time === null) return null;
  const share = text === null ? (given?.share ?? 0.2) : Number(text);
  if (!(share > 0 && share <= 0.9)) {
    throw new UsageError(`--held-out must be a share above 0 and at most 0.9, not "${text}".`);
  }
  if (group !== null) return { by: 'group', column: group, share };
  if (time !== null) return { by: 'time', column: time, share };
  // A moment that was found for another share would stay.
  if (given?.by === 'time') return { by: 'time', column: given.column, share };
  return given ? { ...given, share } : { by: 'row', share };
}

async function writeAll(
  outputs: Outputs,
  folder: string,
  table: Table,
  { columns }: ImportedTable,
  progress: Progress,
): Promise<EncodeCounts> {
  const app = appVersion();
  const schema = tableSchema(columns);
  const files = {
    trainInputs: 'train/*.tfrecord.gz',
    heldOutInputs: 'held-out/*.tfrecord.gz',
    schemaPath: 'segdense.json',
  };
  // The configuration needs the counts, which writing gives; what the files look like does not depend on them.
  const text = (train: number, heldOut: number) =>
    tableConfig(columns, { ...files, trainRows: train, heldOutRows: heldOut });
  const { config, problems } = parseRecapConfig(text(1, 1));
  if (!config)
    throw new CliError(`The configuration made of the table is broken: ${problems[0]?.message ?? ''}`);
  const plan = planData(config.train_data, schema, Object.keys(config.model.tasks));
  const write = async (path: string, side: typeof TRAIN | typeof HELD_OUT) => {
    const rows = new EncodedTable(table, columns);
    const file = await outputs.open(join(folder, path));
    const stream = writeTfRecords(tableBlocks(plan, rows, side), {
      app,
      onProgress: ({ examples }) => progress.update(() => `${examples} examples written to ${path}`),
    });
    for await (const chunk of chunksOf(stream)) await file.write(chunk);
    return rows.counts;
  };
  const counts = await write('train/part-0.tfrecord.gz', TRAIN);
  checkCounts(table, counts);
  await write('held-out/part-0.tfrecord.gz', HELD_OUT);
  await (await outputs.open(join(folder, 'columns.json'))).write(columnsToJson(columns, app));
  await (await outputs.open(join(folder, 'segdense.json'))).write(schemaToJson(schema, app));
  await (
    await outputs.open(join(folder, 'config.yaml'))
  ).write(signedText(text(counts.train, counts.heldOut), app));
  return counts;
}

function checkCounts(table: Table, { train, heldOut, dropped }: EncodeCounts): void {
  const rows = train + heldOut + dropped;
  if (train >= 2 && heldOut >= 1) return;
  const left = dropped > 0 ? `, ${dropped} left out for missing values` : '';
  throw new CliError(
    `${table.file.name}: of ${rows} rows ${train} are to train on and ${heldOut} held out${left}. Give more rows, or another --held-out, --group or --time.`,
  );
}

function countNotes({ dropped, missingLabels, unknown }: EncodeCounts): string[] {
  const notes: string[] = [];
  if (missingLabels > 0) notes.push(`${missingLabels} rows have no label and are left out.`);
  const gaps = dropped - missingLabels;
  if (gaps > 0) notes.push(`${gaps} rows are left out for a missing value.`);
  for (const [column, count] of unknown) {
    notes.push(
      `"${column}": ${count} cells have a value that columns.json does not list; they count as none.`,
    );
  }
  return notes;
}
