/** What every engine asks of a batch before it computes with it. */
import type { RecapBatch } from '../data/recap-batch.ts';
import type { GraphInput, ModelGraph } from '../graph/graph.ts';
import type { LearningRates } from './engine.ts';

/** A batch that does not fit the model; the message names the tensor. */
export class BatchError extends Error {
  override readonly name = 'BatchError';
}

/** The graph's inputs and their widths. */
export function inputWidths(graph: ModelGraph): { tensor: GraphInput; width: number }[] {
  return graph.nodes.flatMap((node) =>
    node.kind === 'input' ? [{ tensor: node.tensor, width: node.width }] : [],
  );
}

/**
 * @param training asks for labels, and for two rows where a BatchNorm needs a variance.
 * @throws BatchError naming the tensor and both lengths.
 */
export function checkBatch(graph: ModelGraph, batch: RecapBatch, training: boolean): void {
  const { size } = batch;
  if (!Number.isInteger(size) || size < 1)
    throw new BatchError(`a batch needs at least one example, not ${size}`);
  const check = (tensor: string, length: number, width: number) => {
    if (length !== size * width)
      throw new BatchError(
        `${tensor} has ${length} values, but ${size} examples of ${width} columns need ${size * width}; was the batch made for another configuration?`,
      );
  };
  for (const { tensor, width } of inputWidths(graph)) check(tensor, batch[tensor].length, width);
  checkIds(graph, batch, training);
  if (!training) return;
  check('labels', batch.labels.length, graph.outputs.length);
  if (batch.weights) check('weights', batch.weights.length, graph.outputs.length);
  if (size === 1 && graph.nodes.some(({ kind }) => kind === 'batch_norm'))
    throw new BatchError('BatchNorm has no variance over one example: train with batches of at least 2');
}

/** Ids of embedding tables: whole numbers that the table has, but for positions, which are only read in training. */
function checkIds(graph: ModelGraph, { discrete, size }: RecapBatch, training: boolean): void {
  const width = discrete.length / size;
  for (const node of graph.nodes) {
    if (node.kind !== 'embedding' || (node.position && !training)) continue;
    const last = node.position ? Infinity : node.rows - 1;
    for (let row = 0; row < size; row++) {
      const id = discrete[row * width + node.column] ?? NaN;
      if (Number.isInteger(id) && id >= 0 && id <= last) continue;
      throw new BatchError(
        `column ${node.column} of discrete is ${id} in example ${row + 1} of the batch, but ${node.table} ${
          node.position ? 'takes whole numbers from 0' : `has rows 0 to ${node.rows - 1}`
        }`,
      );
    }
  }
}

/** The loss nodes' pos_weight, in task order. */
export function posWeights(graph: ModelGraph): number[] {
  const byTask = new Map(
    graph.nodes.flatMap((node) => (node.kind === 'loss' ? [[node.task, node.posWeight]] : [])),
  );
  return graph.outputs.map(({ task }) => byTask.get(task) ?? 1);
}

/** @throws Error naming the group without a finite learning rate, before anything is computed. */
export function checkRates(graph: ModelGraph, rates: LearningRates): void {
  for (const group of graph.groups)
    if (!Number.isFinite(rates[group])) throw new Error(`no finite learning rate for group ${group}`);
}
