/** settings.py: the configuration as the exported scripts read it, resolved against the data schema. */
import type { RecapConfig } from '../../config/recap-config.ts';
import type { DataPlan } from '../../data/layout.ts';
import type { GraphInput, ModelGraph } from '../../graph/graph.ts';
import { INPUT_NAMES } from '../input-names.ts';
import { pythonLiteral, PythonName } from './python.ts';
import type { PythonValue } from './python.ts';

export interface SettingsInput {
  readonly graph: ModelGraph;
  readonly config: RecapConfig;
  /** What train_data reads. */
  readonly data: DataPlan;
  /** What each partition of validation_data reads, as far as it can be evaluated. */
  readonly partitions: Readonly<Record<string, DataPlan>>;
  readonly seed: number;
}

/** Name of the configuration in the folder. */
export const CONFIG_FILE = 'config.yaml';

export function settingsSource({ graph, config, data, partitions, seed }: SettingsInput): string {
  const { training, optimizer, model } = config;
  const columns = columnsOf(data);
  const shared = JSON.stringify(columns);
  const section = (plan: DataPlan): Record<string, PythonValue> => {
    const own = columnsOf(plan);
    return dataSection(graph, plan, JSON.stringify(own) === shared ? new PythonName('COLUMNS') : own, config);
  };
  const validation = Object.fromEntries(
    Object.entries(partitions).map(([name, plan]) => [
      name,
      { ...section(plan), evaluation_tasks: plan.config.evaluation_tasks },
    ]),
  );
  const assign = (name: string, value: PythonValue) =>
    `${name} = ${pythonLiteral(value, 0, name.length + 3)}\n`;
  return `"""The configuration that this folder was made from, resolved: see ${CONFIG_FILE} for its text."""

${assign('CONFIG_FILE', CONFIG_FILE)}${assign('SEED', seed)}
${assign('TRAINING', {
  num_train_steps: training.num_train_steps,
  gradient_accumulation: training.gradient_accumulation,
  eval_log_every_n: training.eval_log_every_n,
  num_eval_steps: training.num_eval_steps,
  checkpoint_every_n: training.checkpoint_every_n,
  checkpoint_max_to_keep: training.checkpoint_max_to_keep,
})}
${assign('ADAM', { ...optimizer.adam })}
# By group: the backbone, and a task's tower.
${assign('LEARNING_RATES', learningRates(graph, config))}
# Parameters that no loss depends on, such as a bias that only a BatchNorm reads: they stay as they start.
${assign('FROZEN', [...graph.zeroGradients])}
${assign(
  'STRATIFIERS',
  (model.stratifiers ?? []).map(({ name, index, value }) => ({ name, index, value })),
)}
# Features of the records. kept: columns after truncation; mask: which of these, or None for all.
${assign('COLUMNS', columns)}
# files: a pattern, relative to this folder. tasks: positive and negative downsampling rate.
${assign('TRAIN_DATA', section(data))}
${assign('VALIDATION_DATA', validation)}`;
}

function columnsOf(plan: DataPlan): PythonValue[] {
  return plan.columns.map(({ name, feature, kind, role, rawLength, kept, mask }) => ({
    name,
    feature,
    kind,
    role,
    length: rawLength,
    kept,
    mask: mask && [...mask],
  }));
}

function dataSection(
  graph: ModelGraph,
  plan: DataPlan,
  columns: PythonValue,
  { model }: RecapConfig,
): Record<string, PythonValue> {
  const { config, layout } = plan;
  const steps = config.preprocess;
  const rates = layout.tasks.map((task): [string, PythonValue] => {
    const rate = config.tasks[task];
    return [task, [rate?.pos_downsampling_rate ?? 1, rate?.neg_downsampling_rate ?? 1]];
  });
  return {
    files: config.inputs,
    global_batch_size: config.global_batch_size,
    repeat_files: config.repeat_files,
    num_files_to_keep: config.num_files_to_keep,
    examples_shuffle_buffer_size: config.examples_shuffle_buffer_size,
    ignore_data_errors: config.ignore_data_errors,
    inputs: modelInputs(graph).map((input) => INPUT_NAMES[input]),
    tasks: Object.fromEntries(rates),
    columns,
    keep_discrete: (model.stratifiers ?? []).length > 0 && layout.discrete > 0,
    mask_mantissa_features: config.seg_dense_schema.mask_mantissa_features,
    downsample_negatives: steps?.downsample_negatives ? { ...steps.downsample_negatives } : null,
    downcast: steps?.downcast?.features ?? {},
    rectify_labels: steps?.rectify_labels ? { ...steps.rectify_labels } : null,
    extract_features: (steps?.extract_features?.extract_feature_table ?? []).map((row) => ({ ...row })),
  };
}

/** Tensors that the graph reads, in its order. */
function modelInputs(graph: ModelGraph): GraphInput[] {
  return graph.nodes.flatMap((node) => (node.kind === 'input' ? [node.tensor] : []));
}

/** A learning rate's one shape, by group. */
function learningRates(graph: ModelGraph, { optimizer }: RecapConfig): Record<string, PythonValue> {
  const { multi_task_learning_rates: multi, single_task_learning_rate: single } = optimizer;
  const [backbone] = graph.groups;
  return Object.fromEntries(
    graph.groups.map((group): [string, PythonValue] => {
      const rate =
        single ?? (group === backbone ? multi?.backbone_learning_rate : multi?.tower_learning_rates[group]);
      if (!rate) throw new RangeError(`There is no learning rate for ${group}: add one under optimizer.`);
      return [group, Object.fromEntries(Object.entries(rate).filter(([, shape]) => shape !== null))];
    }),
  );
}
