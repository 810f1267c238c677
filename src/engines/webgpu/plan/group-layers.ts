/**
 * Second pass: layers → groups of parallel layers that one dispatch computes.
 * - merged: linears that read one value become one product with their weights stacked (widths may differ);
 * - batched: equal layers whose inputs stand side by side in one matrix become one batched product or norm.
 * A group's values stand side by side in one matrix, in the group's order. Two layers are grouped only if their inputs
 * are the same value or members of the same group, so groups never depend on one another in a circle.
 */
import type {
  AddLayer,
  EmbeddingLayer,
  InteractionLayer,
  ColumnsLayer,
  ConcatLayer,
  InputLayer,
  Layer,
  LayerNormLayer,
  LinearLayer,
  MultiplyLayer,
} from './fuse-layers.ts';

interface Group<L extends Layer> {
  readonly kind: L['kind'];
  readonly layers: readonly L[];
}

export type LinearGroup = Group<LinearLayer> & { readonly kind: 'linear'; readonly merged: boolean };
export type LayerGroup =
  | LinearGroup
  | (Group<ColumnsLayer> & { readonly kind: 'columns' })
  | (Group<LayerNormLayer> & { readonly kind: 'layer_norm' })
  | (Group<MultiplyLayer> & { readonly kind: 'multiply' })
  | (Group<AddLayer> & { readonly kind: 'add' })
  | (Group<EmbeddingLayer> & { readonly kind: 'embedding' })
  | (Group<InteractionLayer> & { readonly kind: 'interaction' })
  | (Group<ConcatLayer> & { readonly kind: 'concat' })
  | (Group<InputLayer> & { readonly kind: 'input' });

/** The groups of one kind. */
export type GroupOf<K extends LayerGroup['kind']> = Extract<LayerGroup, { kind: K }>;

/** Where a layer's value stands: its group and the first column in the group's matrix. */
interface Member {
  readonly group: number;
  readonly column: number;
  readonly size: number;
}

/** @returns groups in an order in which each comes after those it reads. */
export function groupLayers(layers: readonly Layer[]): LayerGroup[] {
  const width = new Map(layers.map((layer) => [layer.id, layer.width]));
  const readers = new Map<string, Layer[]>();
  for (const layer of layers)
    for (const id of layer.inputs) readers.set(id, [...(readers.get(id) ?? []), layer]);
  const groups: LayerGroup[] = [];
  const members = new Map<string, Member>();
  let pending = [...layers];
  while (pending.length > 0) {
    const ready = pending.filter((layer) => layer.inputs.every((id) => members.has(id)));
    if (ready.length === 0) throw new Error('the graph has a circle');
    // A key may become complete only in a later round: every layer of one key has the same depth, so none does.
    const byKey = new Map<string, Layer[]>();
    for (const layer of ready) {
      const key = groupKey(layer, members, width, readers.get(layer.id) ?? []);
      byKey.set(key, [...(byKey.get(key) ?? []), layer]);
    }
    for (const same of byKey.values())
      for (const run of runs(same, members)) {
        let column = 0;
        for (const layer of run) {
          members.set(layer.id, { group: groups.length, column, size: run.length });
          column += layer.width;
        }
        groups.push(asGroup(run));
      }
    const done = new Set(ready);
    pending = pending.filter((layer) => !done.has(layer));
  }
  return groups;
}

/** Equal for layers that may share a dispatch. */
function groupKey(
  layer: Layer,
  members: ReadonlyMap<string, Member>,
  widths: ReadonlyMap<string, number>,
  readers: readonly Layer[],
): string {
  const source = (id: string) => {
    const member = members.get(id);
    return member && member.size > 1 ? `#${member.group}` : id;
  };
  const shared = (id: string) => (members.get(id)?.size ?? 1) === 1;
  const [input = ''] = layer.inputs;
  switch (layer.kind) {
    case 'linear': {
      const gate = layer.gate === null ? '' : source(layer.gate);
      // A gate multiplies column by column, so gated products are batched, never stacked.
      const free = shared(input) && layer.gate === null;
      const size = free ? '' : `${layer.width}×${widths.get(input)}`;
      return JSON.stringify([
        'linear',
        layer.activation,
        layer.bias === null,
        layer.learnsBias,
        source(input),
        gate,
        size,
        shared(input) && !free ? layer.id : '',
      ]);
    }
    case 'columns': {
      if (shared(input)) return layer.id;
      const { before, norm, after } = layer;
      const kind = norm && [
        norm.epsilon,
        norm.momentum,
        norm.weight !== null,
        norm.bias !== null,
        norm.learnsBias,
      ];
      return JSON.stringify(['columns', before, kind, after, source(input)]);
    }
    case 'layer_norm':
      if (shared(input)) return layer.id;
      return JSON.stringify([
        'layer_norm',
        layer.epsilon,
        layer.weight !== null,
        layer.bias !== null,
        layer.learnsBias,
        layer.width,
        source(input),
      ]);
    case 'input': {
      const [only, ...others] = readers;
      // Embeddings stand side by side where nothing but equal norms read them, which then are one.
      if (only?.kind !== 'layer_norm' || others.length > 0) return layer.id;
      return JSON.stringify(['input', layer.width, only.epsilon, only.weight !== null, only.bias !== null]);
    }
    case 'multiply':
    case 'add':
    case 'embedding':
    case 'interaction':
    case 'concat':
      return layer.id;
  }
}

/** Splits layers of one key where their inputs do not stand at equal distances (column-wise: side by side). */
function runs(same: readonly Layer[], members: ReadonlyMap<string, Member>): Layer[][] {
  const [first] = same;
  if (!first || same.length === 1) return [[...same]];
  const columnOf = (id: string | undefined) => members.get(id ?? '')?.column ?? 0;
  const input = (layer: Layer) => columnOf(layer.inputs[0]);
  if (first.kind === 'input') return [[...same]];
  const merged = first.kind === 'linear' && (members.get(first.inputs[0] ?? '')?.size ?? 1) === 1;
  if (merged) return [[...same]];
  const sorted = same.toSorted((a, b) => input(a) - input(b));
  const result: Layer[][] = [];
  for (const layer of sorted) {
    const run = result.at(-1);
    const last = run?.at(-1);
    const before = run?.at(-2);
    const fits =
      last !== undefined &&
      (first.kind === 'columns'
        ? input(layer) === input(last) + last.width
        : input(layer) > input(last) &&
          (before === undefined ||
            (input(layer) - input(last) === input(last) - input(before) &&
              columnOf(layer.inputs[1]) - columnOf(last.inputs[1]) ===
                columnOf(last.inputs[1]) - columnOf(before.inputs[1]))));
    if (fits && run) run.push(layer);
    else result.push([layer]);
  }
  return result;
}

function asGroup(run: readonly Layer[]): LayerGroup {
  const [first] = run;
  if (!first) throw new Error('a group needs a layer');
  const only = <K extends Layer['kind']>(kind: K) =>
    run.filter((layer): layer is Extract<Layer, { kind: K }> => layer.kind === kind);
  switch (first.kind) {
    case 'linear': {
      const layers = only('linear');
      const merged = layers.every((layer) => layer.inputs[0] === first.inputs[0]);
      return { kind: 'linear', layers, merged: merged && layers.length > 1 };
    }
    case 'columns':
      return { kind: 'columns', layers: only('columns') };
    case 'layer_norm':
      return { kind: 'layer_norm', layers: only('layer_norm') };
    case 'multiply':
      return { kind: 'multiply', layers: only('multiply') };
    case 'add':
      return { kind: 'add', layers: only('add') };
    case 'embedding':
      return { kind: 'embedding', layers: only('embedding') };
    case 'interaction':
      return { kind: 'interaction', layers: only('interaction') };
    case 'concat':
      return { kind: 'concat', layers: only('concat') };
    case 'input':
      return { kind: 'input', layers: only('input') };
  }
}

/** How a linear group maps to one product: sizes of a product and their number. */
export function linearShape(group: LinearGroup): { width: number; batch: number } {
  const first = group.layers[0]?.width ?? 0;
  if (group.merged) return { width: group.layers.reduce((sum, { width }) => sum + width, 0), batch: 1 };
  return { width: first, batch: group.layers.length };
}
