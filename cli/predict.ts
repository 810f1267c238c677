/**
 * `predict`: logits, probabilities and calibrated probabilities of every example of a file, or the probabilities of every
 * row of a table.
 */
import type { Predictions } from '../src/engines/engine.ts';
import { forPrediction } from '../src/data/for-prediction.ts';
import { CliError, UsageError } from './command.ts';
import type { Command, Options } from './command.ts';
import { predictionData } from './data.ts';
import { ENGINE_OPTION } from './engine.ts';
import { withOutputs } from './output.ts';
import type { OutputFile } from './output.ts';
import { counted, noteTeller, Progress } from './progress.ts';
import { predictTable } from './predict-table.ts';
import { COLUMNS_OPTION, CSV_OPTIONS } from './table.ts';
import { MODEL_OPTIONS, trainedModel } from './trained-model.ts';
import { appVersion } from './version.ts';

export const predict: Command = {
  name: 'predict',
  summary: 'Predicts every example of a file or row of a table, in order, and writes JSON or CSV.',
  options: [
    ...MODEL_OPTIONS,
    { name: 'data', value: 'FILE', help: 'TFRecord file; its labels are not needed.' },
    {
      name: 'table',
      value: 'FILE',
      help: 'In its place a CSV or Parquet file; its labels are not needed. Writes CSV, one row for each of its own.',
    },
    COLUMNS_OPTION,
    { name: 'out', value: 'FILE', help: 'File to write: JSON, of a table CSV.', required: true },
    ENGINE_OPTION,
    ...CSV_OPTIONS,
  ],
  run: (options) => (options.has('table') ? predictTable(options) : runPrediction(options)),
};

async function runPrediction(options: Options): Promise<void> {
  if (options.has('columns')) throw new UsageError('--columns goes with --table: give both.');
  const model = await trainedModel('predict', options);
  const plan = await model.plan(forPrediction(model.config.train_data));
  const loaded = await model.load(plan);
  const source = await predictionData(options.required('data'), plan);
  const engine = await model.engine(loaded);
  const progress = new Progress();
  const tellNotes = noteTeller(progress, () => source.notes);
  try {
    await withOutputs(async (outputs) => {
      const file = await outputs.open(options.required('out'));
      const results: Results[] = [];
      let examples = 0;
      for (let batch = await source.next(); batch; batch = await source.next()) {
        const predictions = await engine.predict(batch);
        const records = batch.records ?? new Float64Array(0);
        checkFinite(predictions, records, model.tasks);
        results.push({ predictions, records });
        tellNotes();
        examples += batch.size;
        progress.update(() => `${examples} examples predicted`);
      }
      if (examples === 0) throw new CliError(`${options.required('data')}: the file holds no example.`);
      await writePredictions(file, model.tasks, results);
      const bad = source.badCount > 0 ? `, ${source.badCount} bad records skipped` : '';
      progress.note(`${counted(examples, 'example')} predicted${bad}.`);
    });
  } finally {
    progress.clear();
    source.dispose();
    engine.dispose();
  }
}

interface Results {
  readonly predictions: Predictions;
  /** Of each row, the number of its record in the file: rows are fewer than records where bad ones are skipped. */
  readonly records: Float64Array;
}

/** JSON has no NaN: a row that is not finite would silently become null. */
function checkFinite({ logits }: Predictions, records: Float64Array, tasks: readonly string[]): void {
  const index = logits.findIndex((logit) => !Number.isFinite(logit));
  if (index < 0) return;
  const record = records[Math.floor(index / tasks.length)];
  throw new CliError(
    `Record ${record} has no finite logit for ${tasks[index % tasks.length] ?? ''}: check its features, and that no LayerNorm has epsilon 0.`,
  );
}

const FIELDS = [
  ['logits', 'logits'],
  ['probabilities', 'probabilities'],
  ['calibrated_probabilities', 'calibrated'],
] as const;

async function writePredictions(
  file: OutputFile,
  tasks: readonly string[],
  results: readonly Results[],
): Promise<void> {
  await file.write(
    `{"app": ${JSON.stringify(appVersion())},\n"tasks": ${JSON.stringify(tasks)},\n"records": [`,
  );
  for (const [at, { records }] of results.entries())
    await file.write(`${at > 0 ? ', ' : ''}${records.join(', ')}`);
  await file.write(']');
  for (const [name, key] of FIELDS) {
    await file.write(`,\n"${name}": [`);
    for (const [at, { predictions }] of results.entries()) {
      const rows: string[] = [];
      for (let row = 0; row < predictions.size; row++) {
        const values = predictions[key].subarray(row * tasks.length, (row + 1) * tasks.length);
        rows.push(`[${Array.from(values, (value) => JSON.stringify(value)).join(', ')}]`);
      }
      await file.write(`${at > 0 ? ',' : ''}\n${rows.join(',\n')}`);
    }
    await file.write(']');
  }
  await file.write('}\n');
}
