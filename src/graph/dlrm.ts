/**
 * DLRM (Naumov et al. 2019, arXiv 1906.00091): the dense columns through the bottom MLP, the dot products of its output and
 * all embeddings with one another, and both through the top MLP.
 */
import type { DlrmConfig } from '../config/recap-config.ts';
import type { GraphBuilder, Place, Value } from './graph-builder.ts';
import { GraphError } from './graph-builder.ts';
import { buildMlp } from './mlp.ts';

/**
 * @throws GraphError where the input is no longer made of features and embeddings, where there are no embeddings, or
 * where one is not as wide as the bottom MLP's output: vectors of different length have no dot product.
 */
export function buildDlrm(
  builder: GraphBuilder,
  config: DlrmConfig,
  { parts }: Value,
  prefix: string,
  place: Place,
): Value {
  const under = (key: 'bottom_mlp' | 'top_mlp'): Place => ({
    ...place,
    scope: [...place.scope, key],
    path: [...place.path, key],
  });
  if (!parts)
    throw new GraphError(
      place.path,
      'needs the features and embeddings themselves: use it as the backbone, or for towers under share_none',
    );
  if (parts.embeddings.length === 0)
    throw new GraphError(place.path, 'the data has no embedding, and the model no small_embeddings');
  const bottom = buildMlp(
    builder,
    config.bottom_mlp,
    parts.dense,
    `${prefix}._bottom_mlp`,
    under('bottom_mlp'),
  );
  const other = parts.embeddings.find(({ width }) => width !== bottom.width);
  if (other)
    throw new GraphError(
      [...place.path, 'bottom_mlp'],
      `ends in ${bottom.width} columns, but ${other.id} has ${other.width}: dot products need vectors of one width`,
    );
  const vectors = [bottom, ...parts.embeddings];
  const stacked = builder.concat(`${prefix}.vectors`, vectors, place.scope);
  const pairs = (vectors.length * (vectors.length - 1)) / 2;
  const products = builder.node(
    `${prefix}.interaction`,
    { kind: 'interaction', vectors: vectors.length },
    [stacked],
    pairs,
    place.scope,
  );
  const joined = builder.concat(`${prefix}.concat`, [bottom, products], place.scope);
  return buildMlp(builder, config.top_mlp, joined, `${prefix}._top_mlp`, under('top_mlp'));
}
