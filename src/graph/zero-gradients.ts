/**
 * Parameters whose gradient is exactly zero by the model's structure: a bias or shift that only BatchNorms read, straight or
 * through linear layers, moves every example alike, and a BatchNorm takes what all examples have in common away again.
 * In floating point such a gradient is rounding noise, which Adam turns into ± a full step: PyTorch's run drifts by it
 * from its own run in float64. Engines compute nothing there, so that these parameters stay where they start.
 */
import type { GraphNode } from './graph.ts';

/** @returns names of parameters. */
export function zeroGradients(nodes: readonly GraphNode[]): ReadonlySet<string> {
  const readers = new Map<string, GraphNode[]>();
  for (const node of nodes)
    for (const input of node.inputs) readers.set(input, [...(readers.get(input) ?? []), node]);
  // Values that may be shifted by the same row in every example without a change of any loss.
  const free = new Set<string>();
  for (const { id } of nodes.toReversed()) {
    const all = readers.get(id) ?? [];
    if (all.length > 0 && all.every((reader) => forgetsShift(reader, free))) free.add(id);
  }
  return new Set(
    nodes.flatMap((node) => {
      if (!free.has(node.id)) return [];
      const shift = 'bias' in node ? node.bias : null;
      return shift === null ? [] : [shift];
    }),
  );
}

function forgetsShift(reader: GraphNode, free: ReadonlySet<string>): boolean {
  switch (reader.kind) {
    case 'batch_norm':
      return true;
    // A shift of the input is a shift of the value.
    case 'linear':
    case 'concat':
    case 'add':
      return free.has(reader.id);
    case 'input':
    case 'element_wise':
    case 'layer_norm':
    case 'dropout':
    case 'multiply':
    case 'embedding':
    case 'interaction':
    case 'affine':
    case 'calibrate':
    case 'loss':
      return false;
  }
}
