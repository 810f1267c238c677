/** The size of the model that a configuration describes, without building an engine. */
import type { RecapConfig } from '../../src/config/recap-config.ts';
import type { DataSchema } from '../../src/data/data-schema.ts';
import { batchLayout } from '../../src/data/layout.ts';
import { masksOf, type MaskFiles } from '../../src/data/mask-files.ts';
import { sizeOf } from '../../src/formats/state-dict.ts';
import { graphCost } from '../../src/graph/cost.ts';
import { BACKBONE_GROUP } from '../../src/graph/graph.ts';
import { modelGraph } from '../../src/graph/model-graph.ts';

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
  const cost = graphCost(graph, config.train_data.global_batch_size);
  const trained = graph.parameters.filter((parameter) => parameter.trainable);
  const sum = (parameters: typeof trained): number =>
    parameters.reduce((total, { shape }) => total + sizeOf(shape), 0);
  return {
    parameters: sum(trained),
    backbone: sum(trained.filter(({ group }) => group === BACKBONE_GROUP)),
    inputs: graph.nodes.reduce((columns, node) => columns + (node.kind === 'input' ? node.width : 0), 0),
    tasks: tasks.length,
    stepFlops: cost.forwardFlops + cost.backwardFlops,
    trainingBytes: cost.parameterBytes + cost.activationBytes,
  };
}
