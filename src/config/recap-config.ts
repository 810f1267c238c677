/**
 * RecapConfig: the whole configuration file as one zod schema, the source of types, defaults, descriptions and
 * completion. Keys keep the YAML's names; what is absent or null comes out as null.
 */
import { z } from './zod.ts';
import { dataSchema } from './schema/data.ts';
import { defaulted, optional, required, rule, text } from './schema/fields.ts';
import { optimizerSchema } from './schema/learning-rate.ts';
import { modelSchema } from './schema/model.ts';
import { trainingSchema } from './schema/training.ts';
import { checkAcrossSections } from './schema/cross-rules.ts';

const recapFields = z.strictObject({
  training: defaulted(trainingSchema, trainingSchema.parse({}), 'Steps and intervals.'),
  model: required(modelSchema, 'Backbone, towers and input preparation.'),
  train_data: required(dataSchema, 'The data to train on.'),
  validation_data: required(z.record(z.string(), dataSchema), 'Partitions to evaluate on, by name.'),
  optimizer: required(optimizerSchema, 'Adam and its learning rates.'),
  which_metrics: optional(text(), 'Which metrics to compute.'),
});

/** @throws z.ZodError from `parse`; prefer parseRecapConfig, which gives positions in the text. */
export const recapConfigSchema = rule(recapFields, checkAcrossSections);

export type RecapConfig = z.output<typeof recapConfigSchema>;

export type { TrainingConfig } from './schema/training.ts';
export type { ModelConfig, MultiTaskType, StratifierConfig } from './schema/model.ts';
export type {
  BackboneConfig,
  DcnConfig,
  DlrmConfig,
  DropoutConfig,
  MaskBlockConfig,
  MaskNetConfig,
  MlpConfig,
  TaskModelConfig,
} from './schema/task-model.ts';
export type {
  AffineMapConfig,
  BatchNormConfig,
  DoubleNormLogConfig,
  FeaturizationConfig,
  LayerNormConfig,
} from './schema/featurization.ts';
export type { DataConfig, SegDenseSchemaConfig, TaskDataConfig } from './schema/data.ts';
export type { PreprocessConfig, TruncateAndSliceConfig } from './schema/preprocess.ts';
export type {
  AdamConfig,
  LearningRateConfig,
  LinearRampToConstantConfig,
  LinearRampToCosineConfig,
  MultiTaskLearningRatesConfig,
  OptimizerConfig,
  PiecewiseConstantConfig,
} from './schema/learning-rate.ts';
