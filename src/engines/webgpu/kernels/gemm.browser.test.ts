/** GEMM in all forms, variants and epilogues on random shapes against plain loops. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OPS } from '../../../graph/ops/registry.ts';
import { adam as oracleAdam } from '../../oracle/kernels.ts';
import { requestGpuDevice } from '../../gpu/device.ts';
import { Gpu } from '../gpu.ts';
import { gather, noise, relativeError, runKernel } from '../testing/run-kernel.ts';
import { packHalves } from './adam.ts';
import type { Epilogue, FusedOp } from './epilogue.ts';
import type { GemmProblem, GemmVariant } from './gemm.ts';
import { gemm } from './gemm.ts';
import { partialEpilogue } from './gemm-tiled.ts';
import type { Matrix } from './kernel.ts';
import { aligned, HYPER, hyperLength, matrix } from './kernel.ts';
import { reduceParts } from './reduce.ts';

const RELU = OPS.relu.fused as FusedOp;

const device = requestGpuDevice();
const variants: Readonly<Record<string, GemmVariant>> = {
  'direct 1×4': { kind: 'direct', rows: 1, columns: 4, x: 4, y: 2 },
  'direct 8×4': { kind: 'direct', rows: 8, columns: 4, x: 4, y: 4 },
  'direct 8×8': { kind: 'direct', rows: 8, columns: 8, x: 4, y: 4 },
  'tiled 8×4 of 4×4': { kind: 'tiled', x: 4, y: 2, rows: 4, columns: 4, depth: 8, split: 1 },
  'tiled 4×4 of 8×8': { kind: 'tiled', x: 4, y: 4, rows: 8, columns: 8, depth: 16, split: 1 },
  'tiled, split in 3': { kind: 'tiled', x: 4, y: 4, rows: 4, columns: 8, depth: 8, split: 3 },
};

/** A batch of matrices, padded to multiples of four (as values are) or dense (as odd slices are), side by side or stacked. */
function layout(batch: number, rows: number, columns: number, padded: boolean, slices: boolean) {
  const pad = (length: number) => (padded ? Math.ceil(length / 4) * 4 : length);
  const stride = pad(columns);
  const m = slices
    ? matrix(padded ? stride * batch + 4 : stride * batch + 1, padded ? 4 : 1, stride)
    : matrix(stride, 0, rows * stride);
  return { m, length: m.offset + (batch - 1) * m.batchStride + rows * m.ld + 4 };
}

const shapes = fc.record({
  form: fc.constantFrom('NT', 'NN', 'TN'),
  m: fc.integer({ min: 1, max: 37 }),
  n: fc.integer({ min: 1, max: 37 }),
  k: fc.integer({ min: 1, max: 37 }),
  batch: fc.integer({ min: 1, max: 3 }),
  padded: fc.boolean(),
  slices: fc.boolean(),
  halves: fc.boolean(),
  seed: fc.nat(1000),
});

/** The product in float64. */
function multiply(
  { form, m, n, k, batch, a, b }: GemmProblem,
  left: ArrayLike<number>,
  right: ArrayLike<number>,
) {
  const A = form === 'TN' ? gather(left, a, batch, k, m) : gather(left, a, batch, m, k);
  const B = form === 'NT' ? gather(right, b, batch, n, k) : gather(right, b, batch, k, n);
  const out = new Float64Array(batch * m * n);
  for (let z = 0; z < batch; z++)
    for (let i = 0; i < m; i++)
      for (let j = 0; j < n; j++)
        for (let p = 0; p < k; p++) {
          const x = A[z * m * k + (form === 'TN' ? p * m + i : i * k + p)] ?? NaN;
          const y = B[z * n * k + (form === 'NT' ? j * k + p : p * n + j)] ?? NaN;
          out[(z * m + i) * n + j] = (out[(z * m + i) * n + j] ?? 0) + x * y;
        }
  return out;
}

async function check(variant: GemmVariant, shape: typeof shapes extends fc.Arbitrary<infer S> ? S : never) {
  const gpu = new Gpu(await device);
  const { form, m, n, k, batch, padded, slices, seed } = shape;
  const a = form === 'TN' ? layout(batch, k, m, padded, slices) : layout(batch, m, k, padded, slices);
  const b = form === 'NT' ? layout(batch, n, k, padded, false) : layout(batch, k, n, padded, false);
  const c = layout(batch, m, n, padded, slices);
  const halves = shape.halves && form !== 'TN' && aligned(b.m);
  const problem: GemmProblem = { form, m, n, k, batch, a: a.m, b: b.m, halves };
  const left = noise(seed, a.length);
  // Exact in half precision, so that the product is the same.
  const right = noise(seed + 1, b.length).map((v) => (halves ? Math.round(v * 256) / 256 : v));
  const operand = halves ? await inHalves(gpu, right) : right;
  const product = multiply(problem, left, right);
  const x = noise(seed + 2, c.length);
  const gate = gather(x, c.m, batch, m, n);
  const at = (position: number) => Math.floor(position / n) % m;
  const cases: {
    epilogue: Epilogue;
    more: Record<string, Float32Array<ArrayBuffer>>;
    result: string;
    want: Float64Array;
  }[] = [];
  if (form === 'NT') {
    const bias = noise(seed + 3, 2 + batch * n);
    const biased = product.map(
      (v, position) => v + (bias[2 + Math.floor(position / (m * n)) * n + (position % n)] ?? 0),
    );
    const base = { kind: 'forward', c: c.m, biasOffset: 2 } as const;
    cases.push(
      {
        epilogue: { ...base, activation: RELU, gate: null, keep: null },
        more: { bias, c: new Float32Array(c.length) },
        result: 'c',
        want: biased.map((v) => Math.max(v, 0)),
      },
      {
        epilogue: { ...base, activation: null, gate: c.m, keep: c.m },
        more: { bias, x, c: new Float32Array(c.length), kept: new Float32Array(c.length) },
        result: 'c',
        want: biased.map((v, position) => v * (gate[position] ?? 0)),
      },
    );
  } else if (form === 'NN') {
    const before = noise(seed + 4, c.length);
    const old = gather(before, c.m, batch, m, n);
    cases.push({
      epilogue: { kind: 'input_gradient', c: c.m, accumulate: true, activation: { op: RELU, y: c.m } },
      more: { c: before, y: x },
      result: 'c',
      want: product.map((v, position) => (old[position] ?? 0) + ((gate[position] ?? 0) > 0 ? v : 0)),
    });
  } else if (variant.kind === 'direct' || variant.split === 1) {
    const adam = { beta1: 0.9, beta2: 0.99, epsilon: 1e-7 };
    const hyper = new Float32Array(hyperLength(4));
    hyper[HYPER.secondCorrection] = Math.sqrt(1 - adam.beta2);
    hyper[HYPER.rates] = 0.01 / (1 - adam.beta1);
    hyper[HYPER.rates + 1] = 0.1 / (1 - adam.beta1);
    const rates = [
      { begin: 0, group: 0 },
      { begin: Math.ceil((batch * m) / 2), group: 1 },
    ];
    const want = gate.slice();
    want.forEach((value, position) => {
      const row = Math.floor(position / (m * n)) * m + at(position);
      const p = Float64Array.of(value);
      oracleAdam(
        p,
        product.subarray(position, position + 1),
        Float64Array.of(0),
        Float64Array.of(0),
        1,
        row >= (rates[1]?.begin ?? 0) ? 0.1 : 0.01,
        adam,
      );
      want[position] = p[0] ?? NaN;
    });
    const copy = shape.halves && n % 4 === 0 && aligned(c.m);
    cases.push({
      epilogue: { kind: 'adam', c: c.m, adam, rates, copy },
      more: {
        p: x.slice(),
        m: new Float32Array(c.length),
        v: new Float32Array(c.length),
        hyper,
        h: new Float32Array(c.length),
      },
      result: 'p',
      want,
    });
  }
  for (const { epilogue, more, result, want } of cases) {
    const got = await run(gpu, problem, epilogue, variant, { a: left, b: operand, ...more });
    const error = relativeError(gather(got[result] ?? [], c.m, batch, m, n), want);
    expect(error, `${epilogue.kind} ${JSON.stringify(problem)}`).toBeLessThan(
      epilogue.kind === 'adam' ? 2e-3 : 1e-5,
    );
    if (epilogue.kind === 'adam' && epilogue.copy) {
      const copied = gather(fromHalves(got['h']), c.m, batch, m, n);
      const weights = gather(got['p'] ?? [], c.m, batch, m, n);
      expect(relativeError(copied, weights)).toBeLessThan(2 ** -11);
    }
    expect(untouched(got[result] ?? [], more[result] ?? [], c.m, shape)).toBe(true);
  }
}

/** An array packed by the device, as the bits of floats. */
async function inHalves(gpu: Gpu, array: Float32Array<ArrayBuffer>): Promise<Float32Array<ArrayBuffer>> {
  const length = Math.ceil(array.length / 4) * 4;
  const p = new Float32Array(length);
  p.set(array);
  const { h } = await runKernel(gpu, packHalves(length), { p, h: new Float32Array(length / 2) }, 1);
  expect(fromHalves(h).slice(0, array.length)).toEqual(array);
  return h ?? new Float32Array(0);
}

/** Decodes IEEE 754 half-precision numbers, two to a float's bits. */
function fromHalves(words: Float32Array<ArrayBuffer> = new Float32Array(0)): Float32Array {
  const bits = new Uint16Array(words.buffer, words.byteOffset, words.length * 2);
  return Float32Array.from(bits, (half) => {
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >> 10) & 31;
    const fraction = half & 1023;
    return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
  });
}

/** Nothing outside the matrix may change. */
function untouched(
  after: ArrayLike<number>,
  before: ArrayLike<number>,
  c: Matrix,
  { m, n, batch }: { m: number; n: number; batch: number },
): boolean {
  const inside = new Set<number>();
  for (let z = 0; z < batch; z++)
    for (let i = 0; i < m; i++)
      for (let j = 0; j < n; j++) inside.add(c.offset + z * c.batchStride + i * c.ld + j);
  return Array.from(before).every((value, at) => inside.has(at) || after[at] === value);
}

async function run(
  gpu: Gpu,
  problem: GemmProblem,
  epilogue: Epilogue,
  variant: GemmVariant,
  data: Record<string, Float32Array<ArrayBuffer>>,
) {
  if (variant.kind === 'direct' || variant.split === 1)
    return runKernel(gpu, gemm(problem, epilogue, variant), data, problem.m);
  const { m, n, batch } = problem;
  const parts = new Float32Array(variant.split * batch * m * Math.ceil(n / 4) * 4);
  const { a, b, ...rest } = data;
  if (!a || !b) throw new Error('operands are missing');
  const { c } = await runKernel(gpu, gemm(problem, partialEpilogue(problem), variant), { a, b, c: parts }, m);
  return runKernel(gpu, reduceParts(problem, epilogue, variant.split), { ...rest, parts: c ?? parts }, m);
}

/** Big register tiles take software adapters seconds to compile. */
const slow = ({ rows, columns }: GemmVariant) => rows === 8 && columns === 8;

describe.each(Object.entries(variants))('%s', (_, variant) => {
  it('multiplies any shape in any form with any epilogue', async () => {
    await fc.assert(
      fc.asyncProperty(shapes, (shape) => check(variant, shape)),
      { numRuns: slow(variant) ? 5 : 12, seed: 3, endOnFailure: true },
    );
  });
});
