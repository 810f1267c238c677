/**
 * Featurization: the continuous columns through non-finite → 0, sign(x)·log1p(|x|), then per configuration BatchNorm,
 * clamp, the concatenated raw columns, and LayerNorm over the whole vector.
 */
import type { ConfigPath, GraphBuilder, Place, Value } from './graph-builder.ts';
import { BACKBONE_PLACE, GraphError } from './graph-builder.ts';
import type { FeaturizationShape, LayerNormShape } from './model-config.ts';

const PREFIX = '_preprocessor';
const MODULES = `${PREFIX}._before_concat_layers`;

/** Raw columns that `feature_names_to_concat` may name. */
export interface RawColumns {
  readonly binary: () => Value;
  readonly discrete: () => Value;
}

/**
 * @throws GraphError when no featurization is set, or for z_score_log, which needs an analysis file that the reference
 * never published.
 */
export function buildFeaturization(
  builder: GraphBuilder,
  config: FeaturizationShape,
  continuous: Value,
  raw: RawColumns,
  path: ConfigPath,
): Value {
  const place: Place = { ...BACKBONE_PLACE, scope: ['featurization'], path };
  const logged = builder.node(
    `${MODULES}.1`,
    { kind: 'signed_log' },
    [continuous],
    continuous.width,
    place.scope,
  );
  const columns = () => rawColumns(config, raw, path);

  const double = config.double_norm_log_config;
  if (double) {
    // Modules 0 and 1 are the non-finite filter and the logarithm; what follows counts on.
    let module = 2;
    let value = logged;
    if (double.batch_norm_config) {
      const id = `${MODULES}.${module++}`;
      value = builder.batchNorm(id, `${id}.layer`, value, double.batch_norm_config, place);
    }
    value = clamp(builder, value, double.clip_magnitude, module, {
      ...place,
      path: [...path, 'double_norm_log_config', 'clip_magnitude'],
    });
    value = builder.concat(`${PREFIX}.concat`, [value, ...columns()], place.scope);
    const norm = double.layer_norm_config;
    if (!norm) return value;
    checkLayerNorm(norm, [...path, 'double_norm_log_config', 'layer_norm_config']);
    const id = `${PREFIX}.layer_norm`;
    return builder.layerNorm(id, `${id}.layer`, value, norm.epsilon, norm.scale, place);
  }
  const clip = config.clip_log1p_abs_config;
  if (clip) {
    const clamped = clamp(builder, logged, clip.clip_magnitude, 2, {
      ...place,
      path: [...path, 'clip_log1p_abs_config', 'clip_magnitude'],
    });
    return builder.concat(`${PREFIX}.concat`, [clamped, ...columns()], place.scope);
  }
  if (config.log1p_abs_config) return builder.concat(`${PREFIX}.concat`, [logged, ...columns()], place.scope);
  if (config.z_score_log_config)
    throw new GraphError(
      [...path, 'z_score_log_config'],
      'is not supported: it needs an analysis file that the reference does not publish; use double_norm_log_config',
    );
  throw new GraphError(path, 'set one of double_norm_log_config, log1p_abs_config or clip_log1p_abs_config');
}

function clamp(builder: GraphBuilder, input: Value, magnitude: number, module: number, place: Place): Value {
  if (!(magnitude > 0)) throw new GraphError(place.path, `must be above 0, not ${magnitude}`);
  const id = `${MODULES}.${module}`;
  const buffer = { trainable: false };
  builder.parameter(`${id}.min_value`, [1], { kind: 'constant', value: -magnitude }, place.group, buffer);
  builder.parameter(`${id}.max_value`, [1], { kind: 'constant', value: magnitude }, place.group, buffer);
  return builder.node(
    id,
    { kind: 'clamp', min: -magnitude, max: magnitude },
    [input],
    input.width,
    place.scope,
  );
}

function rawColumns(config: FeaturizationShape, raw: RawColumns, path: ConfigPath): Value[] {
  return (config.feature_names_to_concat ?? ['binary'])
    .map((name, index) => {
      if (name === 'binary') return raw.binary();
      if (name === 'discrete') return raw.discrete();
      throw new GraphError(
        [...path, 'feature_names_to_concat', index],
        `${JSON.stringify(name)} can't be concatenated; use "binary" or "discrete"`,
      );
    })
    .filter((value) => value.width > 0);
}

function checkLayerNorm(norm: LayerNormShape, path: ConfigPath): void {
  if (norm.axis !== -1 && norm.axis !== 1)
    throw new GraphError([...path, 'axis'], `must be -1 (the feature axis), not ${norm.axis}`);
  if (norm.center !== norm.scale)
    throw new GraphError(
      [...path, 'center'],
      `center and scale must agree, but center is ${norm.center} and scale is ${norm.scale}`,
    );
  if (!(norm.epsilon >= 0)) throw new GraphError([...path, 'epsilon'], `must be ≥ 0, not ${norm.epsilon}`);
}
