/** `model.featurization_config`: what happens to continuous and binary columns before the network sees them. */
import { z } from '../zod.ts';
import {
  defaulted,
  exactlyOneOf,
  flag,
  float,
  nonNegativeFloat,
  optional,
  positiveFloat,
  required,
  rule,
  text,
} from './fields.ts';

export const batchNormSchema = z.strictObject({
  affine: defaulted(flag(), true, 'Learn a scale and an offset per column.'),
  momentum: defaulted(
    z.number().positive().max(1),
    0.1,
    'Share of the new batch in the running statistics: running = (1 − momentum)·running + momentum·batch.',
  ),
});
export type BatchNormConfig = z.output<typeof batchNormSchema>;

export const layerNormSchema = rule(
  z.strictObject({
    epsilon: defaulted(nonNegativeFloat(), 1e-3, 'Added to the variance before the square root.'),
    axis: defaulted(z.int(), -1, 'Axis to normalise over; only −1, the columns of one example, makes sense.'),
    center: defaulted(flag(), true, 'Learn an offset per column; must equal scale.'),
    scale: defaulted(flag(), true, 'Learn a scale per column; must equal center.'),
  }),
  (value, report) => {
    const { axis, center, scale } = value;
    if (typeof center === 'boolean' && typeof scale === 'boolean' && center !== scale) {
      report(
        ['scale'],
        `center is ${center} and scale is ${scale}: PyTorch's LayerNorm learns both or neither, set them alike.`,
        'value',
      );
    }
    if (Number.isInteger(axis) && axis !== -1) {
      report(['axis'], `axis ${String(axis)} cannot be normalised over: use -1, the columns.`, 'value');
    }
  },
);
export type LayerNormConfig = z.output<typeof layerNormSchema>;

export const doubleNormLogSchema = z.strictObject({
  batch_norm_config: optional(
    batchNormSchema,
    'BatchNorm over the continuous columns after the signed logarithm; none when absent.',
  ),
  clip_magnitude: defaulted(
    positiveFloat(),
    5,
    'Normalised values are clamped to −clip_magnitude … clip_magnitude.',
  ),
  layer_norm_config: optional(
    layerNormSchema,
    'LayerNorm over continuous and binary columns together; none when absent.',
  ),
});
export type DoubleNormLogConfig = z.output<typeof doubleNormLogSchema>;

export const zScoreLogSchema = z.strictObject({
  analysis_path: required(text(), 'File with the mean and deviation of each feature.'),
  schema_path: optional(text(), "Data schema the analysis was made with, if not the data section's."),
  clip_magnitude: defaulted(positiveFloat(), 5, 'z-scores are clamped to −clip_magnitude … clip_magnitude.'),
  use_batch_norm: defaulted(flag(), false, 'Normalise with BatchNorm instead of the file.'),
  use_renorm: defaulted(flag(), false, 'Batch renormalisation, so that training and serving agree.'),
  use_bq_stats: defaulted(flag(), false, 'Read the statistics as partitioned JSON.'),
});

/** Tensors that may be joined as raw values. */
const CONCATENATED = ['binary', 'discrete'] as const;

export const featurizationSchema = exactlyOneOf(
  z.strictObject({
    log1p_abs_config: optional(z.strictObject({}), 'Signed logarithm sign(x)·log1p(|x|), nothing else.'),
    clip_log1p_abs_config: optional(
      z.strictObject({
        clip_magnitude: defaulted(nonNegativeFloat(), 3e38, 'Values are clamped to ±clip_magnitude.'),
      }),
      'Signed logarithm, then clamp.',
    ),
    z_score_log_config: optional(
      zScoreLogSchema,
      'z-scores from an analysis file, which the reference does not ship.',
    ),
    double_norm_log_config: optional(
      doubleNormLogSchema,
      "Production's: signed logarithm, BatchNorm, clamp, join the binary columns, LayerNorm.",
    ),
    feature_names_to_concat: defaulted(
      z.array(z.enum(CONCATENATED)),
      ['binary'],
      'Tensors joined as raw values to the continuous columns.',
    ),
  }),
  ['double_norm_log_config', 'log1p_abs_config', 'clip_log1p_abs_config', 'z_score_log_config'],
  'The featurization',
);
export type FeaturizationConfig = z.output<typeof featurizationSchema>;

export const affineMapSchema = z.strictObject({
  scale: defaulted(float(), 1, 'Initial value of the learned scale of the logit.'),
  bias: defaulted(float(), 0, 'Initial value of the learned bias of the logit.'),
});
export type AffineMapConfig = z.output<typeof affineMapSchema>;
