/** The examples of a file to predict on. */
import type { DataConfig } from '../src/config/recap-config.ts';
import { tfRecordSource } from '../src/data/tfrecord-source.ts';
import type { TfRecordSource } from '../src/data/tfrecord-source.ts';
import type { DataPlan } from '../src/data/layout.ts';
import { dataFile } from './files.ts';

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
