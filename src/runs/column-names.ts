/** What each column of a node's value is, followed back to the data's columns: features by name, embeddings by number. */
import { catalogue } from '../data/catalogue/catalogue.ts';
import type { BatchLayout } from '../data/recap-batch.ts';
import type { GraphInput, GraphNode, ModelGraph } from '../graph/graph.ts';

const WORDS: Readonly<Record<GraphInput, string>> = {
  continuous: 'continuous',
  binary: 'flag',
  discrete: 'discrete',
  userEmbedding: 'viewer',
  userEngEmbedding: 'viewer’s engagements',
  authorEmbedding: 'author',
};

/** Names of a node's columns, in their order. Columns that mix others are units by number. */
export function columnNames(graph: ModelGraph, layout: BatchLayout, id: string): readonly string[] {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const namesOf = (nodeId: string): readonly string[] => {
    const node = nodes.get(nodeId);
    return node ? namesOfNode(node) : [];
  };
  const namesOfNode = (node: GraphNode): readonly string[] => {
    switch (node.kind) {
      case 'input':
        return inputNames(layout, node.tensor, node.width);
      case 'concat':
        return node.inputs.flatMap(namesOf);
      case 'element_wise':
      case 'batch_norm':
      case 'layer_norm':
      case 'dropout':
      case 'multiply':
      case 'add':
        return namesOf(node.inputs[0] ?? '');
      case 'embedding':
        return numbered(`table of column ${node.column}`, node.width);
      case 'interaction':
        return numbered('pair', node.width);
      case 'linear':
      case 'affine':
      case 'calibrate':
      case 'loss':
        return numbered('unit', node.width);
    }
  };
  return namesOf(id);
}

function numbered(word: string, width: number): string[] {
  return Array.from({ length: width }, (_, i) => `${word} ${i}`);
}

function inputNames(layout: BatchLayout, tensor: GraphInput, width: number): string[] {
  const names = numbered(WORDS[tensor], width);
  if (tensor !== 'continuous' && tensor !== 'binary') return names;
  const chosen = layout.masks?.[tensor];
  const byColumn = new Map(
    catalogue.filter((feature) => feature.tensor === tensor).map(({ column, label }) => [column, label]),
  );
  return names.map((name, i) => byColumn.get(chosen ? (chosen[i] ?? -1) : i) ?? name);
}
