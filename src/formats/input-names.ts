/** The reference's names of a graph's input tensors, which files that leave this program use. */
import type { GraphInput } from '../graph/graph.ts';

/** In the order in which the reference's batch holds them. */
export const INPUT_NAMES: Readonly<Record<GraphInput, string>> = {
  continuous: 'continuous',
  binary: 'binary',
  discrete: 'discrete',
  userEmbedding: 'user_embedding',
  userEngEmbedding: 'user_eng_embedding',
  authorEmbedding: 'author_embedding',
};
