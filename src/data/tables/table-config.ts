/** The data schema and a RecapConfig for an imported table: a small MaskNet as backbone, one tower a head. */
import { stringify } from 'yaml';
import type { DataSchema, FeatureSpec } from '../data-schema.ts';
import { makeDataSchema } from '../make-data-schema.ts';
import type { TableColumns } from './columns-file.ts';
import { tableLayout } from './table-layout.ts';

/** The schema of the encoded rows: the tensors and labels under the names that the model has for them. */
export function tableSchema(columns: TableColumns): DataSchema {
  const { tensors, heads } = tableLayout(columns);
  const features: FeatureSpec[] = tensors.map(({ name, width }) => ({
    name,
    kind: name === 'binary' ? 'int64_list' : 'float_list',
    length: width,
  }));
  for (const name of heads) features.push({ name, kind: 'int64_list', length: 1 });
  return makeDataSchema(features);
}

/** The schema as the reference's segdense JSON, with the program's version in a key that no reader asks for. */
export function schemaToJson({ features }: DataSchema, app: string): string {
  const lines = features.map(
    ({ name, kind, length }) => `    ${JSON.stringify({ dtype: kind, feature_name: name, length })}`,
  );
  return `{\n  "app": ${JSON.stringify(app)},\n  "schema": [\n${lines.join(',\n')}\n  ]\n}\n`;
}

export interface TableConfigOptions {
  readonly trainRows: number;
  readonly heldOutRows: number;
  /** Globs of the data files, and the schema's path, as the configuration names them. */
  readonly trainInputs: string;
  readonly heldOutInputs: string;
  readonly schemaPath: string;
}

/** Passes over the rows that the schedule is made for. */
const EPOCHS = 12;
const BYTES_IN_SHUFFLE = 134_217_728;

/** Batch and steps by the number of rows: about EPOCHS passes, but neither a handful of steps nor hours. */
export function tableSchedule(rows: number): { readonly batch: number; readonly steps: number } {
  const batch = rows >= 20_000 ? 256 : rows >= 2_000 ? 128 : Math.max(2, Math.min(64, Math.floor(rows / 8)));
  const steps = Math.round((EPOCHS * rows) / batch);
  return { batch, steps: Math.min(6_000, Math.max(300, steps)) };
}

/** The configuration as YAML text with a word on each choice. */
export function tableConfig(columns: TableColumns, options: TableConfigOptions): string {
  const layout = tableLayout(columns);
  const { batch, steps } = tableSchedule(options.trainRows);
  const bytes = 4 * layout.tensors.reduce((sum, { width }) => sum + width, 0) + 200;
  const shuffle = Math.max(1, Math.min(options.trainRows, 65_536, Math.floor(BYTES_IN_SHUFFLE / bytes)));
  const rate = {
    learning_rate: 0.004,
    final_learning_rate: 0.00004,
    num_ramp_steps: Math.ceil(steps / 20),
    final_num_steps: steps,
  };
  const schedule = `{ linear_ramp_to_cosine: { learning_rate: ${rate.learning_rate}, final_learning_rate: ${rate.final_learning_rate}, num_ramp_steps: ${rate.num_ramp_steps}, final_num_steps: ${rate.final_num_steps} } }`;
  const heads = layout.heads.map((name) => yamlKey(name));
  const learning =
    heads.length === 1
      ? `  single_task_learning_rate: ${schedule}`
      : [
          '  multi_task_learning_rates:',
          `    backbone_learning_rate: &rate ${schedule}`,
          '    tower_learning_rates:',
          ...heads.map((name) => `      ${name}: *rate`),
        ].join('\n');
  const titles = columns.heads.map(
    ({ name, title }) => `#   ${name}: the probability that ${comment(title)}`,
  );
  return `# Made from a table of ${options.trainRows + options.heldOutRows} rows: ${options.trainRows} to train on, ${options.heldOutRows} held out. Its columns are in columns.json.
# Heads:
${titles.join('\n')}
training:
  num_train_steps: ${steps}
  train_log_every_n: 1
  eval_log_every_n: ${Math.max(50, Math.round(steps / 10))}
  # All rows that are held out.
  num_eval_steps: -1
  checkpoint_every_n: ${Math.max(100, Math.round(steps / 5))}
  checkpoint_max_to_keep: 3
model:
  # Every tower reads the backbone.
  multi_task_type: share_all
  featurization_config:
    double_norm_log_config:
      # Numbers come near 0 and of about size 1; then signed logarithm, BatchNorm, clamp.
      batch_norm_config: { affine: true, momentum: 0.1 }
      clip_magnitude: 5.0
      # No LayerNorm over the columns: of a few columns it would take away what they say together.
    feature_names_to_concat: [binary]
  backbone:
    mask_net_config:
      use_parallel: true
      mask_blocks:
        - &mask_block { output_size: 32, aggregation_size: 32, input_layer_norm: false }
        - *mask_block
        - *mask_block
      mlp: { layer_sizes: [64], final_layer_activation: true, dropout: { rate: 0.1 } }
  tasks:
${heads.map((name, i) => `    ${name}: ${i === 0 ? '&tower { mlp_config: { layer_sizes: [32, 1] } }' : '*tower'}`).join('\n')}
train_data:
  global_batch_size: ${batch}
  inputs: ${yamlKey(options.trainInputs)}
  # Tables are often sorted: as many rows as possible are shuffled among.
  examples_shuffle_buffer_size: ${shuffle}
  seg_dense_schema: &seg_dense_schema
    schema_path: ${yamlKey(options.schemaPath)}
    renamed_features:
${layout.tensors.map(({ name }) => `      ${name}: ${name}`).join('\n')}
  tasks: &data_tasks
${heads.map((name) => `    ${name}: {}`).join('\n')}
validation_data:
  held_out:
    global_batch_size: 256
    inputs: ${yamlKey(options.heldOutInputs)}
    seg_dense_schema: *seg_dense_schema
    tasks: *data_tasks
optimizer:
  adam: { beta_1: 0.9, beta_2: 0.999, epsilon: 1.0e-07 }
${learning}
`;
}

/** A scalar as YAML writes it, quoted only where it must be. */
function yamlKey(text: string): string {
  return stringify(text).trimEnd();
}

/** A text of the table's in a comment: on its line, and without dollar signs, which would be variables. */
function comment(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').replaceAll('$', '(dollar)');
}
