/** `preprocess` of a data section: truncation, masks, casts, labels and downsampling. */
import { z } from '../zod.ts';
import { count, defaulted, index, nonNegativeFloat, optional, required, size, text } from './fields.ts';

export const truncateAndSliceSchema = z.strictObject({
  continuous_feature_truncation: optional(size(), 'Continuous columns to keep, from the first.'),
  binary_feature_truncation: optional(size(), 'Binary columns to keep, from the first.'),
  continuous_feature_mask_path: optional(
    text(),
    'Mask file: which of the truncated continuous columns to keep.',
  ),
  binary_feature_mask_path: optional(text(), 'Mask file: which of the truncated binary columns to keep.'),
});
export type TruncateAndSliceConfig = z.output<typeof truncateAndSliceSchema>;

/** Types that `downcast` can round to. */
export const DOWNCAST_TYPES = ['bfloat16', 'bool', 'float32', 'float16', 'uint8'] as const;

export const preprocessSchema = z.strictObject({
  truncate_and_slice: optional(truncateAndSliceSchema, 'Keep the first columns, then those of a mask.'),
  downcast: optional(
    z.strictObject({
      features: defaulted(
        z.record(z.string(), z.enum(DOWNCAST_TYPES)),
        {},
        'Tensor and type to round it to.',
      ),
    }),
    'Round features to a smaller type.',
  ),
  rectify_labels: optional(
    z.strictObject({
      label_rectification_window_in_hours: defaulted(
        nonNegativeFloat(),
        3,
        'Hours after serving in which an engagement counts.',
      ),
      served_timestamp_field: required(text(), 'Field with the time of serving.'),
      impressed_timestamp_field: required(text(), 'Field with the time of impression.'),
      label_to_engaged_timestamp_field: required(
        z.record(z.string(), text()),
        'Label and the field with the time of its engagement.',
      ),
    }),
    'Correct labels whose engagement came outside the window.',
  ),
  extract_features: optional(
    z.strictObject({
      extract_feature_table: defaulted(
        z.array(
          z.strictObject({
            name: required(text(), 'Name of the new feature.'),
            source_tensor: required(text(), 'Tensor to take it from.'),
            index: required(index(), 'Column of the source tensor.'),
          }),
        ),
        [],
        'Features to extract.',
      ),
    }),
    'Columns of dense tensors as features of their own.',
  ),
  downsample_negatives: optional(
    z.strictObject({
      batch_multiplier: optional(count(), 'Batches drawn to fill one batch.'),
      engagements_list: defaulted(z.array(text()), [], 'Engagements whose positive examples are kept.'),
      num_engagements: required(count(), 'Engagements in the model, those of engagements_list among them.'),
    }),
    'Drop examples without engagement.',
  ),
});
export type PreprocessConfig = z.output<typeof preprocessSchema>;
