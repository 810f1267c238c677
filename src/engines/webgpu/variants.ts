/** Which GEMM variants a device may choose from, best guess first: the choice without measuring, and the tuner's list. */
import type { Epilogue } from './kernels/epilogue.ts';
import type { GemmProblem, GemmVariant } from './kernels/gemm.ts';
import type { DirectVariant } from './kernels/gemm-direct.ts';
import type { TiledVariant } from './kernels/gemm-tiled.ts';
import { aligned } from './kernels/kernel.ts';

const direct = (
  rows: DirectVariant['rows'],
  columns: DirectVariant['columns'],
  x: number,
  y: number,
): DirectVariant => ({ kind: 'direct', rows, columns, x, y });

const tiled = (
  x: number,
  y: number,
  rows: TiledVariant['rows'],
  columns: TiledVariant['columns'],
  depth: TiledVariant['depth'],
): TiledVariant => ({ kind: 'tiled', x, y, rows, columns, depth, split: 1 });

/** Multiply-adds below which a product is nothing but the cost of its dispatch. */
const TINY = 1 << 16;

/**
 * Multiply-adds from which a software adapter's compiler earns the 8 × 8 tile back: it has a quarter fewer loads than
 * 8 × 4 and takes several times as long to compile.
 */
const WORTH_COMPILING = 1 << 21;

/** The same for 16 × 8, another fifth faster. */
const WORTH_LONG_COMPILING = 1 << 25;

/** Tiles that keep a big GPU busy: a few for each of its 30 to 150 cores. */
const WANTED_TILES = 256;

const TILES = [tiled(8, 8, 8, 8, 16), tiled(16, 8, 8, 8, 16), tiled(8, 8, 4, 8, 16), tiled(8, 8, 4, 4, 16)];

/** At least one variant. A weight gradient is never split: its parts would be as big as the weights. */
export function candidates(
  problem: GemmProblem,
  epilogue: Epilogue['kind'],
  software: boolean,
): readonly [GemmVariant, ...GemmVariant[]] {
  const { m, n, k, batch } = problem;
  const work = m * n * k * batch;
  if (software) {
    const rows = m >= 8 ? 8 : m >= 4 ? 4 : m >= 2 ? 2 : 1;
    // Unaligned rows cost four loads and four bounds checks for one, and the compiler as much more time.
    if (!aligned(problem.a) || !aligned(problem.b)) return [direct(rows > 2 ? 2 : rows, 4, 4, 4)];
    if (work < TINY) return [direct(rows > 4 ? 4 : rows, 4, 4, 4)];
    if (rows < 8 || n < 8) return [direct(rows, 4, 4, 4)];
    if (work < WORTH_COMPILING) return [direct(8, 4, 4, 4), direct(8, 8, 4, 4)];
    const big = work >= WORTH_LONG_COMPILING && m >= 16;
    return big ? [direct(16, 8, 4, 4), direct(8, 8, 4, 4)] : [direct(8, 8, 4, 4), direct(8, 4, 4, 4)];
  }
  if (work < TINY || n < 16) return [direct(m >= 4 ? 4 : 1, 4, 16, 4)];
  const splittable = epilogue === 'forward' || epilogue === 'input_gradient';
  const found: { variant: TiledVariant; penalty: number }[] = [];
  for (const base of TILES) {
    const height = base.y * base.rows;
    const width = base.x * base.columns;
    const tiles = Math.ceil(m / height) * Math.ceil(n / width) * batch;
    const waste = (Math.ceil(m / height) * height * Math.ceil(n / width) * width) / (m * n);
    for (const split of splittable ? [1, 2, 4, 8] : [1]) {
      if (split > 1 && (tiles * split > 4 * WANTED_TILES || k / split < 4 * base.depth)) continue;
      const idle = Math.max(0, Math.log2(WANTED_TILES / (tiles * split)));
      const small = base.rows === 8 ? 0 : 0.5 * (1 + (base.columns === 4 ? 1 : 0));
      found.push({
        variant: { ...base, split },
        penalty: idle + small + Math.log2(waste) * 2 + 0.2 * Math.log2(split),
      });
    }
  }
  const [best, ...rest] = found.toSorted((a, b) => a.penalty - b.penalty).map(({ variant }) => variant);
  return [best ?? direct(4, 4, 16, 4), ...rest.slice(0, MAX_CANDIDATES - 1)];
}

/** More would only make tuning longer: they differ by less than its noise. */
const MAX_CANDIDATES = 6;
