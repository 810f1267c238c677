/** The oracle's backward pass: gradients of the mean task loss by parameter name, and slopes of one value by another. */
import type { RecapBatch } from '../../data/recap-batch.ts';
import type { GraphNode, ModelGraph } from '../../graph/graph.ts';
import { OPS } from '../../graph/ops/registry.ts';
import { bceGradient } from '../bce.ts';
import { idsOf } from '../embedding.ts';
import { interactionBackward, scatterRows } from './embeddings.ts';
import type { ForwardPass } from './forward.ts';
import { optional, required } from './forward.ts';
import { byColumn, byRow, linearBackward, normalizeBackward, scaleColumnsBackward } from './kernels.ts';

type Vectors = Map<string, Float64Array>;

/** @param pass in training mode. @returns gradients by parameter name. */
export function backward(
  graph: ModelGraph,
  batch: RecapBatch,
  parameters: ReadonlyMap<string, Float64Array>,
  pass: ForwardPass,
): Vectors {
  return propagate(graph, batch, parameters, pass, null).gradients;
}

/**
 * How the sum of a node's values over the batch answers to every value before it: ∂Σy/∂x by node id, each [size, width].
 * @param pass in evaluation mode: running statistics are constants, and each row's slopes are its own.
 */
export function slopes(
  graph: ModelGraph,
  batch: RecapBatch,
  parameters: ReadonlyMap<string, Float64Array>,
  pass: ForwardPass,
  id: string,
): ReadonlyMap<string, Float64Array> {
  return propagate(graph, batch, parameters, pass, id).flowing;
}

/** @param of the node whose slopes are wanted, in evaluation mode; null for the loss, in training mode. */
function propagate(
  graph: ModelGraph,
  batch: RecapBatch,
  parameters: ReadonlyMap<string, Float64Array>,
  pass: ForwardPass,
  of: string | null,
): { readonly gradients: Vectors; readonly flowing: Vectors } {
  const gradients: Vectors = new Map();
  const flowing: Vectors = new Map();
  const rows = batch.size;
  if (of !== null) flowing.set(of, new Float64Array(required(pass.values, of).length).fill(1));

  const add = (into: Vectors, name: string | null, gradient: Float64Array) => {
    if (name === null) return;
    if (graph.zeroGradients.has(name)) {
      into.set(name, new Float64Array(gradient.length));
      return;
    }
    const sum = into.get(name);
    if (sum) gradient.forEach((value, index) => (sum[index] = (sum[index] ?? 0) + value));
    else into.set(name, Float64Array.from(gradient));
  };
  const send = (node: GraphNode, gradient: Float64Array, input = 0) =>
    add(flowing, node.inputs[input] ?? null, gradient);

  for (const node of graph.nodes.toReversed()) {
    if (node.kind === 'loss') {
      if (of !== null) continue;
      send(
        node,
        lossGradient(graph, batch, node.task, node.posWeight, required(pass.values, node.inputs[0] ?? '')),
      );
      continue;
    }
    const dy = flowing.get(node.id);
    if (!dy) continue; // sigmoid and calibrate: no loss depends on them
    const x = node.inputs[0] === undefined ? dy : required(pass.values, node.inputs[0]);
    switch (node.kind) {
      case 'input':
        break; // nothing below is trained
      case 'element_wise':
        send(
          node,
          dy.map((gradient, index) => gradient * OPS[node.op].slope(x[index] ?? NaN, node.constants)),
        );
        break;
      case 'layer_norm':
      case 'batch_norm': {
        const stats = required(pass.normalized, node.id);
        const weight = optional(parameters, node.weight);
        const { dxhat, dweight, dbias } = scaleColumnsBackward(dy, stats.xhat, weight, node.width);
        add(gradients, node.weight, dweight);
        add(gradients, node.bias, dbias);
        if (of !== null && node.kind === 'batch_norm') {
          send(
            node,
            dxhat.map((gradient, index) => gradient * (stats.inverse[index % node.width] ?? NaN)),
          );
          break;
        }
        const indexing = node.kind === 'layer_norm' ? byRow(rows, node.width) : byColumn(rows, node.width);
        send(node, normalizeBackward(dxhat, stats, indexing));
        break;
      }
      case 'concat': {
        let column = 0;
        node.inputs.forEach((id, input) => {
          const columns = required(pass.values, id).length / rows;
          const part = new Float64Array(rows * columns);
          for (let row = 0; row < rows; row++)
            part.set(
              dy.subarray(row * node.width + column, row * node.width + column + columns),
              row * columns,
            );
          send(node, part, input);
          column += columns;
        });
        break;
      }
      case 'linear': {
        const { dx, dw, db } = linearBackward(dy, x, required(parameters, node.weight), node.width);
        add(gradients, node.weight, dw);
        add(gradients, node.bias, db);
        send(node, dx);
        break;
      }
      case 'dropout': {
        const factors = pass.factors.get(node.id);
        send(
          node,
          dy.map((gradient, index) => gradient * (factors?.[index] ?? 1)),
        );
        break;
      }
      case 'multiply': {
        const other = required(pass.values, node.inputs[1] ?? '');
        send(
          node,
          dy.map((gradient, index) => gradient * (other[index] ?? 0)),
        );
        send(
          node,
          dy.map((gradient, index) => gradient * (x[index] ?? 0)),
          1,
        );
        break;
      }
      case 'add':
        send(node, dy);
        send(node, dy, 1);
        break;
      case 'embedding': {
        const kept = pass.factors.get(node.id) ?? new Float32Array(rows);
        add(gradients, node.table, scatterRows(dy, idsOf(node, batch), kept, node.rows));
        break;
      }
      case 'interaction':
        send(node, interactionBackward(dy, x, rows, node.vectors));
        break;
      case 'affine': {
        const [scale = NaN] = required(parameters, node.weight);
        add(
          gradients,
          node.weight,
          Float64Array.of(dy.reduce((sum, gradient, row) => sum + gradient * (x[row] ?? 0), 0)),
        );
        add(gradients, node.bias, Float64Array.of(dy.reduce((sum, gradient) => sum + gradient, 0)));
        send(
          node,
          dy.map((gradient) => gradient * scale),
        );
        break;
      }
      case 'calibrate':
        throw new Error(`no loss of the graph depends on ${node.id}`);
    }
  }
  return { gradients, flowing };
}

/** d(mean over tasks and batch of weight · BCE) / d logit, [size]. */
function lossGradient(
  graph: ModelGraph,
  batch: RecapBatch,
  task: string,
  posWeight: number,
  logits: Float64Array,
): Float64Array {
  const tasks = graph.outputs.length;
  const column = graph.outputs.findIndex((output) => output.task === task);
  return logits.map((logit, row) => {
    const at = row * tasks + column;
    const weight = batch.weights?.[at] ?? 1;
    return (weight * bceGradient(logit, batch.labels[at] ?? NaN, posWeight)) / (batch.size * tasks);
  });
}
