/** Random small models, for properties that hold for every configuration. */
import fc from 'fast-check';
import type { ModelInput } from '../../../config/schema/model.ts';
import { modelSchema } from '../../../config/schema/model.ts';
import { buildGraph } from '../../../graph/build.ts';
import type { ModelGraph } from '../../../graph/graph.ts';
import { SMALL_WIDTHS } from '../../testing/small-model.ts';

const width = fc.integer({ min: 1, max: 11 });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });

const batchNorm = fc.record({ affine: fc.boolean(), momentum: fc.constant(0.1) });
const layerNorm = fc.record({
  epsilon: fc.constantFrom(0, 1e-3),
  axis: fc.constant(-1),
  center: fc.constant(true),
  scale: fc.constant(true),
});

/** @param last width of the last layer, if it is given. */
const mlp = (last?: number) =>
  fc.record({
    layer_sizes: fc
      .array(width, { minLength: last === undefined ? 1 : 0, maxLength: 3 })
      .map((sizes) => (last === undefined ? sizes : [...sizes, last])),
    final_layer_activation: last === undefined ? fc.boolean() : fc.constant(false),
    batch_norm: maybe(batchNorm),
    dropout: maybe(fc.record({ rate: fc.constantFrom(0.2, 0.5) })),
  });

const featurization = fc.oneof(
  fc.record({
    double_norm_log_config: fc.record({
      clip_magnitude: fc.constant(1.5),
      batch_norm_config: maybe(batchNorm),
      layer_norm_config: maybe(layerNorm),
    }),
  }),
  fc.constant({ log1p_abs_config: {} }),
  fc.constant({ clip_log1p_abs_config: { clip_magnitude: 1 } }),
);

const maskBlock = fc.oneof(
  fc.record({ output_size: width, aggregation_size: width, input_layer_norm: fc.boolean() }),
  fc.record({
    output_size: width,
    reduction_factor: fc.constantFrom(0.3, 1.7),
    input_layer_norm: fc.boolean(),
  }),
);
const maskBlocks = fc.oneof(
  fc.array(maskBlock, { minLength: 1, maxLength: 4 }),
  // Blocks of one shape are one batched product.
  fc
    .tuple(maskBlock, fc.integer({ min: 2, max: 4 }))
    .map(([block, count]) => Array<typeof block>(count).fill(block)),
);

const backbone = fc.oneof(
  fc.record({
    mask_net_config: fc.record({ use_parallel: fc.boolean(), mask_blocks: maskBlocks, mlp: maybe(mlp()) }),
  }),
  fc.record({ mlp_config: mlp() }),
  fc.record({
    dcn_config: fc.record({ poly_degree: fc.integer({ min: 1, max: 3 }), parallel_mlp: mlp() }),
  }),
);

const tasks = fc.oneof(
  fc.array(mlp(1), { minLength: 1, maxLength: 4 }),
  // Towers of one shape are one batched product.
  fc
    .tuple(mlp(1), fc.integer({ min: 2, max: 4 }))
    .map(([tower, count]) => Array<typeof tower>(count).fill(tower)),
);

const model = fc
  .record({
    featurization_config: featurization,
    multi_task_type: fc.constantFrom('share_all', 'share_partial', 'share_none'),
    backbone,
    towers: tasks,
  })
  .map(({ towers, multi_task_type, ...rest }): ModelInput => {
    const { backbone: shared, ...alone } = rest;
    return {
      ...alone,
      ...(multi_task_type === 'share_none' ? {} : { backbone: shared }),
      multi_task_type,
      tasks: Object.fromEntries(towers.map((tower, i) => [`recap.${'abcd'[i]}`, { mlp_config: tower }])),
    };
  });

/** Graphs of random models on SMALL_WIDTHS. */
export const randomGraph: fc.Arbitrary<ModelGraph> = model.map((input) =>
  buildGraph(modelSchema.parse(input), SMALL_WIDTHS, {}, {}),
);
