/**
 * All preprocessing of a block, in the reference's order, whatever the order in the file: mantissa masks (part of
 * parsing there); sample weights, from the labels as they were read; downsample_negatives; truncate_and_slice;
 * downcast; rectify_labels; extract_features. Two things follow that the configuration does not say: the weight of an
 * example whose label is rectified stays that of the label before, which is the one that the data was downsampled by;
 * and an extracted column's index counts after truncation and masks. A block that comes with weights keeps them: a
 * teacher knows by which rates each row was kept.
 */
import type { RawBlock } from '../example.ts';
import type { DataPlan } from '../layout.ts';
import { downcast } from './downcast.ts';
import { downsampleNegatives } from './downsample-negatives.ts';
import { extractFeatures } from './extract-features.ts';
import { maskMantissa } from './mask-mantissa.ts';
import { rectifyLabels } from './rectify-labels.ts';
import { sampleWeights } from './sample-weights.ts';
import { truncateAndSlice } from './truncate-and-slice.ts';

/** Applies everything that the plan's data section asks for. The block's views, labels and weights change. */
export function preprocess(block: RawBlock, plan: DataPlan): void {
  const { config, layout, columns } = plan;
  const steps = config.preprocess;
  maskMantissa(block, config.seg_dense_schema.mask_mantissa_features);
  block.weights ??= sampleWeights(block, config.tasks, layout.tasks);
  if (steps?.downsample_negatives)
    downsampleNegatives(block, steps.downsample_negatives, layout.tasks.length);
  truncateAndSlice(block, columns);
  if (steps?.downcast) downcast(block, steps.downcast.features);
  if (steps?.rectify_labels) rectifyLabels(block, steps.rectify_labels);
  if (steps?.extract_features) extractFeatures(block, steps.extract_features.extract_feature_table);
}
