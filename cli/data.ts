/** The examples of a file to predict on. */
import { tfRecordSource } from '../src/data/tfrecord-source.ts';
import type { TfRecordSource } from '../src/data/tfrecord-source.ts';
import type { DataPlan } from '../src/data/layout.ts';
import { dataFile } from './files.ts';

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
