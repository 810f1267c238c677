/** The `model` section: tasks, backbone, featurization, and the optional parts the engine may not do yet. */
import { z } from '../zod.ts';
import { isPlainObject } from '../plain-object.ts';
import { count, defaulted, float, index, optional, required, rule, size, text } from './fields.ts';
import { featurizationSchema } from './featurization.ts';
import { learningRateSchema } from './learning-rate.ts';
import { maskNetSchema, mlpSchema, taskModelSchema } from './task-model.ts';

const smallEmbeddingsSchema = z.strictObject({
  tables: required(
    z.array(
      z.strictObject({
        name: required(text(), 'Name of the table.'),
        num_embeddings: required(count(), 'Rows of the table.'),
        embedding_dim: required(size(), 'Width of a row.'),
        index: required(index(), 'Column of the discrete tensor that picks the row.'),
      }),
    ),
    'The tables.',
  ),
});

const largeEmbeddingsSchema = z.strictObject({
  tables: required(
    z.array(
      z.strictObject({
        name: required(text(), 'Name of the table.'),
        num_embeddings: required(count(), 'Rows of the table.'),
        embedding_dim: required(size(), 'Width of a row.'),
        pretrained: optional(
          z.strictObject({
            emb_name: required(text(), 'Name of the table in the snapshot.'),
            embedding_snapshot_uri: required(text(), 'Where the snapshot lies.'),
          }),
          'Snapshot to start from.',
        ),
        vocab: optional(text(), 'Folder that maps entity ids to rows.'),
      }),
    ),
    'The tables.',
  ),
  optimizer: required(
    z.strictObject({
      learning_rate: optional(learningRateSchema, 'Schedule of the tables.'),
      init_learning_rate: required(float(), 'First learning rate of the tables.'),
    }),
    'Optimizer of the tables.',
  ),
  tables_to_log: optional(z.array(text()), 'Tables to log.'),
});

const positionDebiasSchema = z.strictObject({
  max_position: defaulted(count(), 256, 'Positions from here on share one row.'),
  num_dims: defaulted(size(), 64, 'Width of a row.'),
  drop_probability: defaulted(z.number().min(0).max(1), 0.5, 'Share of examples without position.'),
  position_feature_index: required(index(), 'Column of the discrete tensor with the position.'),
});

const stratifierSchema = z.strictObject({
  name: required(text(), 'Name of the stratum in the metrics.'),
  index: required(index(), 'Column of the discrete tensor.'),
  value: required(z.int(), 'Value that puts an example into the stratum.'),
});
export type StratifierConfig = z.output<typeof stratifierSchema>;

export const MULTI_TASK_TYPES = ['share_none', 'share_all', 'share_partial'] as const;
export type MultiTaskType = (typeof MULTI_TASK_TYPES)[number];

/** Width of a tower's output as far as its configuration tells it, else null. */
function outputWidth(
  tower: Readonly<Record<string, unknown>>,
): { width: number; path: PropertyKey[] } | null {
  const mlp = mlpSchema.safeParse(tower['mlp_config']);
  if (mlp.success) {
    const sizes = mlp.data.layer_sizes;
    return { width: sizes.at(-1) ?? 0, path: ['mlp_config', 'layer_sizes', sizes.length - 1] };
  }
  const maskNet = maskNetSchema.safeParse(tower['mask_net_config']);
  if (!maskNet.success) return null;
  const { mask_blocks: blocks, mlp: head, use_parallel: parallel } = maskNet.data;
  if (head) {
    const last = head.layer_sizes.length - 1;
    return { width: head.layer_sizes[last] ?? 0, path: ['mask_net_config', 'mlp', 'layer_sizes', last] };
  }
  const width = parallel
    ? blocks.reduce((sum, block) => sum + block.output_size, 0)
    : (blocks.at(-1)?.output_size ?? 0);
  return { width, path: ['mask_net_config', 'mask_blocks', blocks.length - 1, 'output_size'] };
}

const modelFields = z.strictObject({
  tasks: required(z.record(z.string(), taskModelSchema), 'A tower for each task, by name of its label.'),
  large_embeddings: optional(largeEmbeddingsSchema, 'Embedding tables looked up outside the model.'),
  small_embeddings: optional(smallEmbeddingsSchema, 'Embedding tables for columns of the discrete tensor.'),
  position_debias_config: optional(
    positionDebiasSchema,
    "Embedding of the tweet's position in the timeline.",
  ),
  featurization_config: required(featurizationSchema, 'How continuous and binary columns are prepared.'),
  multi_task_type: defaulted(
    z.enum(MULTI_TASK_TYPES),
    'share_none',
    'What towers read: the backbone (share_all), the input (share_none), or both (share_partial).',
  ),
  backbone: optional(taskModelSchema, 'Network that the towers share.'),
  stratifiers: optional(z.array(stratifierSchema), 'Slices of the data with metrics of their own.'),
});

export const modelSchema = rule(modelFields, (value, report) => {
  const { multi_task_type: type, backbone, tasks } = value;
  if (type === 'share_none' && backbone !== null && backbone !== undefined) {
    report(
      ['backbone'],
      'share_none has no backbone: remove it, or set multi_task_type to share_all or share_partial.',
    );
  }
  if ((type === 'share_all' || type === 'share_partial') && (backbone === null || backbone === undefined)) {
    report(
      ['multi_task_type'],
      `${type} needs a backbone: add one, or set multi_task_type to share_none.`,
      'value',
    );
  }
  if (!isPlainObject(tasks)) return;
  if (Object.keys(tasks).length === 0) report(['tasks'], 'The model has no tasks: add at least one tower.');
  for (const [task, tower] of Object.entries(tasks)) {
    if (!isPlainObject(tower)) continue;
    const output = outputWidth(tower);
    if (output && output.width !== 1) {
      report(
        ['tasks', task, ...output.path],
        `A tower ends in one logit, this one in ${output.width} numbers: make the last size 1.`,
        'value',
      );
    }
  }
});
export type ModelConfig = z.output<typeof modelSchema>;
/** The section as a file may write it, with keys left out. */
export type ModelInput = z.input<typeof modelSchema>;
