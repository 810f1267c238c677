/**
 * Weighted binary cross-entropy on logits, on the CPU in float64: the loss that engines report. A step's logits are a
 * few kilobytes, so reading them back costs no more than reading losses, and log1p is exact here where WGSL's is not.
 */
import { bceWithLogits } from '../metrics/bce.ts';

/** d bceWithLogits / d logit = (1 − y) − (1 + (posWeight − 1)·y)·σ(−x). */
export function bceGradient(logit: number, label: number, posWeight: number): number {
  return 1 - label - (1 + (posWeight - 1) * label) / (1 + Math.exp(logit));
}

/**
 * Mean over the batch of each task's weighted loss.
 * @param logits, labels, weights [size, tasks] row-major; weights null means 1.
 * @param posWeights [tasks].
 */
export function taskLosses(
  logits: ArrayLike<number>,
  labels: ArrayLike<number>,
  weights: ArrayLike<number> | null,
  posWeights: readonly number[],
): Float32Array {
  const tasks = posWeights.length;
  const size = logits.length / tasks;
  return Float32Array.from(posWeights, (posWeight, task) => {
    let sum = 0;
    for (let index = task; index < logits.length; index += tasks)
      sum += (weights?.[index] ?? 1) * bceWithLogits(logits[index] ?? NaN, labels[index] ?? NaN, posWeight);
    return sum / size;
  });
}

/** The total loss: the mean over the tasks. */
export function meanLoss(losses: ArrayLike<number>): number {
  let sum = 0;
  for (let task = 0; task < losses.length; task++) sum += losses[task] ?? NaN;
  return sum / losses.length;
}
