/** Embedding tables for columns of the discrete tensor: small embeddings, and the position debiasing's. */
import type { ModelConfig } from '../config/recap-config.ts';
import type { Value, GraphBuilder } from './graph-builder.ts';
import { BACKBONE_PLACE, GraphError } from './graph-builder.ts';
import { moduleName } from './module-name.ts';

const PLACE = { ...BACKBONE_PLACE, scope: ['embeddings'] };

/** @throws GraphError where a column is beyond the data's, or two tables share a name. */
export function buildSmallEmbeddings(
  builder: GraphBuilder,
  config: ModelConfig['small_embeddings'],
  discrete: () => Value,
): Value[] {
  const names = new Set<string>();
  return (config?.tables ?? []).map(({ name, num_embeddings: rows, embedding_dim: width, index }, at) => {
    const path = ['model', 'small_embeddings', 'tables', at];
    const prefix = `_small_embeddings.${moduleName(name)}`;
    if (names.has(prefix)) throw new GraphError([...path, 'name'], `two tables are called "${name}"`);
    names.add(prefix);
    const input = columnOf(discrete(), index, [...path, 'index']);
    return builder.embedding(prefix, `${prefix}.weight`, input, { rows, width, column: index }, PLACE.scope);
  });
}

/**
 * The row of the tweet's position in its timeline, later positions sharing the last. A share of the training examples goes
 * without, as predictions do, where the position is not known yet: they read zeros.
 * @throws GraphError where the column is beyond the data's.
 */
export function buildPositionDebias(
  builder: GraphBuilder,
  config: ModelConfig['position_debias_config'],
  discrete: () => Value,
): Value[] {
  if (!config) return [];
  const column = config.position_feature_index;
  const path = ['model', 'position_debias_config', 'position_feature_index'];
  const table = {
    rows: config.max_position + 1,
    width: config.num_dims,
    column,
    position: { dropProbability: config.drop_probability },
  };
  const input = columnOf(discrete(), column, path);
  return [builder.embedding('_position_debias', '_position_debias.weight', input, table, PLACE.scope)];
}

function columnOf(discrete: Value, column: number, path: readonly (string | number)[]): Value {
  if (column < discrete.width) return discrete;
  const mend = discrete.width > 0 ? `use at most ${discrete.width - 1}` : 'take it out';
  throw new GraphError(path, `column ${column} of the discrete tensor, which has ${discrete.width}: ${mend}`);
}
