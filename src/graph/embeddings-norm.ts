/** The three TwHIN embeddings, each through a LayerNorm of its own (affine, PyTorch's default epsilon). */
import type { GraphInput } from './graph.ts';
import type { GraphBuilder, Value } from './graph-builder.ts';
import { BACKBONE_PLACE, DEFAULT_NORM_EPSILON } from './graph-builder.ts';

/** In the order in which the reference concatenates them. */
const EMBEDDINGS: readonly { readonly tensor: GraphInput; readonly prefix: string }[] = [
  { tensor: 'userEmbedding', prefix: '_user_embedding_layer_norm' },
  { tensor: 'userEngEmbedding', prefix: '_user_eng_embedding_layer_norm' },
  { tensor: 'authorEmbedding', prefix: '_author_embedding_layer_norm' },
];

/** Normalised embeddings in concatenation order; one that the data schema does not have (width 0) is left out. */
export function buildEmbeddingNorms(builder: GraphBuilder, input: (tensor: GraphInput) => Value): Value[] {
  const place = { ...BACKBONE_PLACE, scope: ['embeddings'], path: ['model'] };
  return EMBEDDINGS.map(({ tensor, prefix }) => ({ value: input(tensor), prefix }))
    .filter(({ value }) => value.width > 0)
    .map(({ value, prefix }) => builder.layerNorm(prefix, prefix, value, DEFAULT_NORM_EPSILON, true, place));
}
