/** What the data worker does with a table of one's own: reads it, makes a run's parts of it, shows and predicts its rows. */
import { forPrediction } from '../data/for-prediction.ts';
import { planData } from '../data/layout.ts';
import { masksOf } from '../data/mask-files.ts';
import { transferables } from '../data/recap-batch.ts';
import { checkColumns, csvOptionsOf } from '../data/tables/columns-file.ts';
import { textOf } from '../data/tables/cells.ts';
import { HELD_OUT } from '../data/tables/encode.ts';
import { decideColumns } from '../data/tables/import-table.ts';
import { openTable } from '../data/tables/open-table.ts';
import { profileTable, type TableProfile } from '../data/tables/profile.ts';
import { rowsToPredict } from '../data/tables/rows-to-predict.ts';
import { browserTableFile, type Table } from '../data/tables/table.ts';
import type { TableCache } from '../data/tables/table-cache.ts';
import { tableConfig, tableSchema } from '../data/tables/table-config.ts';
import { TableError } from '../data/tables/table-error.ts';
import { tableSummary } from '../data/tables/table-summary.ts';
import { csvRow } from '../formats/csv.ts';
import { openRecipe } from '../runs/recipe.ts';
import type { DataProtocol, PredictProtocol, RowCounts, TableWithColumns } from './protocol.ts';
import type { Handlers } from './rpc.ts';
import { RpcClient } from './rpc.ts';

type Emit = <N extends keyof DataProtocol['events']>(name: N, payload: DataProtocol['events'][N]) => void;
type TableRequest = 'profileTable' | 'makeTable' | 'countRows' | 'tableRows' | 'predictTable';

/** Rows between two progress events. */
const PROGRESS_EVERY = 20_000;

/** A table that was profiled, so that it is not read again for each choice. */
interface Profiled {
  readonly key: string;
  readonly table: Table;
  readonly profile: TableProfile;
}

export function tableHandlers(emit: Emit, tables: TableCache): Pick<Handlers<DataProtocol>, TableRequest> {
  let last: Profiled | null = null;

  const rowsRead = (total: number | null) => {
    let told = 0;
    return (rows: number): void => {
      if (rows - told < PROGRESS_EVERY) return;
      told = rows;
      emit('progress', { task: 'table', progress: { done: rows, total, unit: 'rows' } });
    };
  };

  async function profiled(
    { file, csv, missingTexts }: DataProtocol['requests']['profileTable']['params'],
    signal: AbortSignal,
  ): Promise<Profiled> {
    const key = JSON.stringify([file.name, file.size, file.lastModified, csv, missingTexts]);
    if (last?.key === key) return last;
    const table = await openTable(browserTableFile(file), csv);
    const options = { signal, onRows: rowsRead(null), ...(missingTexts ? { missingTexts } : {}) };
    const profile = await profileTable(table, options);
    last = { key, table, profile };
    return last;
  }

  const countsOf = async (file: File, columns: TableWithColumns['columns']): Promise<RowCounts> => {
    const { train, heldOut, dropped, missingLabels } = (await tables.get(file, columns)).counts;
    return { train, heldOut, dropped, missingLabels };
  };

  return {
    async profileTable(params, signal) {
      const { table, profile } = await profiled(params, signal);
      return tableSummary(table, profile);
    },

    async makeTable({ columns, labels, heads, heldOut, referenceTime, ...read }, signal) {
      const { file, missingTexts } = read;
      const { table, profile } = await profiled(read, signal);
      const given = {
        table: missingTexts ? { missing_values: [...missingTexts] } : {},
        columns: [...columns],
        heads: [...heads],
        reference_time: referenceTime,
      };
      const made = await decideColumns(table, profile, { labels, heldOut, missing: null }, given, signal);
      const counts = await countsOf(file, made.columns);
      signal.throwIfAborted();
      const { train, heldOut: evaluated, dropped } = counts;
      if (train < 2 || evaluated < 1) {
        throw new TableError(
          file.name,
          { row: null, column: null },
          `Of ${profile.rows} rows ${train} are to train on and ${evaluated} held out${dropped > 0 ? `, ${dropped} left out for missing values` : ''}. Give more rows, or hold out another share or column.`,
        );
      }
      const schemaName = `${file.name.replace(/(?:\.[A-Za-z0-9]+)+$/, '') || 'table'}-segdense.json`;
      const config = tableConfig(made.columns, {
        trainRows: train,
        heldOutRows: evaluated,
        trainInputs: 'train/*.tfrecord.gz',
        heldOutInputs: 'held-out/*.tfrecord.gz',
        schemaPath: schemaName,
      });
      const schema = { name: schemaName, schema: tableSchema(made.columns) };
      const { columns: complete, notes } = made;
      return { columns: complete, notes, config, schema, counts };
    },

    countRows: ({ file, columns }) => countsOf(file, columns),

    async tableRows({ file, columns: given, count }) {
      const columns = checkColumns(given);
      const { chunks } = await tables.get(file, given);
      const numbers: number[] = [];
      for (const { first, sides } of chunks) {
        for (const [row, side] of sides.entries()) {
          if (side === HELD_OUT && numbers.length < count) numbers.push(first + row);
        }
        if (numbers.length === count) break;
      }
      const table = await openTable(browserTableFile(file), csvOptionsOf(columns.table, 'same'));
      const rows: { number: number; cells: string[] }[] = [];
      for await (const chunk of table.chunks()) {
        while (rows.length < numbers.length) {
          const number = numbers[rows.length]!;
          const row = number - chunk.first;
          if (row >= chunk.size) break;
          rows.push({ number, cells: chunk.columns.map((cells) => textOf(cells[row]) ?? '') });
        }
        if (rows.length === numbers.length) break;
      }
      return { names: table.names, rows };
    },

    async predictTable({ file, columns: given, recipe, port }, signal) {
      const predictor = new RpcClient<PredictProtocol>(port);
      port.start();
      try {
        const columns = checkColumns(given);
        const { config, schema, tasks, masks } = openRecipe(recipe);
        const table = await openTable(browserTableFile(file), csvOptionsOf(columns.table, 'another'));
        const data = { ...forPrediction(config.train_data), global_batch_size: PREDICTED_AT_ONCE };
        const plan = planData(data, schema, tasks, masksOf(data, masks));
        const source = rowsToPredict(plan, table, columns);
        const told = rowsRead(null);
        const parts: string[] = [csvRow(['row', ...tasks])];
        const empty = tasks.map(() => '');
        let next = 0;
        const upTo = (number: number): void => {
          for (; next < number; next++) parts.push(csvRow([next + 1, ...empty]));
        };
        for (let batch = await source.source.next(); batch; batch = await source.source.next()) {
          signal.throwIfAborted();
          const { size } = batch;
          const calibrated = await predictor.call('predict', batch, { transfer: transferables(batch) });
          for (const [i, number] of source.takeNumbers(size).entries()) {
            upTo(number);
            const row = calibrated.subarray(i * tasks.length, (i + 1) * tasks.length);
            parts.push(csvRow([number + 1, ...finite(row, file.name, number)]));
            next = number + 1;
          }
          told(next);
        }
        const { train, dropped } = source.table.counts;
        upTo(train + dropped);
        if (next === 0) {
          throw new TableError(
            file.name,
            { row: null, column: null },
            'The table has no row. Give one with rows.',
          );
        }
        const unknown = [...source.table.counts.unknown];
        return {
          blob: new Blob(parts, { type: 'text/csv' }),
          rows: next,
          empty: dropped,
          notes: [
            ...table.notes,
            ...unknown.map(
              ([column, cells]) =>
                `"${column}": ${cells} cells have a value that the model never saw; they count as none.`,
            ),
          ],
        };
      } finally {
        port.close();
      }
    },
  };
}

/** Rows of one batch of predictions. */
const PREDICTED_AT_ONCE = 1024;

function finite(row: Float32Array, file: string, number: number): Float32Array {
  if (row.every((value) => Number.isFinite(value))) return row;
  throw new TableError(
    file,
    { row: `row ${number + 1}`, column: null },
    'It has no finite probability. Check its values, and that training did not diverge.',
  );
}
