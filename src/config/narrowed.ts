/** A configuration with narrower layers: what would fit where the whole one does not. */
import type { RecapConfig } from './recap-config.ts';
import type { MaskNetConfig, MlpConfig, TaskModelConfig } from './schema/task-model.ts';

/** Every layer of backbone and towers 1/`divisor` as wide, rounded up. What the data gives and outputs of one column stay. */
export function narrowed(config: RecapConfig, divisor: number): RecapConfig {
  const width = (size: number): number => Math.max(1, Math.ceil(size / divisor));
  const mlp = (own: MlpConfig): MlpConfig => ({ ...own, layer_sizes: own.layer_sizes.map(width) });
  const maskNet = (own: MaskNetConfig): MaskNetConfig => ({
    ...own,
    mlp: own.mlp && mlp(own.mlp),
    mask_blocks: own.mask_blocks.map((block, i) => ({
      ...block,
      output_size: width(block.output_size),
      aggregation_size: block.aggregation_size && width(block.aggregation_size),
      // A multiple of the block's input, which behind another block is narrower already.
      reduction_factor:
        block.reduction_factor && (own.use_parallel || i === 0)
          ? block.reduction_factor / divisor
          : block.reduction_factor,
    })),
  });
  const part = (own: TaskModelConfig): TaskModelConfig => ({
    ...own,
    mlp_config: own.mlp_config && mlp(own.mlp_config),
    mask_net_config: own.mask_net_config && maskNet(own.mask_net_config),
    dcn_config: own.dcn_config && {
      ...own.dcn_config,
      projection_dim: own.dcn_config.projection_dim && width(own.dcn_config.projection_dim),
      parallel_mlp: own.dcn_config.parallel_mlp && mlp(own.dcn_config.parallel_mlp),
      output_mlp: own.dcn_config.output_mlp && mlp(own.dcn_config.output_mlp),
    },
    dlrm_config: own.dlrm_config && {
      bottom_mlp: mlp(own.dlrm_config.bottom_mlp),
      top_mlp: mlp(own.dlrm_config.top_mlp),
    },
  });
  const { backbone, tasks } = config.model;
  return {
    ...config,
    model: {
      ...config.model,
      backbone: backbone && part(backbone),
      tasks: Object.fromEntries(Object.entries(tasks).map(([task, tower]) => [task, part(tower)])),
    },
  };
}
