/**
 * Which matrix holds which value. A group's values stand side by side; a concatenation costs nothing where its parts can be
 * written into its columns by their producers, and becomes copies only where a part already has another place.
 */
import type { LayerGroup } from './group-layers.ts';

/** A matrix [batch, width] that values live in; rows are `ld` floats apart. */
export interface Root {
  readonly id: number;
  readonly width: number;
  readonly ld: number;
}

/** Columns of a root. */
export interface Region {
  readonly root: Root;
  readonly column: number;
  readonly width: number;
}

/** A part of a concatenation that must be copied: from a value's region to columns of the concatenation's. */
export interface Copy {
  readonly from: Region;
  readonly to: Region;
}

export interface Placement {
  readonly roots: readonly Root[];
  /** Region of a layer's value. */
  value(id: string): Region;
  /** Region of all of a group's values. */
  group(group: LayerGroup): Region;
  copies(group: LayerGroup): readonly Copy[];
}

/**
 * A dispatch can't read and write one buffer, so a group never shares its root with what it reads; the rare group that
 * would (a one-layer backbone under share_partial) gets a root of its own and is copied.
 */
export function placeValues(groups: readonly LayerGroup[]): Placement {
  const separate = new Set<LayerGroup>();
  for (;;) {
    const placement = tryPlacing(groups, separate);
    const clash = groups.find(
      (group) =>
        group.kind !== 'concat' &&
        group.layers.some(({ inputs }) =>
          inputs.some((id) => placement.value(id).root === placement.group(group).root),
        ),
    );
    if (!clash) return placement;
    separate.add(clash);
  }
}

function tryPlacing(groups: readonly LayerGroup[], separate: ReadonlySet<LayerGroup>): Placement {
  const roots: Root[] = [];
  const regions = new Map<LayerGroup, Region>();
  const owner = new Map<string, { group: LayerGroup; column: number; width: number }>();
  for (const group of groups) {
    let column = 0;
    for (const { id, width } of group.layers) {
      owner.set(id, { group, column, width });
      column += width;
    }
  }
  const ownerOf = (id: string) => {
    const found = owner.get(id);
    if (!found) throw new Error(`no group gives ${id}`);
    return found;
  };
  const widthOf = (group: LayerGroup) => group.layers.reduce((sum, { width }) => sum + width, 0);
  const newRoot = (group: LayerGroup): Region => {
    const width = widthOf(group);
    // Uploads come densely packed.
    const ld = group.kind === 'input' ? width : Math.ceil(width / 4) * 4;
    const root = { id: roots.length, width, ld };
    roots.push(root);
    const region = { root, column: 0, width };
    regions.set(group, region);
    return region;
  };
  // Outer concatenations first, so that an inner one is placed inside them.
  for (const group of groups.toReversed()) {
    if (group.kind !== 'concat') continue;
    const region = regions.get(group) ?? newRoot(group);
    const inputs = group.layers[0]?.inputs ?? [];
    let column = region.column;
    for (let at = 0; at < inputs.length;) {
      const { group: part } = ownerOf(inputs[at] ?? '');
      const whole = part.layers.every((layer, offset) => layer.id === inputs[at + offset]);
      // Inputs are uploaded, so they need a buffer of their own.
      if (whole && part.kind !== 'input' && !separate.has(part) && !regions.has(part)) {
        const width = widthOf(part);
        regions.set(part, { root: region.root, column, width });
        column += width;
        at += part.layers.length;
      } else {
        column += ownerOf(inputs[at] ?? '').width;
        at += 1;
      }
    }
  }
  for (const group of groups) if (!regions.has(group)) newRoot(group);
  const regionOf = (group: LayerGroup): Region => {
    const region = regions.get(group);
    if (!region) throw new Error('a group has no place');
    return region;
  };
  const value = (id: string): Region => {
    const { group, column, width } = ownerOf(id);
    const region = regionOf(group);
    return { root: region.root, column: region.column + column, width };
  };
  const copies = (group: LayerGroup): Copy[] => {
    if (group.kind !== 'concat') return [];
    const region = regionOf(group);
    const result: Copy[] = [];
    let { column } = region;
    for (const id of group.layers[0]?.inputs ?? []) {
      const from = value(id);
      if (from.root !== region.root || from.column !== column)
        result.push({ from, to: { root: region.root, column, width: from.width } });
      column += from.width;
    }
    return result;
  };
  return { roots, value, group: regionOf, copies };
}
