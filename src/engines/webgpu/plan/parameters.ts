/**
 * Where every entry of the state dict lies on the device. Weights of a linear group are stacked in one block, so that a
 * merged product needs no copy; rows are padded to four floats for vec4 reads. All other trainable numbers (biases, norms,
 * affine maps) share one "small" region behind the blocks, which one Adam dispatch updates. First and second moments and
 * stored gradients use the same layout. Untrained numbers (running statistics, ratios, bounds) have a buffer of their own.
 */
import { sizeOf } from '../../../formats/state-dict.ts';
import type { ModelGraph, ParameterSpec } from '../../../graph/graph.ts';
import type { LayerGroup } from './group-layers.ts';
import type { RateRange } from '../kernels/adam-code.ts';
import { mergeRanges } from '../kernels/adam-code.ts';

/** One stack of weights [rows, columns], each row `ld` floats apart. */
export interface WeightBlock {
  /** Floats from the start of the arena; a multiple of 128, so that its half-precision copy is aligned for a binding too. */
  readonly offset: number;
  readonly rows: number;
  readonly columns: number;
  readonly ld: number;
  readonly rates: readonly RateRange[];
}

/** Where one tensor lies: `rows` rows of `columns` floats, `ld` apart, in the arena or in the untrained buffer. */
export interface TensorPlace {
  readonly spec: ParameterSpec;
  readonly offset: number;
  readonly rows: number;
  readonly columns: number;
  readonly ld: number;
}

export interface ParameterLayout {
  readonly blocks: readonly WeightBlock[];
  /** Index into `blocks` by linear group. */
  readonly blockOf: ReadonlyMap<LayerGroup, WeightBlock>;
  /** Floats of the whole arena; the small region is [smallOffset, smallOffset + smallLength). */
  readonly arenaLength: number;
  readonly smallOffset: number;
  readonly smallLength: number;
  /** Rate group of every float in the small region. */
  readonly smallGroups: Uint32Array<ArrayBuffer>;
  readonly runningLength: number;
  /** Trainable tensors in the arena. */
  readonly trainable: ReadonlyMap<string, TensorPlace>;
  /** Untrained F32 tensors in the untrained buffer. */
  readonly running: ReadonlyMap<string, TensorPlace>;
  /** Names of I64 counters, which stay on the CPU. */
  readonly counters: readonly string[];
  /** Offset within the small region. */
  small(name: string): number;
  /** Offset within the untrained buffer. */
  runningOffset(name: string): number;
}

const ALIGNMENT = 128;
const align = (floats: number) => Math.ceil(floats / ALIGNMENT) * ALIGNMENT;
const isName = (name: string | null): name is string => name !== null;

export function layoutParameters(graph: ModelGraph, groups: readonly LayerGroup[]): ParameterLayout {
  const specs = new Map(graph.parameters.map((spec) => [spec.name, spec]));
  const spec = (name: string): ParameterSpec => {
    const found = specs.get(name);
    if (!found) throw new Error(`the graph has no parameter ${name}`);
    return found;
  };
  const rateGroup = (name: string) => graph.groups.indexOf(spec(name).group);

  const blocks: WeightBlock[] = [];
  const blockOf = new Map<LayerGroup, WeightBlock>();
  const trainable = new Map<string, TensorPlace>();
  let arena = 0;
  for (const group of groups) {
    if (group.kind !== 'linear') continue;
    const columns = spec(group.layers[0]?.weight ?? '').shape[1] ?? 0;
    const ld = Math.ceil(columns / 4) * 4;
    const rates: RateRange[] = [];
    let rows = 0;
    for (const layer of group.layers) {
      const weight = spec(layer.weight);
      trainable.set(layer.weight, {
        spec: weight,
        offset: arena + rows * ld,
        rows: layer.width,
        columns,
        ld,
      });
      rates.push({ begin: rows, group: rateGroup(layer.weight) });
      rows += layer.width;
    }
    const block = { offset: arena, rows, columns, ld, rates: mergeRanges(rates) };
    blocks.push(block);
    blockOf.set(group, block);
    arena = align(arena + rows * ld);
  }

  // Members of a group stand side by side, as their columns do in the group's matrix.
  const smallOffset = arena;
  const running = new Map<string, TensorPlace>();
  let runningLength = 0;
  const addSmall = (name: string) => {
    const length = sizeOf(spec(name).shape);
    trainable.set(name, { spec: spec(name), offset: arena, rows: 1, columns: length, ld: length });
    arena += length;
  };
  const addRunning = (name: string) => {
    const length = sizeOf(spec(name).shape);
    running.set(name, { spec: spec(name), offset: runningLength, rows: 1, columns: length, ld: length });
    runningLength += length;
  };
  for (const group of groups) {
    if (group.kind === 'linear')
      group.layers
        .map(({ bias }) => bias)
        .filter(isName)
        .forEach(addSmall);
    else if (group.kind === 'layer_norm') {
      group.layers
        .map(({ weight }) => weight)
        .filter(isName)
        .forEach(addSmall);
      group.layers
        .map(({ bias }) => bias)
        .filter(isName)
        .forEach(addSmall);
    } else if (group.kind === 'columns') {
      const norms = group.layers.map(({ norm }) => norm).filter((norm) => norm !== null);
      norms
        .map(({ weight }) => weight)
        .filter(isName)
        .forEach(addSmall);
      norms
        .map(({ bias }) => bias)
        .filter(isName)
        .forEach(addSmall);
      norms.forEach(({ runningMean }) => addRunning(runningMean));
      norms.forEach(({ runningVar }) => addRunning(runningVar));
    }
  }
  const counters: string[] = [];
  for (const { name, trainable: trained, dtype } of graph.parameters) {
    if (dtype === 'I64') counters.push(name);
    else if (trained && !trainable.has(name)) addSmall(name);
    else if (!trained && !running.has(name)) addRunning(name);
  }
  const smallLength = Math.max(4, arena - smallOffset);
  const smallGroups = new Uint32Array(smallLength);
  for (const [name, place] of trainable)
    if (place.offset >= smallOffset)
      smallGroups.fill(
        rateGroup(name),
        place.offset - smallOffset,
        place.offset - smallOffset + place.columns,
      );
  const place = (places: ReadonlyMap<string, TensorPlace>, name: string) => {
    const found = places.get(name);
    if (!found) throw new Error(`parameter ${name} has no place`);
    return found;
  };
  return {
    blocks,
    blockOf,
    arenaLength: smallOffset + Math.ceil(smallLength / 4) * 4,
    smallOffset,
    smallLength,
    smallGroups,
    runningLength: Math.max(4, runningLength),
    trainable,
    running,
    counters,
    small: (name) => place(trainable, name).offset - smallOffset,
    runningOffset: (name) => place(running, name).offset,
  };
}
