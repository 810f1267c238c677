/** Interprets a model graph with tfjs operations, up to the logits: sigmoid, calibration and loss follow on the CPU. */
import * as tf from '@tensorflow/tfjs-core';
import type { RecapBatch } from '../../data/recap-batch.ts';
import type { GraphNode, ModelGraph } from '../../graph/graph.ts';
import { OPS } from '../../graph/ops/registry.ts';
import { dropoutFactors, dropoutKey, nodeIndices } from '../dropout.ts';
import { idsOf, keptRows } from '../embedding.ts';
import { embedding, interaction } from './embeddings.ts';
import type { BatchStatistics } from './ops.ts';
import * as ops from './ops.ts';

/** The nodes that the logits need, split into those that no trained parameter reaches and the rest. */
export interface Program {
  readonly graph: ModelGraph;
  /** Featurization without parameters: evaluated outside the tape. */
  readonly fixed: readonly GraphNode[];
  readonly trained: readonly GraphNode[];
  readonly logits: readonly string[];
  readonly indices: ReadonlyMap<string, number>;
  /** Names of all running statistics. */
  readonly running: ReadonlySet<string>;
}

export function compile(graph: ModelGraph): Program {
  const needed = new Set(graph.outputs.map(({ logit }) => logit));
  for (const node of graph.nodes.toReversed())
    if (needed.has(node.id)) node.inputs.forEach((id) => needed.add(id));
  const nodes = graph.nodes.filter(({ id }) => needed.has(id));
  const flowing = new Set<string>();
  for (const node of nodes)
    if (parametersOf(node).length > 0 || node.inputs.some((id) => flowing.has(id))) flowing.add(node.id);
  return {
    graph,
    fixed: nodes.filter(({ id }) => !flowing.has(id)),
    trained: nodes.filter(({ id }) => flowing.has(id)),
    logits: graph.outputs.map(({ logit }) => logit),
    indices: nodeIndices(graph),
    running: new Set(
      nodes.flatMap((node) => (node.kind === 'batch_norm' ? [node.runningMean, node.runningVar] : [])),
    ),
  };
}

/** Trained parameters of a node. */
function parametersOf(node: GraphNode): string[] {
  if (node.kind === 'embedding') return [node.table];
  if (!('weight' in node)) return [];
  return [node.weight, node.bias].filter((name) => name !== null);
}

/** What a pass over the nodes needs to know. */
export interface Pass {
  readonly batch: RecapBatch;
  /** [1, size] of ones, and of 1/size. */
  readonly ones: tf.Tensor;
  readonly averages: tf.Tensor;
  /** Trained parameters and running statistics by name. */
  readonly parameter: (name: string) => tf.Tensor;
  /** Null in evaluation. */
  readonly training: {
    readonly seed: number;
    readonly step: number;
    readonly microStep: number;
    /** Called once per BatchNorm. */
    readonly statistics: (node: GraphNode & { kind: 'batch_norm' }, statistics: BatchStatistics) => void;
  } | null;
}

/** What keptRows asks of a prediction. */
const EVALUATION = { training: false, seed: 0, step: 0, microStep: 0 };

/** Evaluates nodes in order, adding to `values`. */
export function evaluate(
  program: Program,
  nodes: readonly GraphNode[],
  values: Map<string, tf.Tensor>,
  pass: Pass,
): void {
  const fixed = new Set(program.fixed.map(({ id }) => id));
  for (const node of nodes) {
    const inputs = node.inputs.map((id) => {
      const value = values.get(id);
      if (!value) throw new Error(`node ${node.id} reads ${id}, which was not evaluated`);
      return value;
    });
    values.set(node.id, evaluateNode(program, node, inputs, pass, !fixed.has(node.inputs[0] ?? '')));
  }
}

function evaluateNode(
  program: Program,
  node: GraphNode,
  inputs: readonly tf.Tensor[],
  pass: Pass,
  flows: boolean,
): tf.Tensor {
  const { batch, ones, averages, parameter, training } = pass;
  const optional = (name: string | null) => (name === null ? null : parameter(name));
  const learns = (name: string | null) => name !== null && !program.graph.zeroGradients.has(name);
  const affineOf = ({ weight, bias }: { weight: string | null; bias: string | null }) => ({
    weight: optional(weight),
    bias: optional(bias),
    learnsBias: learns(bias),
  });
  if (node.kind === 'input') return upload(program, node, batch);
  const [x, second] = inputs;
  if (!x) throw new Error(`node ${node.id} has no input`);
  switch (node.kind) {
    case 'element_wise': {
      const op = OPS[node.op];
      return flows ? ops.elementWise(x, op, node.constants) : op.tfjs.value(tf, x, node.constants);
    }
    case 'layer_norm': {
      const affine = affineOf(node);
      return ops.normalize(x, affine, ops.rowMean, node.epsilon, ones, flows);
    }
    case 'batch_norm': {
      const affine = affineOf(node);
      if (!training)
        return ops.normalizeWith(
          x,
          parameter(node.runningMean),
          parameter(node.runningVar),
          affine,
          node.epsilon,
        );
      return ops.normalize(x, affine, ops.columnMean(averages), node.epsilon, ones, flows, (statistics) =>
        training.statistics(node, statistics),
      );
    }
    case 'concat':
      return flows || inputs.length > 1 ? ops.concat(inputs) : x;
    // A logit's affine map is a Linear of one column.
    case 'linear':
    case 'affine':
      return ops.linear(x, parameter(node.weight), optional(node.bias), learns(node.bias), ones, flows);
    case 'dropout': {
      if (!training) return x;
      const index = program.indices.get(node.id) ?? 0;
      const key = dropoutKey(training.seed, training.step, training.microStep, index);
      const factors = tf.tensor2d(dropoutFactors(key, node.rate, x.size), [batch.size, node.width]);
      return ops.dropout(x, factors);
    }
    case 'multiply': {
      if (!second) throw new Error(`node ${node.id} needs two inputs`);
      return ops.multiply(x, second, flows);
    }
    case 'add': {
      if (!second) throw new Error(`node ${node.id} needs two inputs`);
      return ops.add(x, second);
    }
    case 'embedding': {
      const mode = training ? { ...training, training: true } : EVALUATION;
      const kept = keptRows(node, program.indices.get(node.id) ?? 0, batch.size, mode);
      return embedding(parameter(node.table), idsOf(node, batch), kept);
    }
    case 'interaction':
      return interaction(x, node.vectors);
    case 'calibrate':
    case 'loss':
      throw new Error(`${node.kind} is computed on the CPU`);
  }
}

/**
 * Uploads one input. Non-finite values become 0 here for an operation that filters them: shader compilers may assume that there
 * are none, so a test for them on the device can't be trusted.
 */
function upload(program: Program, node: GraphNode & { kind: 'input' }, batch: RecapBatch): tf.Tensor {
  const data = batch[node.tensor];
  const shape: [number, number] = [batch.size, node.width];
  const filtered = program.graph.nodes.some(
    (each) => each.kind === 'element_wise' && OPS[each.op].filtersNonFinite && each.inputs.includes(node.id),
  );
  // A copy always: tfjs keeps the array until it uploads, and the caller may reuse or transfer the batch.
  return tf.tensor2d(
    filtered ? data.map((value) => (Number.isFinite(value) ? value : 0)) : data.slice(),
    shape,
  );
}

/** The heads' logits [size, tasks]. */
export function logitsOf(program: Program, values: ReadonlyMap<string, tf.Tensor>): tf.Tensor {
  const columns = program.logits.map((id) => {
    const value = values.get(id);
    if (!value) throw new Error(`no value for the logit ${id}`);
    return value;
  });
  return ops.concat(columns);
}
