/**
 * Which kernels a run was computed with, as text for its manifest. Another variant of a product rounds otherwise, so a run
 * that goes on, on another day and perhaps in another version, takes those that it began with.
 */
import type { GemmVariant } from './kernels/gemm.ts';
import type { ChooseVariant } from './plan/compiled-model.ts';
import { useKey } from './tuner.ts';

/** Variant by product, both in words. */
export type KernelChoices = Readonly<Record<string, string>>;

export function variantText(variant: GemmVariant): string {
  const { kind, rows, columns, x, y } = variant;
  const tile = [kind === 'direct' && variant.quads ? 'quads' : kind, x, y, rows, columns];
  return (kind === 'direct' ? tile : [...tile, variant.depth, variant.slices, variant.split]).join(' ');
}

const oneOf = <const T extends readonly number[]>(values: T, value: number | undefined): T[number] | null =>
  values.find((known) => known === value) ?? null;

/** Invocations that every device takes in a workgroup. */
const MAX_INVOCATIONS = 256;
const SIDES = [1, 2, 4, 8, 16, 32, 64] as const;

/** A variant back from its text; null for what is none, or none that any device must take. */
export function parseVariant(text: string): GemmVariant | null {
  const [kind, ...words] = text.split(' ');
  const numbers = words.map(Number);
  const [x, y] = [oneOf(SIDES, numbers[0]), oneOf(SIDES, numbers[1])];
  const columns = oneOf([4, 8], numbers[3]);
  if (x === null || y === null || columns === null) return null;
  if (kind === 'direct' || kind === 'quads') {
    const rows = oneOf([1, 2, 4, 8, 16], numbers[2]);
    if (rows === null || numbers.length !== 4 || x * y > MAX_INVOCATIONS) return null;
    const direct = { kind: 'direct', x, y, rows, columns } as const;
    if (kind === 'quads') return x % 4 === 0 && rows % 4 === 0 ? { ...direct, quads: true } : null;
    return direct;
  }
  const rows = oneOf([4, 8], numbers[2]);
  const depth = oneOf([8, 16, 32], numbers[4]);
  const slices = oneOf([1, 2, 4], numbers[5]);
  const split = oneOf([1, 2, 4, 8], numbers[6]);
  if (kind !== 'tiled' || rows === null || depth === null || slices === null || split === null) return null;
  if (numbers.length !== 7 || x * y * slices > MAX_INVOCATIONS) return null;
  return { kind, x, y, rows, columns, depth, slices, split };
}

/** What `kept` says of a product, and of others what `otherwise` chooses. */
export function keptChoice(kept: KernelChoices, otherwise: ChooseVariant): ChooseVariant {
  return (problem, epilogue) => {
    const text = kept[useKey({ problem, epilogue })];
    return (text === undefined ? null : parseVariant(text)) ?? otherwise(problem, epilogue);
  };
}

/** Passes a choice on and notes what it was. */
export class KernelNotes {
  readonly #chosen = new Map<string, string>();

  get chosen(): KernelChoices {
    return Object.fromEntries(this.#chosen);
  }

  noting(choose: ChooseVariant): ChooseVariant {
    return (problem, epilogue) => {
      const variant = choose(problem, epilogue);
      this.#chosen.set(useKey({ problem, epilogue }), variantText(variant));
      return variant;
    };
  }
}
