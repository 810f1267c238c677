/** A matrix product's shape and memory layout, and the element addressing that all GEMM variants share. */
import type { Binding, Matrix } from './kernel.ts';
import { aligned, index, read } from './kernel.ts';

export type GemmForm = 'NT' | 'NN' | 'TN';

export interface GemmProblem {
  readonly form: GemmForm;
  /** C is [m, n], the sum runs over k, `batch` products at once. */
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly batch: number;
  /** [m, k], or [k, m] for TN. */
  readonly a: Matrix;
  /** [n, k] for NT, else [k, n]. */
  readonly b: Matrix;
  /** B is stored in half precision, four numbers in two words; its rows must be aligned. */
  readonly halves?: boolean;
}

/** Floating-point operations of the product. */
export function gemmFlops({ m, n, k, batch }: GemmProblem): number {
  return 2 * m * n * k * batch;
}

/** One operand as WGSL: how to read one element, or four neighbours along its contiguous direction. */
export interface Operand {
  readonly binding: Binding;
  /** True when memory is contiguous along p (rows of the operand are i or j), else along i or j. */
  readonly alongK: boolean;
  /** True when rows start at multiples of four floats, so that a vec4 is one load. */
  readonly wide: boolean;
  readonly ld: number;
  /** Index of an element of the stored matrix, in floats. */
  at(row: string, column: string): string;
  /** Expression of one element at (row, column) of the stored matrix. */
  scalar(row: string, column: string): string;
  /** Expression of a vec4 of columns column…column + 3. */
  vector(row: string, column: string): string;
  /** Expression of the vec4 at a position counted in vec4s; for wide operands. */
  quad(position: string): string;
}

function operand(name: string, stored: Matrix, alongK: boolean, halves: boolean): Operand {
  const wide = aligned(stored);
  if (halves && !wide) throw new Error('half-precision operands need aligned rows');
  const quad = (position: string) => (halves ? `halves(${name}[${position}])` : `${name}[${position}]`);
  const at = (row: string, column: string) => index(stored, 'z', row, column);
  return {
    binding: read(name, halves ? 'vec2<u32>' : wide ? 'vec4<f32>' : 'f32'),
    alongK,
    wide,
    ld: stored.ld,
    at,
    scalar: (row, column) => {
      const i = at(row, column);
      return wide ? `${quad(`(${i}) >> 2u`)}[(${i}) & 3u]` : `${name}[${i}]`;
    },
    vector: (row, column) => {
      const i = at(row, column);
      if (wide) return quad(`(${i}) >> 2u`);
      return `vec4<f32>(${[0, 1, 2, 3].map((step) => `${name}[${i} + ${step}u]`).join(', ')})`;
    },
    quad,
  };
}

export function operands({ form, a, b, halves }: GemmProblem): { a: Operand; b: Operand } {
  return { a: operand('a', a, form !== 'TN', false), b: operand('b', b, form === 'NT', halves === true) };
}

/** A short name for labels and for the tuner's memory. */
export function gemmLabel({ form, m, n, k, batch, halves }: GemmProblem): string {
  return `gemm ${form} ${batch > 1 ? `${batch}×` : ''}[${m}×${k}]·[${k}×${n}]${halves ? ' in halves' : ''}`;
}
