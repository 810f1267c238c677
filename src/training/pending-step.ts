/** A step that was submitted and is not answered yet, and what its answers say. */
import type { RecapBatch } from '../data/recap-batch.ts';
import type { LearningRates, StepResult } from '../engines/engine.ts';
import type { TrainingSource } from './training-source.ts';

export interface PendingStep {
  readonly step: number;
  readonly batches: readonly RecapBatch[];
  readonly rates: LearningRates;
  /** Consumed up to and with this step. */
  readonly examples: number;
  readonly results: readonly Promise<StepResult>[];
}

/** The batches of one update; fewer at the end of the data, none behind it. */
export async function takeBatches(source: TrainingSource, wanted: number): Promise<RecapBatch[]> {
  const batches: RecapBatch[] = [];
  while (batches.length < wanted) {
    const batch = await source.next();
    if (!batch) break;
    batches.push(batch);
  }
  return batches;
}

/** Means over the batches of one update: the loss, and each task's. */
export function meanLosses(results: readonly StepResult[]): {
  readonly loss: number;
  readonly taskLosses: number[];
} {
  const mean = (of: (result: StepResult) => number): number =>
    results.reduce((sum, result) => sum + of(result), 0) / results.length;
  const width = results[0]?.taskLosses.length ?? 0;
  return {
    loss: mean(({ loss }) => loss),
    taskLosses: Array.from({ length: width }, (_, task) => mean(({ taskLosses }) => taskLosses[task] ?? 0)),
  };
}
