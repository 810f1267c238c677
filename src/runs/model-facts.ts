/** The size of the model that a configuration describes, without building an engine. */
import type { RecapConfig } from '../config/recap-config.ts';
import type { DataSchema } from '../data/data-schema.ts';
import { batchLayout } from '../data/layout.ts';
import { masksOf, type MaskFiles } from '../data/mask-files.ts';
import { sizeOf } from '../formats/state-dict.ts';
import { graphCost, nodeParameters } from '../graph/cost.ts';
import { BACKBONE_GROUP } from '../graph/graph.ts';
import type { GraphNode, ModelGraph } from '../graph/graph.ts';
import { modelGraph } from '../graph/model-graph.ts';

export interface ModelFacts {
  /** Trained parameters. */
  readonly parameters: number;
  /** Those outside the towers. */
  readonly backbone: number;
  /** Columns that the network reads of one example. */
  readonly inputs: number;
  readonly tasks: number;
  /** Floating-point operations of one batch, forward and backward. */
  readonly stepFlops: number;
  /** What training holds: weights, gradients, Adam's moments, and the activations of one batch. */
  readonly trainingBytes: number;
}

/** @throws GraphError or DataConfigError naming the key, when model and data do not fit. */
export function modelFacts(config: RecapConfig, schema: DataSchema, masks: MaskFiles): ModelFacts {
  const tasks = Object.keys(config.model.tasks);
  const layout = batchLayout(config.train_data, schema, tasks, masksOf(config.train_data, masks));
  const graph = modelGraph(config, layout);
  return factsOf(graph, config.train_data.global_batch_size);
}

/** @param batchSize rows of a training batch. */
export function factsOf(graph: ModelGraph, batchSize: number): ModelFacts {
  const cost = graphCost(graph, batchSize);
  const trained = graph.parameters.filter((parameter) => parameter.trainable);
  const sum = (parameters: typeof trained): number =>
    parameters.reduce((total, { shape }) => total + sizeOf(shape), 0);
  return {
    parameters: sum(trained),
    backbone: sum(trained.filter(({ group }) => group === BACKBONE_GROUP)),
    inputs: graph.nodes.reduce((columns, node) => columns + (node.kind === 'input' ? node.width : 0), 0),
    tasks: graph.outputs.length,
    stepFlops: cost.forwardFlops + cost.backwardFlops,
    trainingBytes: cost.parameterBytes + cost.activationBytes,
  };
}

/** One node of the model as a table shows it. */
export interface LayerFacts {
  readonly id: string;
  readonly kind: GraphNode['kind'];
  /** Where it belongs: ['backbone', 'mask_blocks.0'] or ['tower', task]. */
  readonly scope: readonly string[];
  /** Columns in, of each input, and out. */
  readonly inputs: readonly number[];
  readonly output: number;
  /** State-dict entries with their shapes. */
  readonly tensors: readonly { readonly name: string; readonly shape: readonly number[] }[];
  /** Trained elements. */
  readonly parameters: number;
  /** Floating-point operations of one batch, forward and backward. */
  readonly stepFlops: number;
  readonly activationBytes: number;
}

/** Every node, in the order they are computed. @param batchSize rows of a training batch. */
export function layerFacts(graph: ModelGraph, batchSize: number): LayerFacts[] {
  const widths = new Map(graph.nodes.map(({ id, width }) => [id, width]));
  const shapes = new Map(graph.parameters.map(({ name, shape }) => [name, shape]));
  const costs = graphCost(graph, batchSize).nodes;
  return graph.nodes.map((node, i): LayerFacts => {
    const { parameters, forwardFlops, backwardFlops, activationBytes } = costs[i];
    return {
      id: node.id,
      kind: node.kind,
      scope: node.scope,
      inputs: node.inputs.map((id) => widths.get(id) ?? 0),
      output: node.width,
      tensors: nodeParameters(graph, node).map((name) => ({ name, shape: shapes.get(name) ?? [] })),
      parameters,
      stepFlops: forwardFlops + backwardFlops,
      activationBytes,
    };
  });
}
