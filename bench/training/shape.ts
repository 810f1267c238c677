/** The sizes of a share_all parallel MaskNet, read off a configuration, for peers that build it their own way. */
import type { ModelConfig } from '../../src/config/recap-config.ts';
import type { BatchLayout } from '../../src/data/recap-batch.ts';

export interface MaskNetShape {
  readonly batch: number;
  readonly layout: BatchLayout;
  readonly blocks: readonly { readonly aggregation: number; readonly output: number }[];
  /** Hidden sizes of the backbone's MLP, each with a ReLU. */
  readonly mlp: readonly number[];
  /** Layer sizes of every tower, the last being 1. */
  readonly tower: readonly number[];
  readonly clip: number;
}

/** @throws Error when the configuration is no share_all parallel MaskNet with equal towers: peers build only that. */
export function maskNetShape(model: ModelConfig, layout: BatchLayout, batch: number): MaskNetShape {
  const maskNet = model.backbone?.mask_net_config;
  const towers = Object.values(model.tasks).map((task) => task.mlp_config?.layer_sizes ?? []);
  const tower = towers[0] ?? [];
  const equal = towers.every((sizes) => sizes.join() === tower.join());
  if (!maskNet?.use_parallel || model.multi_task_type !== 'share_all' || !equal || tower.length === 0) {
    throw new Error(
      'The peers of the benchmark build a share_all parallel MaskNet with equal MLP towers only.',
    );
  }
  return {
    batch,
    layout,
    blocks: maskNet.mask_blocks.map((block) => ({
      aggregation: block.aggregation_size ?? 0,
      output: block.output_size,
    })),
    mlp: maskNet.mlp?.layer_sizes ?? [],
    tower,
    clip: model.featurization_config.double_norm_log_config?.clip_magnitude ?? 5,
  };
}
