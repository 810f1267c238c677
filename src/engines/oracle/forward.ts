/** The oracle's forward pass: one value per node, and what the backward pass needs. */
import type { RecapBatch } from '../../data/recap-batch.ts';
import type { GraphNode, ModelGraph } from '../../graph/graph.ts';
import { OPS } from '../../graph/ops/registry.ts';
import { bceWithLogits } from '../../metrics/bce.ts';
import { dropoutFactors, dropoutKey } from '../dropout.ts';
import { idsOf, keptRows } from '../embedding.ts';
import type { Normalized } from './kernels.ts';
import { gatherRows, interaction } from './embeddings.ts';
import { byColumn, byRow, linear, normalize, normalizeWith, scaleColumns } from './kernels.ts';

export interface ForwardMode {
  readonly training: boolean;
  readonly seed: number;
  readonly step: number;
  readonly microStep: number;
}

export interface ForwardPass {
  /** Every node's value [size, width] by id. */
  readonly values: ReadonlyMap<string, Float64Array>;
  /** Statistics of the norm nodes, by id. */
  readonly normalized: ReadonlyMap<string, Pick<Normalized, 'xhat' | 'inverse'>>;
  /** Factors of the dropout nodes, by id. */
  readonly factors: ReadonlyMap<string, Float32Array>;
  /** New running statistics, by parameter name; empty in evaluation. */
  readonly running: ReadonlyMap<string, Float64Array>;
}

type Parameters = ReadonlyMap<string, Float64Array>;

/** A value that the graph guarantees. */
export function required<T>(map: ReadonlyMap<string, T>, name: string): T {
  const value = map.get(name);
  if (value === undefined) throw new Error(`the oracle has no value for ${name}`);
  return value;
}

export const optional = (parameters: Parameters, name: string | null) =>
  name === null ? null : required(parameters, name);

export function forward(
  graph: ModelGraph,
  batch: RecapBatch,
  parameters: Parameters,
  mode: ForwardMode,
): ForwardPass {
  const values = new Map<string, Float64Array>();
  const normalized = new Map<string, Pick<Normalized, 'xhat' | 'inverse'>>();
  const factors = new Map<string, Float32Array>();
  const running = new Map<string, Float64Array>();
  const rows = batch.size;

  const evaluate = (node: GraphNode, index: number): Float64Array => {
    const inputs = node.inputs.map((id) => required(values, id));
    const [x = new Float64Array()] = inputs;
    const parameter = (name: string) => required(parameters, name);
    switch (node.kind) {
      case 'input':
        return Float64Array.from(batch[node.tensor]);
      case 'element_wise':
        return x.map((value) => OPS[node.op].value(value, node.constants));
      case 'layer_norm': {
        const stats = normalize(x, byRow(rows, node.width), node.epsilon);
        normalized.set(node.id, stats);
        return scaleColumns(
          stats.xhat,
          optional(parameters, node.weight),
          optional(parameters, node.bias),
          node.width,
        );
      }
      case 'batch_norm': {
        const indexing = byColumn(rows, node.width);
        const mean = parameter(node.runningMean);
        const variance = parameter(node.runningVar);
        let stats: Pick<Normalized, 'xhat' | 'inverse'>;
        if (mode.training) {
          const own = normalize(x, indexing, node.epsilon);
          const blend = (old: Float64Array, batchValue: (index: number) => number) =>
            old.map((value, column) => (1 - node.momentum) * value + node.momentum * batchValue(column));
          running.set(
            node.runningMean,
            blend(mean, (column) => own.mean[column] ?? 0),
          );
          running.set(
            node.runningVar,
            blend(variance, (column) => ((own.variance[column] ?? 0) * rows) / (rows - 1)),
          );
          stats = own;
        } else stats = normalizeWith(x, indexing, mean, variance, node.epsilon);
        normalized.set(node.id, stats);
        return scaleColumns(
          stats.xhat,
          optional(parameters, node.weight),
          optional(parameters, node.bias),
          node.width,
        );
      }
      case 'concat':
        return concat(inputs, rows);
      case 'linear':
        return linear(x, parameter(node.weight), optional(parameters, node.bias), node.width);
      case 'dropout': {
        if (!mode.training) return x;
        const key = dropoutKey(mode.seed, mode.step, mode.microStep, index);
        const mask = dropoutFactors(key, node.rate, x.length);
        factors.set(node.id, mask);
        return x.map((value, element) => value * (mask[element] ?? 0));
      }
      case 'multiply':
        return x.map((value, element) => value * (inputs[1]?.[element] ?? NaN));
      case 'add':
        return x.map((value, element) => value + (inputs[1]?.[element] ?? NaN));
      case 'embedding': {
        const kept = keptRows(node, index, rows, mode);
        factors.set(node.id, kept);
        return gatherRows(parameter(node.table), idsOf(node, batch), kept, node.width);
      }
      case 'interaction':
        return interaction(x, rows, node.vectors);
      case 'affine': {
        const [scale = NaN] = parameter(node.weight);
        const [bias = NaN] = parameter(node.bias);
        return x.map((value) => value * scale + bias);
      }
      case 'calibrate': {
        const [ratio = NaN] = parameter(node.ratio);
        return x.map((p) => (ratio * p) / (1 - p + ratio * p));
      }
      case 'loss':
        return Float64Array.of(mode.training ? loss(graph, batch, node.task, node.posWeight, x) : 0);
    }
  };
  graph.nodes.forEach((node, index) => values.set(node.id, evaluate(node, index)));
  return { values, normalized, factors, running };
}

function concat(inputs: readonly Float64Array[], rows: number): Float64Array {
  const width = inputs.reduce((sum, input) => sum + input.length / rows, 0);
  const out = new Float64Array(rows * width);
  for (let row = 0; row < rows; row++) {
    let column = 0;
    for (const input of inputs) {
      const columns = input.length / rows;
      out.set(input.subarray(row * columns, (row + 1) * columns), row * width + column);
      column += columns;
    }
  }
  return out;
}

function loss(
  graph: ModelGraph,
  batch: RecapBatch,
  task: string,
  posWeight: number,
  logits: Float64Array,
): number {
  const tasks = graph.outputs.length;
  const column = graph.outputs.findIndex((output) => output.task === task);
  const sum = logits.reduce((total, logit, row) => {
    const at = row * tasks + column;
    return total + (batch.weights?.[at] ?? 1) * bceWithLogits(logit, batch.labels[at] ?? NaN, posWeight);
  }, 0);
  return sum / batch.size;
}
