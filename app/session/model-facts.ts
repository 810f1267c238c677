/** The size of the model that a configuration describes, without building an engine. */
import type { RecapConfig } from '../../src/config/recap-config.ts';
import type { DataSchema } from '../../src/data/data-schema.ts';
import { batchLayout } from '../../src/data/layout.ts';
import { sizeOf } from '../../src/formats/state-dict.ts';
import { buildGraph } from '../../src/graph/build.ts';
import { BACKBONE_GROUP } from '../../src/graph/graph.ts';

export interface ModelFacts {
  /** Trained parameters. */
  readonly parameters: number;
  /** Those outside the towers. */
  readonly backbone: number;
  /** Columns that the network reads of one example. */
  readonly inputs: number;
  readonly tasks: number;
}

/** @throws GraphError or DataConfigError naming the key, when model and data do not fit. */
export function modelFacts(config: RecapConfig, schema: DataSchema): ModelFacts {
  const tasks = Object.keys(config.model.tasks);
  const layout = batchLayout(config.train_data, schema, tasks);
  const graph = buildGraph(config.model, layout);
  const trained = graph.parameters.filter((parameter) => parameter.trainable);
  const sum = (parameters: typeof trained): number =>
    parameters.reduce((total, { shape }) => total + sizeOf(shape), 0);
  return {
    parameters: sum(trained),
    backbone: sum(trained.filter(({ group }) => group === BACKBONE_GROUP)),
    inputs: graph.nodes.reduce((columns, node) => columns + (node.kind === 'input' ? node.width : 0), 0),
    tasks: tasks.length,
  };
}
