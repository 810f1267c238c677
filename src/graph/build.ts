/** buildGraph: from the configuration's model section and the data's widths to the model graph. */
import { buildEmbeddingNorms } from './embeddings-norm.ts';
import { buildFeaturization } from './featurization.ts';
import type { GraphInput, ModelGraph } from './graph.ts';
import { BACKBONE_GROUP } from './graph.ts';
import type { Value } from './graph-builder.ts';
import { BACKBONE_PLACE, GraphBuilder, GraphError } from './graph-builder.ts';
import type { ArchitectureShape, ModelShape } from './model-config.ts';
import type { TaskRates } from './towers.ts';
import { buildArchitecture, buildTowers } from './towers.ts';

export { GraphError } from './graph-builder.ts';
export type { ModelShape } from './model-config.ts';
export type { TaskRates } from './towers.ts';

/** Columns of every tensor after truncation; a BatchLayout is assignable. */
export type InputWidths = Readonly<Record<GraphInput, number>>;

/** Keys of the schema whose parts no engine builds yet. */
const UNSUPPORTED = [
  'large_embeddings',
  'small_embeddings',
  'position_debias_config',
  'stratifiers',
] as const;

/**
 * @param widths columns of each input tensor after truncation; 0 for one that the data lacks.
 * @param rates downsampling rates by task, for the calibrators; a task left out has rates of 1.
 * @returns the graph with parameters in the order and under the names of the reference's state dict.
 * @throws GraphError with the configuration path of what can't be built, from the configuration's root.
 */
export function buildGraph(
  model: ModelShape,
  widths: InputWidths,
  rates: Readonly<Record<string, TaskRates>> = {},
): ModelGraph {
  const builder = new GraphBuilder();
  for (const key of UNSUPPORTED) {
    const value = model[key];
    if (value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0))
      throw new GraphError(['model', key], `${key} is not supported yet; leave it null`);
  }
  const tasks = Object.keys(model.tasks);
  if (tasks.length === 0) throw new GraphError(['model', 'tasks'], 'needs at least one task');
  if (tasks.includes(BACKBONE_GROUP))
    throw new GraphError(['model', 'tasks', BACKBONE_GROUP], `a task can't be called "${BACKBONE_GROUP}"`);
  if (!model.featurization_config) throw new GraphError(['model', 'featurization_config'], 'is required');

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

  const features = buildFeaturization(
    builder,
    model.featurization_config,
    continuous,
    { binary: () => input('binary'), discrete: () => input('discrete') },
    ['model', 'featurization_config'],
  );
  const raw = builder.concat('features', [features, ...buildEmbeddingNorms(builder, input)], ['features']);
  const shared = buildShared(builder, model, raw);
  const outputs = buildTowers(builder, model.tasks, shared, rates, ['model', 'tasks']);
  return {
    nodes: builder.nodes,
    parameters: builder.parameters,
    outputs,
    groups: [BACKBONE_GROUP, ...tasks],
  };
}

/** What the towers read: the backbone's output, the raw concatenation, or both (raw first). */
function buildShared(builder: GraphBuilder, model: ModelShape, raw: Value): Value {
  const { backbone, multi_task_type: type } = model;
  const path = ['model', 'backbone'];
  if (type === 'share_none') {
    if (backbone) throw new GraphError(path, 'share_none forbids a backbone; remove it or use share_all');
    return raw;
  }
  if (!backbone) throw new GraphError(path, `${type} needs a backbone; add one or use share_none`);
  checkBackbone(backbone, path);
  const output = buildArchitecture(builder, backbone, raw, '_backbone', { ...BACKBONE_PLACE, path });
  return type === 'share_all' ? output : builder.concat('shared', [raw, output], ['backbone']);
}

/** A backbone has no logit: what acts on logits only is a mistake there, and the reference ignores it silently. */
function checkBackbone(backbone: ArchitectureShape, path: readonly string[]): void {
  if (backbone.affine_map)
    throw new GraphError([...path, 'affine_map'], 'has no meaning on a backbone; set it on a task');
  if ((backbone.pos_weight ?? 1) !== 1)
    throw new GraphError([...path, 'pos_weight'], 'has no meaning on a backbone; set it on a task');
}
