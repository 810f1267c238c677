/**
 * The graph's nodes grouped into the parts that a person names: inputs, featurization, embeddings, mask blocks, MLP,
 * towers; and where each stands in a drawing. Pure: the page draws it, a file holds it, a table lists it.
 */
import { graphCost } from './cost.ts';
import type { GraphNode, ModelGraph } from './graph.ts';

/** What a part is, for its words and its place. */
export type PartKind =
  'inputs' | 'featurization' | 'embeddings' | 'features' | 'mask_block' | 'backbone' | 'tower';

export interface ModelPart {
  /** The scope's names joined by '/'. */
  readonly id: string;
  readonly kind: PartKind;
  /** Of a mask block its number from 0, of a tower its task, of the backbone its section; null else. */
  readonly name: string | null;
  readonly nodes: readonly GraphNode[];
  /** Ids of the parts it reads. */
  readonly inputs: readonly string[];
  /** Columns that it reads, and that it gives to others (of a tower its logit). */
  readonly widthIn: number;
  readonly widthOut: number;
  readonly parameters: number;
  /** Floating-point operations of one batch, forward and backward. */
  readonly stepFlops: number;
  readonly activationBytes: number;
}

/** Parts in the order in which they are computed. @param batchSize rows of a training batch. */
export function modelParts(graph: ModelGraph, batchSize: number): ModelPart[] {
  const costs = new Map(graphCost(graph, batchSize).nodes.map((cost) => [cost.id, cost]));
  const widths = new Map(graph.nodes.map(({ id, width }) => [id, width]));
  const members = new Map<string, GraphNode[]>();
  const partOf = new Map<string, string>();
  for (const node of graph.nodes) {
    const id = partId(node);
    partOf.set(node.id, id);
    members.set(id, [...(members.get(id) ?? []), node]);
  }
  const logits = new Map(graph.outputs.map(({ task, logit }) => [task, logit]));
  return [...members].map(([id, nodes]): ModelPart => {
    const inside = new Set(nodes.map((node) => node.id));
    const read = [...new Set(nodes.flatMap((node) => node.inputs.filter((input) => !inside.has(input))))];
    const readInside = new Set(nodes.flatMap(({ inputs }) => inputs));
    const { kind, name } = kindOf(nodes[0]);
    const logit = name === null ? undefined : logits.get(name);
    const ends = nodes.filter((node) => !readInside.has(node.id));
    const sum = (count: (node: GraphNode) => number): number =>
      nodes.reduce((total, node) => total + count(node), 0);
    const cost = (node: GraphNode) => costs.get(node.id);
    return {
      id,
      kind,
      name,
      nodes,
      inputs: [...new Set(read.map((input) => partOf.get(input) ?? ''))],
      widthIn: read.reduce((total, input) => total + (widths.get(input) ?? 0), 0),
      widthOut:
        kind === 'tower' && logit !== undefined ? 1 : ends.reduce((total, { width }) => total + width, 0),
      parameters: sum((node) => cost(node)?.parameters ?? 0),
      stepFlops: sum((node) => (cost(node)?.forwardFlops ?? 0) + (cost(node)?.backwardFlops ?? 0)),
      activationBytes: sum((node) => cost(node)?.activationBytes ?? 0),
    };
  });
}

function partId({ scope }: GraphNode): string {
  // Blocks of a tower's own MaskNet belong to the tower.
  return (scope[0] === 'tower' ? scope.slice(0, 2) : scope).join('/');
}

function kindOf(node: GraphNode | undefined): { readonly kind: PartKind; readonly name: string | null } {
  const [first, second = ''] = node?.scope ?? [];
  const block = /^mask_blocks\.(\d+)$/.exec(second)?.[1];
  switch (first) {
    case 'tower':
      return { kind: 'tower', name: second };
    case 'input':
      return { kind: 'inputs', name: null };
    case 'featurization':
      return { kind: 'featurization', name: null };
    case 'features':
      return { kind: 'features', name: null };
    case 'backbone':
      return block === undefined
        ? { kind: 'backbone', name: second === '' ? null : second }
        : { kind: 'mask_block', name: block };
    default:
      return { kind: 'embeddings', name: null };
  }
}

export interface PlacedPart {
  readonly part: ModelPart;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PartEdge {
  readonly from: string;
  readonly to: string;
  /** An SVG path. */
  readonly path: string;
}

export interface PartLayout {
  readonly width: number;
  readonly height: number;
  readonly parts: readonly PlacedPart[];
  readonly edges: readonly PartEdge[];
}

const BOX = { width: 132, height: 44, gap: 12, column: 60, margin: 8 };

/**
 * Columns from left to right by the longest way from the inputs, each column's parts one below the other around the
 * same middle; a line from each part to those that read it.
 */
export function layoutParts(parts: readonly ModelPart[]): PartLayout {
  const depths = new Map<string, number>();
  const byId = new Map(parts.map((part) => [part.id, part]));
  const depthOf = (id: string, seen: ReadonlySet<string> = new Set()): number => {
    const known = depths.get(id);
    if (known !== undefined) return known;
    // Two parts of one backbone may read each other's nodes; the way back counts for nothing.
    if (seen.has(id)) return 0;
    const before = (byId.get(id)?.inputs ?? []).map((input) => depthOf(input, new Set([...seen, id])));
    const depth = before.length === 0 ? 0 : Math.max(...before) + 1;
    if (seen.size === 0) depths.set(id, depth);
    return depth;
  };
  const columns: ModelPart[][] = [];
  for (const part of parts) (columns[depthOf(part.id)] ??= []).push(part);
  const filled = columns.filter((column) => column !== undefined && column.length > 0);
  const tallest = Math.max(0, ...filled.map((column) => column.length));
  const span = (count: number): number => count * BOX.height + Math.max(0, count - 1) * BOX.gap;
  const height = span(tallest) + 2 * BOX.margin;
  const placed = filled.flatMap((column, at) =>
    column.map((part, row): PlacedPart => ({
      part,
      x: BOX.margin + at * (BOX.width + BOX.column),
      y: (height - span(column.length)) / 2 + row * (BOX.height + BOX.gap),
      width: BOX.width,
      height: BOX.height,
    })),
  );
  const places = new Map(placed.map((place) => [place.part.id, place]));
  const edges = placed.flatMap((to) =>
    to.part.inputs.flatMap((id): PartEdge[] => {
      const from = places.get(id);
      if (!from || from.x >= to.x) return [];
      const [x1, y1] = [from.x + from.width, from.y + from.height / 2];
      const [x2, y2] = [to.x, to.y + to.height / 2];
      const bend = Math.min(BOX.column, x2 - x1) / 2;
      return [
        { from: id, to: to.part.id, path: `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}` },
      ];
    }),
  );
  const width = filled.length * BOX.width + Math.max(0, filled.length - 1) * BOX.column + 2 * BOX.margin;
  return { width, height, parts: placed, edges };
}
