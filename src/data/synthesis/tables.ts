/**
 * Quantile tables: normal and heavy-tailed draws by one lookup, so that thousands of columns cost nanoseconds each.
 * The entries are midpoint quantiles made with the stable functions, hence the same in every JavaScript engine.
 */
import { normalQuantile, stableExp } from '../stable-math.ts';

const NORMAL_BITS = 16;
const NORMAL_SIZE = 1 << NORMAL_BITS;

function makeNormal(size: number): Float64Array {
  const table = new Float64Array(size);
  for (let i = 0; i < size / 2; i++) {
    const z = normalQuantile((i + 0.5) / size);
    table[i] = z;
    table[size - 1 - i] = -z;
  }
  return table;
}

/** Φ⁻¹((i + ½)/65536), ascending: index with 16 random bits for a standard normal within ±4.3. */
export const normalTable: Float64Array = makeNormal(NORMAL_SIZE);

/** A standard normal from a random 32-bit number (its upper 16 bits). */
export function normalOf(uint32: number): number {
  return normalTable[uint32 >>> NORMAL_BITS]!;
}

/** Φ(z) on the table's grid: within 1/65536, and never 0 or 1. */
export function normalCdf(z: number): number {
  let low = 0;
  let high = NORMAL_SIZE;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (normalTable[middle]! <= z) low = middle + 1;
    else high = middle;
  }
  return Math.min(Math.max(low, 0.5), NORMAL_SIZE - 0.5) / NORMAL_SIZE;
}

export const TAIL_BITS = 12;

/** exp(sigma·z) − shift at 4096 midpoint quantiles, for the columns without a name. */
export function tailTable(sigma: number, shift: number): Float32Array {
  const size = 1 << TAIL_BITS;
  const table = new Float32Array(size);
  for (let i = 0; i < size; i++) table[i] = stableExp(sigma * normalQuantile((i + 0.5) / size)) - shift;
  return table;
}
