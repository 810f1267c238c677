/** What kernel tests share: running a kernel, random numbers, numeric gradients. */
export type { Arrays } from '../run-kernel.ts';
export { runKernel } from '../run-kernel.ts';

/** Largest difference relative to the largest expected value. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let scale = 1e-30;
  let error = actual.length === expected.length ? 0 : NaN;
  for (let at = 0; at < expected.length; at++) {
    scale = Math.max(scale, Math.abs(expected[at] ?? NaN));
    error = Math.max(error, Math.abs((actual[at] ?? NaN) - (expected[at] ?? NaN)));
  }
  return error / scale;
}

/** d(Σ c·f(x))/dx by central differences of a float64 function. */
export function numericGradient(
  f: (x: Float64Array) => ArrayLike<number>,
  x: Float64Array,
  c: ArrayLike<number>,
  step = 1e-5,
): Float64Array {
  const weighted = (at: Float64Array) => {
    const y = f(at);
    let sum = 0;
    for (let i = 0; i < y.length; i++) sum += (y[i] ?? 0) * (c[i] ?? 0);
    return sum;
  };
  return x.map((value, at) => {
    const moved = x.slice();
    moved[at] = value + step;
    const up = weighted(moved);
    moved[at] = value - step;
    return (up - weighted(moved)) / (2 * step);
  });
}

/** Numbers in [−1, 1) from a seed. */
export function noise(seed: number, length: number): Float32Array<ArrayBuffer> {
  let state = Math.imul(seed + 1, 0x9e3779b1);
  return Float32Array.from({ length }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 31 - 1;
  });
}

/** The elements of a batch of matrices, row by row, out of their buffer. */
export function gather(
  data: ArrayLike<number>,
  { offset, ld, batchStride }: { offset: number; ld: number; batchStride: number },
  batch: number,
  rows: number,
  columns: number,
): Float64Array {
  const out = new Float64Array(batch * rows * columns);
  for (let z = 0; z < batch; z++)
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++)
        out[(z * rows + i) * columns + j] = data[offset + z * batchStride + i * ld + j] ?? NaN;
  return out;
}
