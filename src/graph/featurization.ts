/**
 * Featurization: the continuous columns through non-finite → 0, sign(x)·log1p(|x|), then per configuration BatchNorm,
 * clamp, the concatenated raw columns, and LayerNorm over the whole vector.
 */
import type { FeaturizationConfig } from '../config/recap-config.ts';
import type { GraphInput } from './graph.ts';
import type { GraphBuilder, Place, Value } from './graph-builder.ts';
import { BACKBONE_PLACE } from './graph-builder.ts';

const PREFIX = '_preprocessor';
const MODULES = `${PREFIX}._before_concat_layers`;

/** @param raw gives the tensors that `feature_names_to_concat` names; one without columns is left out. */
export function buildFeaturization(
  builder: GraphBuilder,
  config: FeaturizationConfig,
  continuous: Value,
  raw: (tensor: GraphInput) => Value,
): Value {
  const place: Place = { ...BACKBONE_PLACE, scope: ['featurization'], path: [] };
  const logged = builder.op(`${MODULES}.1`, 'signed_log', continuous, place.scope);
  const columns = () =>
    config.feature_names_to_concat.map((name) => raw(name)).filter(({ width }) => width > 0);

  const double = config.double_norm_log_config;
  if (double) {
    // Modules 0 and 1 are the non-finite filter and the logarithm; what follows counts on.
    let module = 2;
    let value = logged;
    if (double.batch_norm_config) {
      const id = `${MODULES}.${module++}`;
      value = builder.batchNorm(id, `${id}.layer`, value, double.batch_norm_config, place);
    }
    value = clamp(builder, value, double.clip_magnitude, module, place);
    value = builder.concat(`${PREFIX}.concat`, [value, ...columns()], place.scope);
    const norm = double.layer_norm_config;
    if (!norm) return value;
    const id = `${PREFIX}.layer_norm`;
    return builder.layerNorm(id, `${id}.layer`, value, norm.epsilon, norm.scale, place);
  }
  const clip = config.clip_log1p_abs_config;
  if (clip) {
    const clamped = clamp(builder, logged, clip.clip_magnitude, 2, place);
    return builder.concat(`${PREFIX}.concat`, [clamped, ...columns()], place.scope);
  }
  return builder.concat(`${PREFIX}.concat`, [logged, ...columns()], place.scope);
}

function clamp(builder: GraphBuilder, input: Value, magnitude: number, module: number, place: Place): Value {
  const id = `${MODULES}.${module}`;
  const buffer = { trainable: false };
  builder.parameter(`${id}.min_value`, [1], { kind: 'constant', value: -magnitude }, place.group, buffer);
  builder.parameter(`${id}.max_value`, [1], { kind: 'constant', value: magnitude }, place.group, buffer);
  return builder.op(id, 'clamp', input, place.scope, [-magnitude, magnitude]);
}
