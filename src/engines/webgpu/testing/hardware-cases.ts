/** Products that show what a tile for graphics cards can get wrong. */
import type { GemmVariant } from '../kernels/gemm.ts';
import type { GemmForm } from '../kernels/gemm-problem.ts';
import { SPLITS } from '../variants.ts';
import type { GemmShape } from './check-gemm.ts';

const base = { batch: 1, padded: true, slices: false, halves: false };
const SHAPES = [
  { ...base, m: 128, n: 128, k: 128 },
  // 2,776 features leave 24 columns over tiles of 64.
  { ...base, m: 70, n: 88, k: 278, batch: 2, slices: true },
  { ...base, m: 33, n: 67, k: 131, padded: false },
  { ...base, m: 128, n: 64, k: 80, halves: true },
];

/** All shapes of a form with all splits that the tile's list may have. */
export function hardwareCases(
  variant: GemmVariant,
  form: GemmForm,
): { readonly variant: GemmVariant; readonly shape: Omit<GemmShape, 'seed'> }[] {
  if (variant.kind === 'direct' && variant.quads)
    return SHAPES.filter(({ padded }) => padded).map((shape) => ({ variant, shape: { ...shape, form } }));
  if (variant.kind === 'direct') return SHAPES.map((shape) => ({ variant, shape: { ...shape, form } }));
  if (form === 'TN' && variant.slices > 1) return [];
  const splits = form === 'TN' ? [1] : SPLITS;
  return SHAPES.flatMap((shape) =>
    splits.map((split) => ({ variant: { ...variant, split }, shape: { ...shape, form } })),
  );
}

export function tileName(variant: GemmVariant): string {
  if (variant.kind === 'direct')
    return `direct ${variant.rows}×${variant.columns}${variant.quads ? ' by quads' : ''}`;
  const { x, y, rows, columns, depth, slices } = variant;
  return `${y * rows}×${x * columns}×${depth}${slices > 1 ? `, ${slices} slices` : ''}`;
}
