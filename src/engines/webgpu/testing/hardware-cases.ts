/** Products that show what a tile for graphics cards can get wrong: all of them, and a sample that `npm test` has time for. */
import type { GemmVariant } from '../kernels/gemm.ts';
import type { GemmForm } from '../kernels/gemm-problem.ts';
import { DIRECT_FOR_SMALL, SPLITS, TILES } from '../variants.ts';
import type { GemmShape } from './check-gemm.ts';

const base = { batch: 1, padded: true, slices: false, halves: false };
export const SHAPES = [
  { ...base, m: 128, n: 128, k: 128 },
  // 2,776 features leave 24 columns over tiles of 64.
  { ...base, m: 70, n: 88, k: 278, batch: 2, slices: true },
  { ...base, m: 33, n: 67, k: 131, padded: false },
  { ...base, m: 128, n: 64, k: 80, halves: true },
] as const;

export const FORMS = ['NT', 'NN', 'TN'] as const;

/** Epilogues of every form, by number: checkGemm's `which`. */
export const EPILOGUES = 2;

export const HARDWARE_TILES: readonly GemmVariant[] = [...TILES, ...DIRECT_FOR_SMALL];

export interface HardwareCase {
  readonly variant: GemmVariant;
  readonly shape: Omit<GemmShape, 'seed'>;
}

/** All shapes of a form with all splits that the tile's list may have. */
export function hardwareCases(variant: GemmVariant, form: GemmForm): HardwareCase[] {
  if (variant.kind === 'direct' && variant.quads)
    return SHAPES.filter(({ padded }) => padded).map((shape) => ({ variant, shape: { ...shape, form } }));
  if (variant.kind === 'direct') return SHAPES.map((shape) => ({ variant, shape: { ...shape, form } }));
  if (form === 'TN' && variant.slices > 1) return [];
  const splits = form === 'TN' ? [1] : SPLITS;
  return SHAPES.flatMap((shape) =>
    splits.map((split) => ({ variant: { ...variant, split }, shape: { ...shape, form } })),
  );
}

/**
 * A tile in every form with one epilogue of each; the halves have the other epilogue, and together every tile in every shape
 * and, where it may be split, with every split. Over all tiles every shape meets every split and epilogue.
 * @param at the tile's number in HARDWARE_TILES.
 */
export function sampledCases(
  at: number,
  half: 0 | 1,
): (HardwareCase & { readonly epilogue: number; readonly seed: number })[] {
  const tile = HARDWARE_TILES[at];
  if (!tile) throw new Error(`there is no tile ${at}`);
  return FORMS.flatMap((form, number) => {
    const sliced = tile.kind === 'tiled' && tile.slices > 1;
    if (form === 'TN' && sliced) return [];
    const turn = EPILOGUES * number + half;
    const shape = SHAPES[(turn + at) % SHAPES.length] ?? SHAPES[0];
    const split = form === 'TN' ? 1 : (SPLITS[(turn + at + 3 * Math.floor(at / 3)) % SPLITS.length] ?? 1);
    const variant = tile.kind === 'tiled' ? { ...tile, split } : tile;
    return [{ variant, shape: { ...shape, form }, epilogue: turn % EPILOGUES, seed: at }];
  });
}

export function tileName(variant: GemmVariant): string {
  if (variant.kind === 'direct')
    return `direct ${variant.rows}×${variant.columns}${variant.quads ? ' by quads' : ''}`;
  const { x, y, rows, columns, depth, slices } = variant;
  return `${y * rows}×${x * columns}×${depth}${slices > 1 ? `, ${slices} slices` : ''}`;
}
