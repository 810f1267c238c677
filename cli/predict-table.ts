/** Predictions for the rows of a table, in its order, and `predict --table`, which writes them as CSV. */
import { forPrediction } from '../src/data/for-prediction.ts';
import { checkColumns } from '../src/data/tables/columns-file.ts';
import type { TableColumns } from '../src/data/tables/columns-file.ts';
import { rowsToPredict } from '../src/data/tables/rows-to-predict.ts';
import { csvRow } from '../src/formats/csv.ts';
import type { RunManifest } from '../src/runs/manifest.ts';
import { CliError, UsageError } from './command.ts';
import type { Options } from './command.ts';
import { withOutputs } from './output.ts';
import { Progress } from './progress.ts';
import { readColumns, readTable } from './table.ts';
import { trainedModel } from './trained-model.ts';
import type { TrainedModel } from './trained-model.ts';

/** A row's number in the table, from 0, and its calibrated probability of each head. */
export interface PredictedRow {
  readonly number: number;
  readonly probabilities: Float32Array;
}

/** What a pass over a table gives besides its rows. */
export interface TablePrediction {
  readonly tasks: readonly string[];
  /** Rows in the table so far, with those that cannot be predicted. */
  rows(): number;
  /** A sentence for each thing that was passed over. */
  notes(): string[];
}

/**
 * Predicts the table of --table with a model, row by row, in the table's order. Its columns are those of --columns, or of
 * the table that the model's run was made from.
 * @param each gets every row that can be predicted; a missing value whose column says "drop" leaves one out.
 * @throws CliError, TableError, ColumnsError.
 */
export async function predictRows(
  model: TrainedModel,
  options: Options,
  progress: Progress,
  each: (row: PredictedRow, prediction: TablePrediction) => Promise<void> | void,
): Promise<TablePrediction> {
  if (options.has('data')) throw new UsageError('--data and --table exclude each other: give one.');
  const columns = (await readColumns(options)) ?? columnsOf(model.manifest);
  if (!columns) throw new UsageError('--table needs --columns FILE: the columns.json that its import wrote.');
  const table = await readTable(options, columns);
  const plan = await model.plan(forPrediction(model.config.train_data));
  const { tasks } = model;
  const known = new Set(columns.heads.map(({ name }) => name));
  const stranger = tasks.find((task) => !known.has(task));
  if (stranger !== undefined) {
    throw new CliError(
      `${model.path} predicts ${stranger}, which columns.json does not know as a head: give the configuration that the import wrote.`,
    );
  }
  const rows = rowsToPredict(plan, table, columns);
  const loaded = await model.load(plan);
  const prediction: TablePrediction = {
    tasks,
    rows: () => {
      const { train, dropped } = rows.table.counts;
      return train + dropped;
    },
    notes: () => [
      ...table.notes,
      ...[...rows.table.counts.unknown].map(
        ([column, count]) =>
          `"${column}": ${count} cells have a value that the model never saw; they count as none.`,
      ),
    ],
  };
  const engine = await model.engine(loaded);
  try {
    let done = 0;
    for (let batch = await rows.source.next(); batch; batch = await rows.source.next()) {
      const { calibrated } = await engine.predict(batch);
      const numbers = rows.takeNumbers(batch.size);
      for (const [i, number] of numbers.entries()) {
        const probabilities = calibrated.subarray(i * tasks.length, (i + 1) * tasks.length);
        const bad = probabilities.findIndex((value) => !Number.isFinite(value));
        if (bad >= 0) {
          throw new CliError(
            `${table.file.name}: row ${number + 1} has no finite probability of ${tasks[bad] ?? ''}: check its values, and that training did not diverge.`,
          );
        }
        await each({ number, probabilities }, prediction);
      }
      done += batch.size;
      progress.update(() => `${done} rows predicted`);
    }
    if (done === 0) throw new CliError(`${table.file.name}: the table has no row that can be predicted.`);
    return prediction;
  } finally {
    rows.source.dispose();
    engine.dispose();
  }
}

function columnsOf(manifest: RunManifest | null): TableColumns | null {
  const data = manifest?.recipe.data;
  return data?.kind === 'table' ? checkColumns(data.columns) : null;
}

/** Text gathered before it is written. */
const BUFFER = 1 << 16;

/** One line a row: its number from 1 and the probability of each head, empty where the row cannot be predicted. */
export async function predictTable(options: Options): Promise<void> {
  const progress = new Progress();
  try {
    const model = await trainedModel('predict', options);
    await withOutputs(async (outputs) => {
      const file = await outputs.open(options.required('out'));
      let text = '';
      let next = 0;
      let written = 0;
      let empty: string[] | null = null;
      const upTo = (number: number, heads: number) => {
        empty ??= Array.from({ length: heads }, () => '');
        for (; next < number; next++) text += csvRow([next + 1, ...empty]);
      };
      const prediction = await predictRows(
        model,
        options,
        progress,
        async ({ number, probabilities }, { tasks }) => {
          if (written === 0) text = csvRow(['row', ...tasks]);
          upTo(number, tasks.length);
          text += csvRow([number + 1, ...probabilities]);
          next = number + 1;
          written++;
          if (text.length < BUFFER) return;
          await file.write(text);
          text = '';
        },
      );
      const rows = prediction.rows();
      upTo(rows, prediction.tasks.length);
      await file.write(text);
      for (const note of prediction.notes()) progress.note(note);
      const gaps = rows > written ? `, ${rows - written} left empty for a missing value` : '';
      progress.note(`${written} rows predicted${gaps}.`);
    });
  } finally {
    progress.clear();
  }
}
