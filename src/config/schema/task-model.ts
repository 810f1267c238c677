/** One architecture (backbone or tower): MLP, MaskNet, DCN or DLRM, with its affine map and positive weight. */
import { z } from '../zod.ts';
import {
  MAX_LAYERS,
  count,
  defaulted,
  exactlyOneOf,
  flag,
  nonNegativeFloat,
  optional,
  positiveFloat,
  required,
  size,
} from './fields.ts';
import { affineMapSchema, batchNormSchema } from './featurization.ts';

export const dropoutSchema = z.strictObject({
  rate: defaulted(z.number().positive().lt(1), 0.1, 'Share of the activations dropped while training.'),
});
export type DropoutConfig = z.output<typeof dropoutSchema>;

export const mlpSchema = z.strictObject({
  layer_sizes: required(
    z.array(size()).min(1).max(MAX_LAYERS),
    'Output width of each Linear; ReLU after all but the last.',
  ),
  batch_norm: optional(batchNormSchema, 'BatchNorm after each hidden Linear, before its ReLU.'),
  dropout: optional(dropoutSchema, 'Dropout after each hidden ReLU.'),
  final_layer_activation: defaulted(flag(), false, 'ReLU after the last Linear too.'),
});
export type MlpConfig = z.output<typeof mlpSchema>;

export const maskBlockSchema = exactlyOneOf(
  z.strictObject({
    output_size: required(size(), 'Output width of the block.'),
    reduction_factor: optional(
      positiveFloat(),
      "Width of the mask's hidden layer as a multiple of its input, rounded down.",
    ),
    aggregation_size: optional(size(), "Width of the mask's hidden layer."),
    input_layer_norm: required(flag(), 'LayerNorm on the input before the mask multiplies it.'),
  }),
  ['aggregation_size', 'reduction_factor'],
  "The mask's hidden width",
);
export type MaskBlockConfig = z.output<typeof maskBlockSchema>;

export const maskNetSchema = z.strictObject({
  mask_blocks: required(z.array(maskBlockSchema).min(1).max(MAX_LAYERS), 'The MaskBlocks, in order.'),
  mlp: optional(mlpSchema, "MLP on the blocks' output; none when absent."),
  use_parallel: defaulted(
    flag(),
    false,
    'true: all blocks see the input and their outputs are joined. false: each block feeds the next.',
  ),
});
export type MaskNetConfig = z.output<typeof maskNetSchema>;

export const dcnSchema = z.strictObject({
  poly_degree: required(count(), 'Degree of the crossed polynomial: one cross layer less.'),
  projection_dim: optional(size(), "Rank of the cross layers' matrices; full when absent."),
  parallel_mlp: optional(mlpSchema, 'MLP beside the cross layers.'),
  use_parallel: defaulted(flag(), true, 'MLP beside the cross layers rather than after them.'),
  output_mlp: optional(mlpSchema, 'MLP on the joined output.'),
});
export type DcnConfig = z.output<typeof dcnSchema>;

export const dlrmSchema = z.strictObject({
  bottom_mlp: required(mlpSchema, 'MLP on the dense columns, before the interaction with the embeddings.'),
  top_mlp: required(mlpSchema, 'MLP on the interactions.'),
});
export type DlrmConfig = z.output<typeof dlrmSchema>;

/** The four architectures of a backbone or tower; exactly one is set. */
export const ARCHITECTURES = ['mlp_config', 'mask_net_config', 'dcn_config', 'dlrm_config'] as const;

export const taskModelSchema = exactlyOneOf(
  z.strictObject({
    mlp_config: optional(mlpSchema, 'Fully connected layers.'),
    dcn_config: optional(dcnSchema, 'Deep and cross network.'),
    dlrm_config: optional(dlrmSchema, 'Deep learning recommendation model.'),
    mask_net_config: optional(maskNetSchema, 'MaskNet: MaskBlocks, parallel or serial.'),
    affine_map: optional(
      affineMapSchema,
      'Learned scale and bias on the logit, for probabilities far from one half.',
    ),
    pos_weight: defaulted(nonNegativeFloat(), 1, 'Weight of positive examples in the loss.'),
  }),
  ARCHITECTURES,
  'The architecture',
);
export type TaskModelConfig = z.output<typeof taskModelSchema>;
/** The backbone has a tower's shape; its affine_map and pos_weight mean nothing. */
export type BackboneConfig = TaskModelConfig;
