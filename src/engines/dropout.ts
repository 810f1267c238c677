/**
 * Dropout masks that every engine computes alike: element i of a dropout node is kept iff
 * hashAt(dropoutKey(…), i) ≥ dropoutThreshold(rate). The kept elements are scaled by dropoutScale(rate).
 */
import type { ModelGraph } from '../graph/graph.ts';
import { hashAt, hashKey } from './hash.ts';

/**
 * The u32 key of one dropout node's mask in one forward pass.
 * @param step the optimizer's step (OptimizerState.step).
 * @param microStep batches accumulated since the last update: 0 without gradient accumulation.
 * @param nodeIndex the node's index in ModelGraph.nodes as buildGraph made it.
 */
export function dropoutKey(seed: number, step: number, microStep: number, nodeIndex: number): number {
  return hashKey(seed, step, microStep, nodeIndex);
}

/** The smallest hash that is kept, u32. */
export function dropoutThreshold(rate: number): number {
  return Math.min(Math.floor(rate * 2 ** 32), 2 ** 32 - 1);
}

/** 1 / (1 − rate); 0 for a rate of 1, which drops everything. */
export function dropoutScale(rate: number): number {
  return rate < 1 ? 1 / (1 - rate) : 0;
}

/** 1 if the element is kept, else 0. Elements count row by row through the node's [batch, width] matrix. */
export function mask(key: number, rate: number, element: number): 0 | 1 {
  return hashAt(key, element) >= dropoutThreshold(rate) ? 1 : 0;
}

/** The factors of `length` elements: 0, or the scale. */
export function dropoutFactors(key: number, rate: number, length: number): Float32Array {
  const factors = new Float32Array(length);
  const threshold = dropoutThreshold(rate);
  const scale = dropoutScale(rate);
  for (let element = 0; element < length; element++)
    if (hashAt(key, element) >= threshold) factors[element] = scale;
  return factors;
}

/** Node index by id, for dropoutKey. */
export function nodeIndices(graph: ModelGraph): ReadonlyMap<string, number> {
  return new Map(graph.nodes.map(({ id }, index) => [id, index]));
}
