/** Which GEMM variants a device may choose from, best guess first: the choice without measuring, and the tuner's list. */
import type { Epilogue } from './kernels/epilogue.ts';
import type { GemmProblem, GemmVariant } from './kernels/gemm.ts';
import type { DirectVariant } from './kernels/gemm-direct.ts';
import { takesQuads } from './kernels/gemm-direct.ts';
import type { TiledVariant } from './kernels/gemm-tiled.ts';
import { aligned } from './kernels/kernel.ts';

/** What the guesses know of a device. */
export interface GpuTarget {
  /** It computes on the CPU. */
  readonly software: boolean;
  /** Invocations, counted in workgroups of 64, that hide its memory's latency. */
  readonly wanted: number;
  /** Workgroup memory may be slow or imitated there, and registers few: variants that do without are worth measuring. */
  readonly small: boolean;
  /** A first step is split as for the slowest of graphics cards: it is one of them, or nothing is known of it. */
  readonly slow: boolean;
  /** Subgroup operations are there. */
  readonly subgroups: boolean;
}

export const SOFTWARE: GpuTarget = { software: true, wanted: 1, small: false, slow: true, subgroups: false };
export const SMALL_GPU: GpuTarget = {
  software: false,
  wanted: 64,
  small: true,
  slow: true,
  subgroups: false,
};
export const BIG_GPU: GpuTarget = {
  software: false,
  wanted: 1024,
  small: false,
  slow: false,
  subgroups: false,
};

/** Words that vendor, architecture or description hold; the first line that fits counts. */
const SIZES: readonly { readonly words: RegExp; readonly wanted: number; readonly small: boolean }[] = [
  {
    words: /qualcomm|adreno|\barm\b|mali|imgtec|powervr|broadcom|videocore|samsung/,
    wanted: 64,
    small: true,
  },
  // Arc's own cards have some thirty cores, the processors' graphics six to eight of the same kind.
  { words: /\barc\b|\bxe-?(2-)?hp|battlemage|alchemist/, wanted: 512, small: true },
  { words: /intel/, wanted: 128, small: true },
  { words: /apple/, wanted: 256, small: false },
  { words: /nvidia|geforce|\brtx\b|tesla/, wanted: 1024, small: false },
  { words: /\bamd\b|radeon|rdna|gcn/, wanted: 512, small: false },
];

/** The target of an adapter; browsers that tell nothing of it get the middle of all. */
export function targetOf(software: boolean, description: string, subgroups: boolean): GpuTarget {
  if (software) return SOFTWARE;
  const known = SIZES.find(({ words }) => words.test(description.toLowerCase()));
  const small = known?.small ?? false;
  return { software, wanted: known?.wanted ?? 384, small, slow: known === undefined || small, subgroups };
}

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
  slices: TiledVariant['slices'] = 1,
): TiledVariant => ({ kind: 'tiled', x, y, rows, columns, depth, slices, split: 1 });

/** Rows from which low tiles would be more workgroups than a dimension may have. */
const HUGE = 1 << 17;

/** Multiply-adds below which a product is nothing but the cost of its dispatch. */
const TINY = 1 << 16;

/**
 * Multiply-adds from which a software adapter's compiler earns the 8 × 8 tile back: it has a quarter fewer loads than
 * 8 × 4 and takes several times as long to compile.
 */
const WORTH_COMPILING = 1 << 21;

/** The same for 16 × 8, another fifth faster. */
const WORTH_LONG_COMPILING = 1 << 25;

/** 64 × 64 and its shapes; 64 × 128; 128 × 64, which reads the weights once where m is 128; then smaller ones. */
export const TILES: readonly TiledVariant[] = [
  tiled(8, 8, 8, 8, 16),
  tiled(8, 8, 8, 8, 16, 2),
  tiled(8, 8, 8, 8, 8, 4),
  tiled(16, 8, 8, 8, 16),
  tiled(8, 16, 8, 8, 16),
  tiled(8, 16, 8, 8, 8, 2),
  tiled(8, 8, 8, 8, 8),
  tiled(8, 8, 8, 8, 32),
  tiled(8, 8, 4, 8, 16),
  tiled(8, 8, 4, 8, 16, 2),
  tiled(8, 8, 4, 4, 16),
  tiled(8, 8, 4, 4, 16, 4),
];

/** Without workgroup memory, for GPUs where that is no faster than the caches. */
export const DIRECT_FOR_SMALL: readonly DirectVariant[] = [direct(8, 4, 8, 8), direct(4, 4, 16, 4)];

/** Where there are subgroup operations: half the loads, no workgroup memory. */
export const QUADS: readonly DirectVariant[] = [
  { ...direct(8, 4, 8, 8), quads: true },
  { ...direct(4, 4, 16, 4), quads: true },
];

export const SPLITS: readonly number[] = [1, 2, 4, 8];

/** More would only make tuning longer: they differ by less than its noise. */
const MAX_CANDIDATES = 8;

/**
 * What a software adapter computes a product with until the chosen kernel is compiled, because its compiler takes a quarter
 * of the time for it: every number is summed in the same order in all direct kernels without quads, so none changes. Null where
 * the chosen one is as cheap, or so much faster that waiting for it is shorter.
 */
export function soonerVariant({ m, n, k, batch }: GemmProblem, variant: GemmVariant): DirectVariant | null {
  if (variant.kind !== 'direct' || variant.quads || m >= HUGE) return null;
  if (variant.rows * variant.columns <= 16 || m * n * k * batch >= WORTH_LONG_COMPILING) return null;
  return direct(2, 4, 4, 4);
}

/** At least one variant. A weight gradient is never split: its parts would be as big as the weights. */
export function candidates(
  problem: GemmProblem,
  epilogue: Epilogue['kind'],
  target: GpuTarget,
): readonly [GemmVariant, ...GemmVariant[]] {
  const { m, n, k, batch } = problem;
  const work = m * n * k * batch;
  if (target.software) {
    const rows = m >= 8 ? 8 : m >= 4 ? 4 : m >= 2 ? 2 : 1;
    // Unaligned rows cost four loads and four bounds checks for one, and the compiler as much more time.
    if (!aligned(problem.a) || !aligned(problem.b))
      return [direct(m >= HUGE ? 8 : rows > 2 ? 2 : rows, 4, 4, 4)];
    if (work < TINY) return [direct(rows > 2 ? 2 : rows, 4, 4, 4)];
    if (rows < 8 || n < 8) return [direct(rows, 4, 4, 4)];
    if (work < WORTH_COMPILING) return [direct(8, 4, 4, 4), direct(8, 8, 4, 4)];
    const big = work >= WORTH_LONG_COMPILING && m >= 16;
    return big ? [direct(16, 8, 4, 4), direct(8, 8, 4, 4)] : [direct(8, 8, 4, 4), direct(8, 4, 4, 4)];
  }
  if (work < TINY || n < 16) return [direct(m >= HUGE ? 8 : m >= 4 ? 4 : 1, 4, 16, 4)];
  const shared = epilogue === 'forward' || epilogue === 'input_gradient';
  const found: { variant: TiledVariant; penalty: number }[] = [];
  for (const base of TILES) {
    if (!shared && base.slices > 1) continue;
    for (const split of shared ? SPLITS : [1]) {
      const variant = { ...base, split };
      const penalty = guess(problem, variant, target);
      if (penalty !== null) found.push({ variant, penalty });
    }
  }
  const sorted = found.toSorted((a, b) => a.penalty - b.penalty).map(({ variant }) => variant);
  const [best = direct(4, 4, 16, 4), ...rest] = sorted.slice(0, MAX_CANDIDATES);
  const quads = target.subgroups && takesQuads(problem) ? QUADS : [];
  if (target.small) return [best, ...rest.slice(0, 5 - quads.length), ...quads, ...DIRECT_FOR_SMALL];
  return [best, ...rest.slice(0, MAX_CANDIDATES - 1 - quads.length), ...quads];
}

/**
 * Doublings of time that a variant loses, roughly, or null where it makes no sense: too few invocations to hide latency,
 * computing beyond the matrix, register tiles that read more than they compute, and parts of sums that cross memory.
 */
function guess({ m, n, k, batch }: GemmProblem, variant: TiledVariant, target: GpuTarget): number | null {
  const { x, y, rows, columns, depth, slices, split } = variant;
  const [height, width] = [y * rows, x * columns];
  const [down, across] = [Math.ceil(m / height), Math.ceil(n / width)];
  const shares = slices * split;
  if (shares > 1 && k / shares < 4 * depth) return null;
  const groups = (down * across * batch * shares * x * y) / 64;
  // Parts of a machine that is full already.
  if (split > 1 && groups > 2 * target.wanted) return null;
  const missing = Math.max(0, Math.log2(target.wanted / groups));
  const idle = 0.35 * Math.min(missing, 2) + Math.max(0, missing - 2);
  const waste = Math.log2((down * height * across * width) / (m * n));
  const loads = rows === 8 ? 0 : columns === 8 ? 0.5 : 1;
  const again = down > 1 ? 0.1 : 0;
  const parts = split > 1 ? 0.3 + Math.log2(1 + (2 * split * m) / k) : 0;
  return idle + 2 * waste + loads + again + parts + 0.05 * Math.log2(slices) + (depth === 16 ? 0 : 0.05);
}
