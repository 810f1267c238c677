/**
 * DCN-V2 (Wang et al. 2021, arXiv 2008.13535): cross layers xₗ₊₁ = x₀ ⊙ (W·xₗ + b) + xₗ, with W = U·Vᵀ of rank
 * `projection_dim` where that is set, and an MLP beside them or behind them.
 */
import type { DcnConfig } from '../config/recap-config.ts';
import type { GraphBuilder, Place, Value } from './graph-builder.ts';
import { buildMlp } from './mlp.ts';

/** One cross layer; `first` is x₀. */
function buildCrossLayer(
  builder: GraphBuilder,
  first: Value,
  x: Value,
  rank: number | null,
  prefix: string,
  place: Place,
): Value {
  const { scope } = place;
  const width = first.width;
  const low = rank === null ? x : builder.linear(`${prefix}.v`, `${prefix}.v`, x, rank, place, false);
  const name = rank === null ? prefix : `${prefix}.u`;
  const projected = builder.linear(name, name, low, width, place);
  const crossed = builder.node(`${prefix}.cross`, { kind: 'multiply' }, [first, projected], width, scope);
  return builder.node(`${prefix}.sum`, { kind: 'add' }, [crossed, x], width, scope);
}

/** @param prefix of the parameter names, e.g. `_backbone`; a polynomial of degree d takes d − 1 cross layers. */
export function buildDcn(
  builder: GraphBuilder,
  config: DcnConfig,
  input: Value,
  prefix: string,
  place: Place,
): Value {
  const under = (key: 'parallel_mlp' | 'output_mlp'): Place => ({
    ...place,
    scope: [...place.scope, key],
    path: [...place.path, key],
  });
  let crossed: Value = { id: input.id, width: input.width };
  for (let layer = 0; layer < config.poly_degree - 1; layer++)
    crossed = buildCrossLayer(
      builder,
      input,
      crossed,
      config.projection_dim,
      `${prefix}._cross_layers.${layer}`,
      { ...place, scope: [...place.scope, `cross_layers.${layer}`] },
    );
  let joined = crossed;
  if (config.parallel_mlp) {
    const source = config.use_parallel ? input : crossed;
    const deep = buildMlp(
      builder,
      config.parallel_mlp,
      source,
      `${prefix}._parallel_mlp`,
      under('parallel_mlp'),
    );
    joined = config.use_parallel ? builder.concat(`${prefix}.concat`, [crossed, deep], place.scope) : deep;
  }
  return config.output_mlp
    ? buildMlp(builder, config.output_mlp, joined, `${prefix}._output_mlp`, under('output_mlp'))
    : joined;
}
