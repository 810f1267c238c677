/**
 * MLP: per hidden layer Linear → [BatchNorm] → ReLU → [Dropout]; then a last Linear, plus ReLU if
 * `final_layer_activation`. Every module counts in the state dict's numbering, also those without parameters.
 */
import type { GraphBuilder, Place, Value } from './graph-builder.ts';
import { checkedWidth, GraphError } from './graph-builder.ts';
import type { MlpShape } from './model-config.ts';

/**
 * @param prefix of the parameter names, e.g. `_towers.x`; modules follow as `${prefix}.layers.0.weight`.
 * @throws GraphError at `layer_sizes` when there is no layer, and at the rate of an impossible dropout.
 */
export function buildMlp(
  builder: GraphBuilder,
  config: MlpShape,
  input: Value,
  prefix: string,
  place: Place,
): Value {
  const { layer_sizes: sizes, batch_norm: batchNorm, dropout } = config;
  const { path, scope } = place;
  if (sizes.length === 0) throw new GraphError([...path, 'layer_sizes'], 'needs at least one layer');
  if (dropout && !(dropout.rate >= 0 && dropout.rate <= 1))
    throw new GraphError([...path, 'dropout', 'rate'], `must lie in [0, 1], not ${dropout.rate}`);

  let module = 0;
  const next = () => `${prefix}.layers.${module++}`;
  let value = input;
  sizes.forEach((size, index) => {
    const name = next();
    value = builder.linear(name, name, value, checkedWidth(size, [...path, 'layer_sizes', index]), place);
    const last = index === sizes.length - 1;
    if (last && !config.final_layer_activation) return;
    if (batchNorm && !last) {
      const norm = next();
      value = builder.batchNorm(norm, norm, value, batchNorm, place);
    }
    value = builder.node(next(), { kind: 'relu' }, [value], value.width, scope);
    if (dropout && !last) {
      const id = next();
      if (dropout.rate > 0)
        value = builder.node(id, { kind: 'dropout', rate: dropout.rate }, [value], value.width, scope);
    }
  });
  return value;
}
