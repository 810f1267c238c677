/**
 * MLP: per hidden layer Linear → [BatchNorm] → ReLU → [Dropout]; then a last Linear, plus ReLU if
 * `final_layer_activation`. Every module counts in the state dict's numbering, also those without parameters.
 */
import type { MlpConfig } from '../config/recap-config.ts';
import type { GraphBuilder, Place, Value } from './graph-builder.ts';

/** @param prefix of the parameter names, e.g. `_towers.x`; modules follow as `${prefix}.layers.0.weight`. */
export function buildMlp(
  builder: GraphBuilder,
  config: MlpConfig,
  input: Value,
  prefix: string,
  place: Place,
): Value {
  const { layer_sizes: sizes, batch_norm: batchNorm, dropout } = config;
  const { scope } = place;
  let module = 0;
  const next = () => `${prefix}.layers.${module++}`;
  let value = input;
  sizes.forEach((size, index) => {
    const name = next();
    value = builder.linear(name, name, value, size, place);
    const last = index === sizes.length - 1;
    if (last && !config.final_layer_activation) return;
    if (batchNorm && !last) {
      const norm = next();
      value = builder.batchNorm(norm, norm, value, batchNorm, place);
    }
    value = builder.op(next(), 'relu', value, scope);
    if (dropout && !last) {
      value = builder.node(next(), { kind: 'dropout', rate: dropout.rate }, [value], value.width, scope);
    }
  });
  return value;
}
