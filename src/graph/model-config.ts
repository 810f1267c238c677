/**
 * The part of RecapConfig's `model` section that the graph builders read, as a structural type: the schema's parsed
 * type is assignable to it, and tests write it by hand. Absent is null or undefined.
 */

type Maybe<T> = T | null | undefined;

export interface BatchNormShape {
  readonly affine: boolean;
  readonly momentum: number;
}

export interface LayerNormShape {
  readonly epsilon: number;
  readonly axis: number;
  readonly center: boolean;
  readonly scale: boolean;
}

export interface MlpShape {
  readonly layer_sizes: readonly number[];
  readonly batch_norm?: Maybe<BatchNormShape>;
  readonly dropout?: Maybe<{ readonly rate: number }>;
  readonly final_layer_activation: boolean;
}

export interface MaskBlockShape {
  readonly output_size: number;
  readonly input_layer_norm: boolean;
  readonly aggregation_size?: Maybe<number>;
  readonly reduction_factor?: Maybe<number>;
}

export interface MaskNetShape {
  readonly mask_blocks: readonly MaskBlockShape[];
  readonly mlp?: Maybe<MlpShape>;
  readonly use_parallel: boolean;
}

export interface ArchitectureShape {
  readonly mlp_config?: Maybe<MlpShape>;
  readonly mask_net_config?: Maybe<MaskNetShape>;
  readonly dcn_config?: unknown;
  readonly dlrm_config?: unknown;
  readonly affine_map?: Maybe<{ readonly scale: number; readonly bias: number }>;
  readonly pos_weight?: Maybe<number>;
}

export interface DoubleNormLogShape {
  readonly batch_norm_config?: Maybe<BatchNormShape>;
  readonly clip_magnitude: number;
  readonly layer_norm_config?: Maybe<LayerNormShape>;
}

export interface FeaturizationShape {
  readonly double_norm_log_config?: Maybe<DoubleNormLogShape>;
  readonly log1p_abs_config?: unknown;
  readonly clip_log1p_abs_config?: Maybe<{ readonly clip_magnitude: number }>;
  readonly z_score_log_config?: unknown;
  readonly feature_names_to_concat?: Maybe<readonly string[]>;
}

export interface ModelShape {
  readonly tasks: Readonly<Record<string, ArchitectureShape>>;
  readonly featurization_config?: Maybe<FeaturizationShape>;
  readonly multi_task_type: 'share_all' | 'share_none' | 'share_partial';
  readonly backbone?: Maybe<ArchitectureShape>;
  readonly large_embeddings?: unknown;
  readonly small_embeddings?: unknown;
  readonly position_debias_config?: unknown;
  readonly stratifiers?: unknown;
}
