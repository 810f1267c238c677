/** What a graph costs: parameters, floating-point operations and bytes, per node and in all. */
import type { GraphNode, ModelGraph } from './graph.ts';
import { OPS } from './ops/registry.ts';

export interface Cost {
  /** Trained elements. */
  readonly parameters: number;
  /** Elements of buffers: running statistics, clamp bounds, calibration ratios. */
  readonly buffers: number;
  /** Floating-point operations of a prediction; a multiply-add counts as two. */
  readonly forwardFlops: number;
  /** Operations of the backward pass, without input gradients that nothing needs. */
  readonly backwardFlops: number;
  /** Bytes of the outputs that a training step holds, float32. */
  readonly activationBytes: number;
}

export interface NodeCost extends Cost {
  readonly id: string;
  readonly kind: GraphNode['kind'];
}

export interface GraphCost extends Cost {
  readonly batchSize: number;
  readonly nodes: readonly NodeCost[];
  /** Parameters, gradients' sum, and Adam's two moments, float32: what training holds besides activations. */
  readonly parameterBytes: number;
}

const ZERO: Cost = { parameters: 0, buffers: 0, forwardFlops: 0, backwardFlops: 0, activationBytes: 0 };

function sumCosts(costs: Iterable<Cost>): Cost {
  let sum = ZERO;
  for (const cost of costs)
    sum = {
      parameters: sum.parameters + cost.parameters,
      buffers: sum.buffers + cost.buffers,
      forwardFlops: sum.forwardFlops + cost.forwardFlops,
      backwardFlops: sum.backwardFlops + cost.backwardFlops,
      activationBytes: sum.activationBytes + cost.activationBytes,
    };
  return sum;
}

/** @param batchSize rows of a training batch. */
export function graphCost(graph: ModelGraph, batchSize: number): GraphCost {
  const widths = new Map(graph.nodes.map(({ id, width }) => [id, width]));
  const sizes = new Map(
    graph.parameters.map(({ name, shape, trainable }) => [
      name,
      { elements: shape.reduce((product, length) => product * length, 1), trainable },
    ]),
  );
  const trained = trainedNodes(graph);
  const lossful = nodesWithLoss(graph);
  const nodes = graph.nodes.map((node): NodeCost => {
    const inputWidths = node.inputs.map((id) => widths.get(id) ?? 0);
    let parameters = 0;
    let buffers = 0;
    for (const name of nodeParameters(graph, node)) {
      const { elements = 0, trainable = false } = sizes.get(name) ?? {};
      if (trainable) parameters += elements;
      else buffers += elements;
    }
    const inputFlows = lossful.has(node.id) && node.inputs.some((id) => trained.has(id));
    const flops = nodeFlops(node, inputWidths[0] ?? 0, inputFlows, trained.has(node.id));
    return {
      id: node.id,
      kind: node.kind,
      parameters,
      buffers,
      forwardFlops: flops.forward * batchSize,
      backwardFlops: flops.backward * batchSize,
      activationBytes: 4 * node.width * batchSize,
    };
  });
  const sum = sumCosts(nodes);
  return {
    ...sum,
    batchSize,
    nodes,
    parameterBytes: 16 * sum.parameters + 4 * sum.buffers,
  };
}

/** Nodes whose output depends on a trained parameter: gradients stop above them. */
function trainedNodes(graph: ModelGraph): ReadonlySet<string> {
  const trained = new Set<string>();
  for (const node of graph.nodes)
    if (
      ('weight' in node && node.weight !== null) ||
      node.kind === 'embedding' ||
      node.inputs.some((id) => trained.has(id))
    )
      trained.add(node.id);
  return trained;
}

/** Nodes that a loss depends on: gradients come from there. */
function nodesWithLoss(graph: ModelGraph): ReadonlySet<string> {
  const needed = new Set(graph.outputs.map(({ loss }) => loss));
  for (const node of graph.nodes.toReversed())
    if (needed.has(node.id)) node.inputs.forEach((id) => needed.add(id));
  return needed;
}

/** State-dict entries of one node. A clamp's bounds carry its id: the node itself need not name them. */
export function nodeParameters(graph: ModelGraph, node: GraphNode): string[] {
  switch (node.kind) {
    case 'linear':
    case 'affine':
    case 'layer_norm':
      return [node.weight, node.bias].filter((name) => name !== null);
    case 'batch_norm':
      return [node.weight, node.bias, node.runningMean, node.runningVar, node.numBatchesTracked].filter(
        (name) => name !== null,
      );
    case 'embedding':
      return [node.table];
    case 'calibrate':
      return [node.ratio];
    case 'element_wise':
      return graph.parameters.filter(({ name }) => name.startsWith(`${node.id}.`)).map(({ name }) => name);
    case 'input':
    case 'concat':
    case 'dropout':
    case 'multiply':
    case 'add':
    case 'interaction':
    case 'loss':
      return [];
  }
}

/** Operations per example. Element-wise work is counted roughly: the GEMMs are 99 % of the sum. */
function nodeFlops(
  node: GraphNode,
  inputWidth: number,
  inputFlows: boolean,
  trained: boolean,
): { forward: number; backward: number } {
  const { width } = node;
  switch (node.kind) {
    case 'input':
    case 'concat':
      return { forward: 0, backward: 0 };
    case 'linear':
    case 'affine': {
      const gemm = 2 * inputWidth * width;
      return { forward: gemm + width, backward: gemm + width + (inputFlows ? gemm : 0) };
    }
    case 'layer_norm':
    case 'batch_norm':
      return { forward: 8 * width, backward: trained ? (inputFlows ? 11 : 3) * width : 0 };
    case 'calibrate':
      return { forward: 4 * width, backward: 0 };
    case 'element_wise': {
      const forward = OPS[node.op].flops * width;
      return { forward, backward: inputFlows ? forward : 0 };
    }
    case 'dropout':
      return { forward: width, backward: inputFlows ? width : 0 };
    case 'multiply':
      return { forward: width, backward: 2 * width };
    case 'add':
      return { forward: width, backward: 2 * width };
    case 'embedding':
      return { forward: 0, backward: width };
    case 'interaction': {
      const products = (2 * width * inputWidth) / node.vectors;
      return { forward: products, backward: inputFlows ? 2 * products : 0 };
    }
    case 'loss':
      return { forward: 8, backward: 4 };
  }
}
