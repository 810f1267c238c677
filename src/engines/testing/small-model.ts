/** Small models of every supported shape, and random batches for them, for tests of all engines. */
import type { RecapBatch } from '../../data/recap-batch.ts';
import type { ModelInput } from '../../config/schema/model.ts';
import { modelSchema } from '../../config/schema/model.ts';
import { buildGraph, type GraphOptions, type InputWidths } from '../../graph/build.ts';
import type { ModelGraph } from '../../graph/graph.ts';
import { BACKBONE_GROUP } from '../../graph/graph.ts';
import type { Value } from '../../graph/graph-builder.ts';
import { BACKBONE_PLACE, GraphBuilder } from '../../graph/graph-builder.ts';
import type { Constants } from '../../graph/ops/element-op.ts';
import type { OpName } from '../../graph/ops/registry.ts';
import { OP_NAMES, OPS } from '../../graph/ops/registry.ts';
import { buildTowers } from '../../graph/towers.ts';
import { zeroGradients } from '../../graph/zero-gradients.ts';
import { hashAt, hashKey } from '../hash.ts';

export const SMALL_WIDTHS: InputWidths = {
  continuous: 7,
  binary: 3,
  discrete: 2,
  userEmbedding: 4,
  userEngEmbedding: 4,
  authorEmbedding: 4,
};

const mlp = (layer_sizes: number[], more: object = {}) => ({
  layer_sizes,
  final_layer_activation: false,
  ...more,
});
const batchNorm = (affine: boolean) => ({ affine, momentum: 0.1 });
const doubleNorm = (affine: boolean | null, epsilon: number | null) => ({
  double_norm_log_config: {
    clip_magnitude: 1.5,
    batch_norm_config: affine === null ? null : batchNorm(affine),
    layer_norm_config: epsilon === null ? null : { epsilon, axis: -1, center: true, scale: true },
  },
});

/** One model per shape that a configuration may have; names say what is special. */
export const SMALL_MODELS: Readonly<Record<string, ModelInput>> = {
  'parallel, BatchNorm towers, dropout': {
    multi_task_type: 'share_all',
    featurization_config: doubleNorm(true, 0),
    backbone: {
      mask_net_config: {
        use_parallel: true,
        mask_blocks: [0, 1, 2].map(() => ({ output_size: 5, aggregation_size: 6, input_layer_norm: false })),
        mlp: mlp([9], { final_layer_activation: true }),
      },
    },
    tasks: {
      'recap.a': { mlp_config: mlp([6, 4, 1], { batch_norm: batchNorm(false) }) },
      'recap.b': {
        mlp_config: mlp([6, 4, 1], { batch_norm: batchNorm(false), dropout: { rate: 0.3 } }),
        pos_weight: 2,
      },
      'recap.c': {
        mlp_config: mlp([6, 4, 1], { batch_norm: batchNorm(false) }),
        affine_map: { scale: 0.7, bias: -0.4 },
      },
    },
  },
  'serial with mlp, share_partial, clipped logarithm': {
    multi_task_type: 'share_partial',
    featurization_config: { clip_log1p_abs_config: { clip_magnitude: 1 } },
    backbone: {
      mask_net_config: {
        use_parallel: false,
        mask_blocks: [
          { output_size: 6, reduction_factor: 0.4, input_layer_norm: true },
          { output_size: 5, aggregation_size: 3, input_layer_norm: false },
        ],
        mlp: mlp([7, 4], {
          final_layer_activation: true,
          dropout: { rate: 0.5 },
          batch_norm: batchNorm(true),
        }),
      },
    },
    tasks: { 'recap.a': { mlp_config: mlp([1]) }, 'recap.b': { mlp_config: mlp([3, 1]) } },
  },
  'one block without mlp, plain logarithm': {
    multi_task_type: 'share_all',
    featurization_config: { log1p_abs_config: {}, feature_names_to_concat: ['binary', 'discrete'] },
    backbone: {
      mask_net_config: {
        use_parallel: true,
        mask_blocks: [{ output_size: 3, aggregation_size: 2, input_layer_norm: true }],
      },
    },
    tasks: { 'recap.a': { mlp_config: mlp([1]) } },
  },
  'no backbone, MLP and MaskNet towers': {
    multi_task_type: 'share_none',
    featurization_config: doubleNorm(null, 1e-3),
    tasks: {
      'recap.a': { mlp_config: mlp([5, 1], { batch_norm: batchNorm(true) }) },
      'recap.b': {
        mask_net_config: {
          use_parallel: true,
          mask_blocks: [1, 2].map((size) => ({
            output_size: size + 2,
            aggregation_size: size,
            input_layer_norm: true,
          })),
          mlp: mlp([1]),
        },
      },
    },
  },
  'MLP backbone, BatchNorm without LayerNorm': {
    multi_task_type: 'share_all',
    featurization_config: doubleNorm(false, null),
    backbone: { mlp_config: mlp([8, 5], { final_layer_activation: true }) },
    tasks: { 'recap.a': { mlp_config: mlp([4, 1], { final_layer_activation: false }) } },
  },
  'DCN: full rank beside an MLP, low rank in front of one': {
    // Its features are twice in what the towers read.
    multi_task_type: 'share_partial',
    featurization_config: doubleNorm(true, 1e-3),
    backbone: { dcn_config: { poly_degree: 3, parallel_mlp: mlp([5], { final_layer_activation: true }) } },
    tasks: {
      'recap.a': {
        dcn_config: {
          poly_degree: 2,
          projection_dim: 3,
          use_parallel: false,
          parallel_mlp: mlp([4]),
          output_mlp: mlp([1]),
        },
      },
      'recap.b': { dcn_config: { poly_degree: 2, output_mlp: mlp([3, 1]) } },
    },
  },
  'DLRM with small embeddings': {
    multi_task_type: 'share_all',
    featurization_config: doubleNorm(null, 1e-3),
    small_embeddings: {
      tables: [
        { name: 'lang.user', num_embeddings: 7, embedding_dim: 4, index: 1 },
        { name: 'lang.tweet', num_embeddings: 5, embedding_dim: 4, index: 0 },
      ],
    },
    backbone: {
      dlrm_config: { bottom_mlp: mlp([6, 4]), top_mlp: mlp([8], { final_layer_activation: true }) },
    },
    tasks: { 'recap.a': { mlp_config: mlp([3, 1]) }, 'recap.b': { mlp_config: mlp([1]) } },
  },
  'small embeddings and positions': {
    multi_task_type: 'share_none',
    featurization_config: { log1p_abs_config: {} },
    small_embeddings: { tables: [{ name: 'country', num_embeddings: 70, embedding_dim: 3, index: 0 }] },
    position_debias_config: {
      max_position: 3,
      num_dims: 2,
      drop_probability: 0.4,
      position_feature_index: 1,
    },
    tasks: { 'recap.a': { mlp_config: mlp([6, 1]) }, 'recap.b': { mlp_config: mlp([1]) } },
  },
};

const EVERY_OP = 'every element-wise operation';

/** Constants for the operations that take some. */
const CONSTANTS: Partial<Record<OpName, Constants>> = { clamp: [-0.4, 0.6] };

/**
 * Every operation of the table behind a product, behind a BatchNorm, in front of one and in front of dropout: no
 * configuration asks for most of them.
 */
function everyOp(): ModelGraph {
  const builder = new GraphBuilder();
  const place = { ...BACKBONE_PLACE, path: [] };
  const width = SMALL_WIDTHS.userEmbedding;
  const input = builder.node(
    'userEmbedding',
    { kind: 'input', tensor: 'userEmbedding' },
    [],
    width,
    place.scope,
  );
  const branches = OP_NAMES.flatMap((op) => {
    const constants = CONSTANTS[op] ?? [];
    const linear = (name: string) => builder.linear(`${name}.linear`, `${name}.linear`, input, 3, place);
    const apply = (id: string, value: Value) => {
      OPS[op].constants.forEach((name, i) => {
        const start = { kind: 'constant', value: constants[i] ?? 0 } as const;
        builder.parameter(`${id}.${name}`, [1], start, place.group, { trainable: false });
      });
      return builder.op(id, op, value, place.scope, constants);
    };
    const norm = (id: string, value: Value) =>
      builder.batchNorm(id, id, value, { affine: true, momentum: 0.1 }, place);
    const dropped = apply(`${op}.2.op`, linear(`${op}.2`));
    return [
      apply(`${op}.0.op`, linear(`${op}.0`)),
      apply(`${op}.1.op`, norm(`${op}.1.norm`, linear(`${op}.1`))),
      builder.node(`${op}.2.dropout`, { kind: 'dropout', rate: 0.3 }, [dropped], 3, place.scope),
      norm(`${op}.3.norm`, apply(`${op}.3.op`, linear(`${op}.3`))),
    ];
  });
  const shared = builder.concat('shared', branches, place.scope);
  const tasks = { 'recap.a': { mlp_config: mlp([1]) } };
  const { tasks: towers } = modelSchema.parse({ tasks, featurization_config: { log1p_abs_config: {} } });
  const outputs = buildTowers(builder, towers, shared, {}, ['model', 'tasks']);
  const { nodes, parameters } = builder;
  return {
    nodes,
    parameters,
    outputs,
    groups: [BACKBONE_GROUP, 'recap.a'],
    zeroGradients: zeroGradients(nodes),
  };
}

/** What smallGraph knows. */
export const SMALL_GRAPHS: readonly string[] = [...Object.keys(SMALL_MODELS), EVERY_OP];

/** The graph of one of them. */
export function smallGraph(name: string, options: GraphOptions = {}): ModelGraph {
  if (name === EVERY_OP) return everyOp();
  const model = SMALL_MODELS[name];
  if (!model) throw new Error(`no small model ${name}`);
  return buildGraph(modelSchema.parse(model), SMALL_WIDTHS, { 'recap.a': { pos: 1, neg: 0.1 } }, options);
}

/** A random batch: heavy-tailed features with a few non-finite ones, 0/1 labels, and weights when asked for. */
export function randomBatch(graph: ModelGraph, size: number, seed: number, weighted = false): RecapBatch {
  const uniform = (stream: number, length: number, map: (u: number, index: number) => number) => {
    const key = hashKey(seed, stream);
    return Float32Array.from({ length }, (_, index) => map((hashAt(key, index) + 0.5) / 2 ** 32, index));
  };
  const centered = (u: number) => 2 * u - 1;
  const widths = SMALL_WIDTHS;
  const tasks = graph.outputs.length;
  return {
    size,
    continuous: uniform(1, size * widths.continuous, (u, index) => {
      if (index % 41 === 7) return [NaN, Infinity, -Infinity, 3e38][index % 4] ?? 0;
      return Math.sign(u - 0.5) * Math.expm1(6 * Math.abs(centered(u)));
    }),
    binary: uniform(2, size * widths.binary, (u) => (u < 0.3 ? 1 : 0)),
    discrete: uniform(3, size * widths.discrete, (u) => Math.floor(u * 5)),
    userEmbedding: uniform(4, size * widths.userEmbedding, centered),
    userEngEmbedding: uniform(5, size * widths.userEngEmbedding, centered),
    authorEmbedding: uniform(6, size * widths.authorEmbedding, centered),
    labels: uniform(7, size * tasks, (u) => (u < 0.4 ? 1 : 0)),
    weights: weighted ? uniform(8, size * tasks, (u) => 0.5 + 20 * u ** 4) : null,
  };
}

/** Rows [from, to) of a batch. */
export function rows(batch: RecapBatch, from: number, to: number): RecapBatch {
  const part = (array: Float32Array) => {
    const width = array.length / batch.size;
    return array.slice(from * width, to * width);
  };
  return {
    size: to - from,
    continuous: part(batch.continuous),
    binary: part(batch.binary),
    discrete: part(batch.discrete),
    userEmbedding: part(batch.userEmbedding),
    userEngEmbedding: part(batch.userEngEmbedding),
    authorEmbedding: part(batch.authorEmbedding),
    labels: part(batch.labels),
    weights: batch.weights && part(batch.weights),
  };
}
