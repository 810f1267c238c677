/** buildGraph: from the configuration's model section and the data's widths to the model graph. */
import type { ModelConfig } from '../config/recap-config.ts';
import { unsupportedProblems } from '../config/unsupported.ts';
import { buildArchitecture } from './architectures.ts';
import { buildEmbeddingNorms } from './embeddings-norm.ts';
import { buildFeaturization } from './featurization.ts';
import type { GraphInput, ModelGraph } from './graph.ts';
import { BACKBONE_GROUP } from './graph.ts';
import type { Value } from './graph-builder.ts';
import { BACKBONE_PLACE, GraphBuilder, GraphError } from './graph-builder.ts';
import { buildPositionDebias, buildSmallEmbeddings } from './small-embeddings.ts';
import type { TaskRates } from './towers.ts';
import { buildTowers } from './towers.ts';
import { zeroGradients } from './zero-gradients.ts';

export { GraphError } from './graph-builder.ts';
export type { TaskRates } from './towers.ts';

/** Columns of every tensor after truncation; a BatchLayout is assignable. */
export type InputWidths = Readonly<Record<GraphInput, number>>;

/** What is no part of the configuration. */
export interface GraphOptions {
  /** Computes gradients that are zero by structure too, rounding noise and all, as the reference does: for comparison. */
  readonly noisyShifts?: boolean;
}

/**
 * @param model as the schema gives it, so that its rules hold.
 * @param widths columns of each input tensor after truncation; 0 for one that the data lacks.
 * @param rates downsampling rates by task, for the calibrators; a task left out has rates of 1.
 * @returns the graph with parameters in the order and under the names of the reference's state dict.
 * @throws GraphError with the configuration path of what can't be built, from the configuration's root.
 */
export function buildGraph(
  model: ModelConfig,
  widths: InputWidths,
  rates: Readonly<Record<string, TaskRates>> = {},
  options: GraphOptions = {},
): ModelGraph {
  const builder = new GraphBuilder();
  for (const { path, message } of unsupportedProblems({ model })) throw new GraphError(path, message);
  const tasks = Object.keys(model.tasks);
  if (tasks.includes(BACKBONE_GROUP))
    throw new GraphError(['model', 'tasks', BACKBONE_GROUP], `a task can't be called "${BACKBONE_GROUP}"`);

  const inputs = new Map<GraphInput, Value>();
  const input = (tensor: GraphInput): Value => {
    const known = inputs.get(tensor);
    if (known) return known;
    const width = widths[tensor];
    const value =
      width > 0
        ? builder.node(tensor, { kind: 'input', tensor }, [], width, ['input'])
        : { id: tensor, width: 0 };
    inputs.set(tensor, value);
    return value;
  };
  const continuous = input('continuous');
  if (continuous.width === 0)
    throw new GraphError(['train_data', 'seg_dense_schema'], 'the data has no continuous feature');

  const features = buildFeaturization(builder, model.featurization_config, continuous, input);
  const discrete = () => input('discrete');
  const small = buildSmallEmbeddings(builder, model.small_embeddings, discrete);
  const norms = buildEmbeddingNorms(builder, input);
  const position = buildPositionDebias(builder, model.position_debias_config, discrete);
  const all = builder.concat('features', [features, ...small, ...norms, ...position], ['features']);
  const embeddings = [...small, ...norms];
  const raw: Value = { ...all, parts: { dense: features, embeddings } };
  const shared = buildShared(builder, model, raw);
  const outputs = buildTowers(builder, model.tasks, shared, rates, ['model', 'tasks']);
  return {
    nodes: builder.nodes,
    parameters: builder.parameters,
    outputs,
    groups: [BACKBONE_GROUP, ...tasks],
    zeroGradients: options.noisyShifts ? new Set() : zeroGradients(builder.nodes),
  };
}

/** What the towers read: the backbone's output, the raw concatenation, or both (raw first). */
function buildShared(builder: GraphBuilder, model: ModelConfig, raw: Value): Value {
  const { backbone, multi_task_type: type } = model;
  if (!backbone) return raw;
  const place = { ...BACKBONE_PLACE, path: ['model', 'backbone'] };
  const output = buildArchitecture(builder, backbone, raw, '_backbone', place);
  return type === 'share_all' ? output : builder.concat('shared', [raw, output], ['backbone']);
}
