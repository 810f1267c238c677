/** Which rows of an embedding's table the examples of a batch read; every engine computes them alike. */
import type { RecapBatch } from '../data/recap-batch.ts';
import type { NodeOf } from '../graph/graph.ts';
import { dropoutFactors, dropoutKey } from './dropout.ts';

/** The table's row of every example; checkBatch has seen to it that there is one. */
export function idsOf({ column, rows }: NodeOf<'embedding'>, { discrete, size }: RecapBatch): number[] {
  const width = discrete.length / size;
  return Array.from({ length: size }, (_, row) =>
    Math.max(0, Math.min(discrete[row * width + column] ?? 0, rows - 1)),
  );
}

/** 1 where an example reads its row, 0 where it reads zeros: see the node's `position`. */
export function keptRows(
  { position }: NodeOf<'embedding'>,
  nodeIndex: number,
  size: number,
  mode: {
    readonly training: boolean;
    readonly seed: number;
    readonly step: number;
    readonly microStep: number;
  },
): Float32Array {
  if (!position) return new Float32Array(size).fill(1);
  if (!mode.training) return new Float32Array(size);
  const key = dropoutKey(mode.seed, mode.step, mode.microStep, nodeIndex);
  return dropoutFactors(key, position.dropProbability, size).map((factor) => (factor > 0 ? 1 : 0));
}
