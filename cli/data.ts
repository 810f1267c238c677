/** Where a command's examples come from: a file that is named, a generator, or the files of the configuration. */
import type { DataConfig } from '../src/config/recap-config.ts';
import { uniformSource } from '../src/data/uniform.ts';
import { tfRecordSource } from '../src/data/tfrecord-source.ts';
import type { TfRecordSource } from '../src/data/tfrecord-source.ts';
import type { DataPlan } from '../src/data/layout.ts';
import type { BatchSource } from '../src/data/recap-batch.ts';
import { CliError } from './command.ts';
import type { Options, OptionSpec } from './command.ts';
import { dataFile, filesMatching } from './files.ts';
import type { DataFile } from './files.ts';
import { refuseUnset } from './run-config.ts';
import type { RunConfig } from './run-config.ts';
import { dirname } from 'node:path';

export const MODES = ['uniform'] as const;

export const MODE_OPTION: OptionSpec = {
  name: 'mode',
  value: MODES.join('|'),
  help: "How examples are drawn: uniform is the reference's draw, labels 0/1.",
};

/** Data to train on, and a word on it for the progress. */
export interface TrainingData {
  readonly source: BatchSource;
  readonly description: string;
  /** Records that were skipped because the configuration says ignore_data_errors. */
  skipped(): number;
  /** What is to be said of the data read so far, each thing once. */
  notes(): readonly string[];
}

const REPEAT_NOTE =
  'repeat_files has no effect: training begins again at the end of the files whatever it says, as in the reference.';

/**
 * --data, or --examples with --mode, or the files that `inputs` names, in this order. They begin again at their end
 * whatever repeat_files says, as in the reference.
 * @throws CliError when two are given, or none and no file matches.
 */
export async function trainingData(
  options: Options,
  run: RunConfig,
  plan: DataPlan,
  seed: number,
): Promise<TrainingData> {
  const examples = options.wholeNumber('examples', 1);
  const path = options.text('data');
  if (examples !== null && path !== null)
    throw new CliError('--data and --examples exclude each other: give one.');
  if (examples === null && options.has('mode')) throw new CliError('--mode needs --examples N.');
  if (examples !== null) {
    options.oneOf('mode', MODES, 'uniform');
    const source = uniformSource(plan, { seed, examples, repeat: true, dropRemainder: true });
    return {
      source,
      description: `${examples} uniform examples, seed ${seed}`,
      skipped: () => 0,
      notes: () => [],
    };
  }
  const files = path !== null ? [await dataFile(path)] : await configuredFiles(run, plan);
  const shuffled = options.oneOf('shuffle', ['true', 'false'], 'true') === 'true';
  const bufferSize = plan.config.examples_shuffle_buffer_size;
  const source = tfRecordSource(plan, {
    files,
    shuffle: shuffled && bufferSize > 0 ? { seed, bufferSize } : null,
    repeat: true,
    dropRemainder: true,
  });
  const unread = plan.config.repeat_files ? [] : [REPEAT_NOTE];
  const [first] = files;
  const description = files.length === 1 && first ? first.name : `${files.length} files`;
  return { source, description, skipped: () => source.badCount, notes: () => [...unread, ...source.notes] };
}

async function configuredFiles(run: RunConfig, plan: DataPlan): Promise<DataFile[]> {
  const pattern = plan.config.inputs;
  if (pattern === null) {
    // One of the two is there: the schema asks for exactly one way to name files.
    const key = plan.config.explicit_date_inputs ? 'explicit_date_inputs' : 'explicit_datetime_inputs';
    throw new CliError(
      `There is no data: train_data.${key} is not read here; give --data FILE or --examples N, or write train_data.inputs in its place.`,
    );
  }
  const paths = await filesMatching(pattern, dirname(run.path));
  if (paths.length === 0) {
    refuseUnset(run, ['train_data', 'inputs']);
    throw new CliError(
      `There is no data: no file matches train_data.inputs "${pattern}"; give --data FILE or --examples N.`,
    );
  }
  return Promise.all(paths.map(dataFile));
}

/** The data section without what drops or changes examples for training. */
export function forPrediction(data: DataConfig): DataConfig {
  const preprocess = data.preprocess && {
    ...data.preprocess,
    downsample_negatives: null,
    rectify_labels: null,
  };
  return { ...data, preprocess };
}

/**
 * Every example of a file, once, in file order, to predict on: labels may be missing, and what would drop or change
 * examples while training does not apply. The batches have their records' numbers.
 */
export async function predictionData(path: string, plan: DataPlan): Promise<TfRecordSource> {
  const files = [await dataFile(path)];
  return tfRecordSource(plan, {
    files,
    shuffle: null,
    repeat: false,
    labelsOptional: true,
    recordNumbers: true,
  });
}
