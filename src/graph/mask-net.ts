/**
 * MaskNet (Wang, She and Zhang 2021, arXiv 2102.07619) as the reference builds it: a MaskBlock multiplies its input by
 * a mask computed from the features, then Linear and LayerNorm. Parallel: all blocks see the same input and their
 * outputs stand side by side. Serial: each block sees the previous one's output, the mask always the features.
 */
import type { MaskBlockConfig, MaskNetConfig } from '../config/recap-config.ts';
import type { GraphBuilder, Place, Value } from './graph-builder.ts';
import { DEFAULT_NORM_EPSILON, GraphError } from './graph-builder.ts';
import { buildMlp } from './mlp.ts';

/**
 * mask = Linear(aggregation → in)(relu(Linear(maskInput → aggregation))); out = LayerNorm(Linear((x or LayerNorm(x)) ⊙ mask)).
 */
export function buildMaskBlock(
  builder: GraphBuilder,
  config: MaskBlockConfig,
  input: Value,
  maskInput: Value,
  prefix: string,
  place: Place,
): Value {
  const { scope } = place;
  const aggregation = aggregationSize(config, maskInput.width, place);
  const x = config.input_layer_norm
    ? builder.layerNorm(
        `${prefix}._input_layer_norm`,
        `${prefix}._input_layer_norm`,
        input,
        DEFAULT_NORM_EPSILON,
        true,
        place,
      )
    : input;
  const mask0 = `${prefix}._mask_layer.0`;
  const mask2 = `${prefix}._mask_layer.2`;
  const hidden = `${prefix}._hidden_layer`;
  const norm = `${prefix}._layer_norm`;
  const aggregated = builder.linear(mask0, mask0, maskInput, aggregation, place);
  const active = builder.op(`${prefix}._mask_layer.1`, 'relu', aggregated, scope);
  const mask = builder.linear(mask2, mask2, active, input.width, place);
  const gated = builder.node(`${prefix}.gate`, { kind: 'multiply' }, [x, mask], input.width, scope);
  const projected = builder.linear(hidden, hidden, gated, config.output_size, place);
  return builder.layerNorm(norm, norm, projected, DEFAULT_NORM_EPSILON, true, place);
}

/** `aggregation_size`, or floor(maskInput · `reduction_factor`). */
function aggregationSize(config: MaskBlockConfig, maskInput: number, place: Place): number {
  const { aggregation_size: size, reduction_factor: factor } = config;
  if (size !== null) return size;
  const reduced = Math.floor(maskInput * (factor ?? 0));
  if (!(reduced >= 1))
    throw new GraphError(
      [...place.path, 'reduction_factor'],
      `${factor} of ${maskInput} inputs leaves no aggregation unit; the smallest usable factor is ${1 / maskInput}`,
    );
  return reduced;
}

/** @param prefix of the parameter names, e.g. `_backbone`. */
export function buildMaskNet(
  builder: GraphBuilder,
  config: MaskNetConfig,
  input: Value,
  prefix: string,
  place: Place,
): Value {
  const outputs: Value[] = [];
  config.mask_blocks.forEach((block, index) => {
    const blockPlace: Place = {
      ...place,
      scope: [...place.scope, `mask_blocks.${index}`],
      path: [...place.path, 'mask_blocks', index],
    };
    const x = config.use_parallel ? input : (outputs.at(-1) ?? input);
    outputs.push(buildMaskBlock(builder, block, x, input, `${prefix}._mask_blocks.${index}`, blockPlace));
  });
  const combined = builder.concat(
    `${prefix}.concat`,
    config.use_parallel ? outputs : outputs.slice(-1),
    place.scope,
  );
  if (!config.mlp) return combined;
  return buildMlp(builder, config.mlp, combined, `${prefix}._dense_layers`, {
    ...place,
    scope: [...place.scope, 'mlp'],
    path: [...place.path, 'mlp'],
  });
}
