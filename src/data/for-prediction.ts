import type { DataConfig } from '../config/recap-config.ts';

/** The data section without what drops or changes examples for training. */
export function forPrediction(data: DataConfig): DataConfig {
  const preprocess = data.preprocess && {
    ...data.preprocess,
    downsample_negatives: null,
    rectify_labels: null,
  };
  return { ...data, preprocess };
}
