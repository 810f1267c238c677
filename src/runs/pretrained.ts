/** Weights that come with the page: what they are of, and whether they are of the model that a configuration describes. */
import type { RecapConfig } from '../config/recap-config.ts';
import { valueDifferences } from './recipe-forms.ts';

/** What stands beside a file of pretrained weights. */
export interface PretrainedNote {
  /** The terminal's arguments that made it, from the project's folder. */
  readonly command: string;
  /** Version of the project that ran it. */
  readonly version: string;
  readonly steps: number;
  readonly seed: number;
  readonly bytes: number;
  /** SHA-256 of the file. */
  readonly sha256: string;
  /** Of the last evaluation of the partition validation: AUROC by task, in float32. */
  readonly auroc: Readonly<Record<string, number>>;
}

/** The weights' file is not the one that was committed. */
export class PretrainedError extends Error {
  override readonly name = 'PretrainedError';
}

/** Everything of a configuration that decides which weights fit, and what they mean. */
function modelOf({ model, train_data: { tasks, seg_dense_schema, preprocess } }: RecapConfig): unknown {
  const ofHeads = Object.entries(tasks).filter(([task]) => Object.hasOwn(model.tasks, task));
  return { model, train_data: { tasks: Object.fromEntries(ofHeads), seg_dense_schema, preprocess } };
}

/**
 * Paths of the configuration in which another model is described than the one that was trained; empty when the weights
 * fit. Steps, rates, batch size and evaluation make no difference.
 */
export function otherModel(trained: RecapConfig, shown: RecapConfig): readonly string[] {
  if (trained === shown) return [];
  return valueDifferences(modelOf(trained), modelOf(shown)).map(({ path }) => path);
}
