/** Runs a product in one variant with every epilogue of its form, and compares all that it writes with plain loops. */
import { expect } from 'vitest';
import { OPS } from '../../../graph/ops/registry.ts';
import { adam as oracleAdam } from '../../oracle/kernels.ts';
import type { Gpu } from '../gpu.ts';
import { packHalves } from '../kernels/adam.ts';
import type { Epilogue, FusedOp } from '../kernels/epilogue.ts';
import type { GemmForm } from '../kernels/gemm-problem.ts';
import type { GemmProblem, GemmVariant } from '../kernels/gemm.ts';
import { gemm } from '../kernels/gemm.ts';
import { partialEpilogue } from '../kernels/gemm-tiled.ts';
import type { Matrix } from '../kernels/kernel.ts';
import { aligned, HYPER, matrix } from '../kernels/kernel.ts';
import { reduceParts } from '../kernels/reduce.ts';
import { gather, noise, relativeError, runKernel } from './run-kernel.ts';

type Floats = Float32Array<ArrayBuffer>;

export interface GemmShape {
  readonly form: GemmForm;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly batch: number;
  /** Rows padded to multiples of four, as values are, or dense, as odd slices are. */
  readonly padded: boolean;
  /** The batch's matrices side by side, or stacked. */
  readonly slices: boolean;
  /** B in half precision where it can be. */
  readonly halves: boolean;
  readonly seed: number;
}

/** One epilogue with what it reads, and what each array must hold afterwards, row by row of every product. */
interface Case {
  readonly epilogue: Epilogue;
  readonly more: Record<string, Floats>;
  readonly want: Readonly<Record<string, Float64Array>>;
}

const RELU = OPS.relu.fused as FusedOp;
const ADAM = { beta1: 0.9, beta2: 0.99, epsilon: 1e-7 };
/** Updates done with the one under test. */
const STEP = 4;
const RATES = [0.01, 0.1] as const;

function layout(
  batch: number,
  rows: number,
  columns: number,
  { padded, slices }: GemmShape,
  mayBeSlices = true,
) {
  const pad = (length: number) => (padded ? Math.ceil(length / 4) * 4 : length);
  const stride = pad(columns);
  const m =
    slices && mayBeSlices
      ? matrix(padded ? stride * batch + 4 : stride * batch + 1, padded ? 4 : 1, stride)
      : matrix(stride, 0, rows * stride);
  return { m, length: m.offset + (batch - 1) * m.batchStride + rows * m.ld + 4 };
}

/**
 * @param which epilogue of the form, by number; all when null.
 * @throws AssertionError naming the epilogue, the array and the problem when a number is wrong or too much was written.
 */
export async function checkGemm(
  gpu: Gpu,
  variant: GemmVariant,
  shape: GemmShape,
  which: number | null = null,
): Promise<void> {
  const { form, m, n, k, batch, seed } = shape;
  const a = form === 'TN' ? layout(batch, k, m, shape) : layout(batch, m, k, shape);
  const b = form === 'NT' ? layout(batch, n, k, shape, false) : layout(batch, k, n, shape, false);
  const c = layout(batch, m, n, shape);
  const halves = shape.halves && form !== 'TN' && aligned(b.m);
  const problem: GemmProblem = { form, m, n, k, batch, a: a.m, b: b.m, halves };
  const left = noise(seed, a.length);
  // Exact in half precision, so that the product is the same.
  const right = noise(seed + 1, b.length).map((v) => (halves ? Math.round(v * 256) / 256 : v));
  const operand = halves ? await inHalves(gpu, right) : right;
  const product = remembered(problem, left, right, seed);
  const split = variant.kind === 'tiled' && variant.split > 1;
  const cases =
    form === 'NT'
      ? forwardCases(product, shape, c)
      : form === 'NN'
        ? inputGradientCases(product, shape, c)
        : split
          ? []
          : weightGradientCases(product, columnSums(problem, left), shape, c);
  const wanted = which === null ? cases : cases.slice(which % cases.length).slice(0, 1);
  for (const { epilogue, more, want } of wanted) {
    const got = await run(gpu, problem, epilogue, variant, { a: left, b: operand, ...more });
    for (const [name, expected] of Object.entries(want)) {
      const what = `${name} of ${epilogue.kind}, ${JSON.stringify(problem)}, ${JSON.stringify(variant)}`;
      if (name === 'grads') {
        expect(relativeError(got['grads'] ?? [], expected), what).toBeLessThan(1e-5);
        continue;
      }
      expect(relativeError(gather(got[name] ?? [], c.m, batch, m, n), expected), what).toBeLessThan(1e-5);
      expect(untouched(got[name] ?? [], more[name] ?? [], c.m, shape), `around ${what}`).toBe(true);
    }
    if (epilogue.kind === 'adam' && epilogue.copy) {
      const copied = gather(fromHalves(got['h']), c.m, batch, m, n);
      expect(relativeError(copied, gather(got['p'] ?? [], c.m, batch, m, n))).toBeLessThan(2 ** -11);
    }
  }
}

type Place = ReturnType<typeof layout>;

function forwardCases(product: Float64Array, { m, n, batch, seed }: GemmShape, c: Place): Case[] {
  const bias = noise(seed + 3, 2 + batch * n);
  const x = noise(seed + 2, c.length);
  const gate = gather(x, c.m, batch, m, n);
  const biased = product.map((v, at) => v + (bias[2 + Math.floor(at / (m * n)) * n + (at % n)] ?? 0));
  const base = { kind: 'forward', c: c.m, biasOffset: 2 } as const;
  const empty = () => new Float32Array(c.length);
  return [
    {
      epilogue: { ...base, activation: RELU, gate: null, keep: null },
      more: { bias, c: empty() },
      want: { c: biased.map((v) => Math.max(v, 0)) },
    },
    {
      epilogue: { ...base, activation: null, gate: c.m, keep: c.m },
      more: { bias, x, c: empty(), kept: empty() },
      want: { c: biased.map((v, at) => v * (gate[at] ?? 0)), kept: biased },
    },
  ];
}

function inputGradientCases(product: Float64Array, { m, n, batch, seed }: GemmShape, c: Place): Case[] {
  const before = noise(seed + 4, c.length);
  const y = noise(seed + 2, c.length);
  const old = gather(before, c.m, batch, m, n);
  const open = gather(y, c.m, batch, m, n);
  return [
    {
      epilogue: { kind: 'input_gradient', c: c.m, accumulate: true, activation: { op: RELU, y: c.m } },
      more: { c: before, y },
      want: { c: product.map((v, at) => (old[at] ?? 0) + ((open[at] ?? 0) > 0 ? v : 0)) },
    },
    {
      epilogue: { kind: 'input_gradient', c: c.m, accumulate: false, activation: null },
      more: { c: before },
      want: { c: product },
    },
  ];
}

function weightGradientCases(product: Float64Array, sums: Float64Array, shape: GemmShape, c: Place): Case[] {
  const { m, n, batch, seed } = shape;
  const hyper = new Float32Array(12);
  hyper[HYPER.secondCorrection] = Math.sqrt(1 - ADAM.beta2 ** STEP);
  RATES.forEach((rate, group) => (hyper[HYPER.rates + group] = rate / (1 - ADAM.beta1 ** STEP)));
  hyper[HYPER.accumulate] = 1;
  const change = Math.ceil((batch * m) / 2);
  const rates = [
    { begin: 0, group: 0 },
    { begin: change, group: 1 },
  ];
  const p = noise(seed + 2, c.length);
  const first = noise(seed + 5, c.length);
  const second = noise(seed + 6, c.length).map((v) => 0.01 + Math.abs(v));
  const [wantP, wantM, wantV] = [p, first, second].map((array) => gather(array, c.m, batch, m, n));
  if (!wantP || !wantM || !wantV) throw new Error('unreachable');
  for (let at = 0; at < wantP.length; at++) {
    const row = Math.floor(at / n);
    const one = (array: Float64Array) => array.subarray(at, at + 1);
    oracleAdam(one(wantP), one(product), one(wantM), one(wantV), STEP, RATES[row >= change ? 1 : 0], ADAM);
  }
  const copy = shape.halves && n % 4 === 0 && aligned(c.m);
  const grads = noise(seed + 7, 3 + batch * m);
  const wantGrads = Float64Array.from(grads);
  sums.forEach((v, at) => (wantGrads[3 + at] = (wantGrads[3 + at] ?? 0) + v));
  const before = noise(seed + 8, c.length);
  const old = gather(before, c.m, batch, m, n);
  return [
    {
      epilogue: { kind: 'adam', c: c.m, adam: ADAM, rates, copy, bias: 3 },
      more: { p, m: first, v: second, hyper, grads, h: new Float32Array(c.length) },
      want: { p: wantP, m: wantM, v: wantV, grads: wantGrads },
    },
    {
      epilogue: { kind: 'store_gradient', c: c.m, bias: 3 },
      more: { c: before, hyper, grads },
      want: { c: product.map((v, at) => v + (old[at] ?? 0)), grads: wantGrads },
    },
  ];
}

/** The last product: variants are compared on the same numbers, one after another. */
let last: { readonly key: string; readonly product: Float64Array } | null = null;

function remembered(problem: GemmProblem, left: Floats, right: Floats, seed: number): Float64Array {
  const key = JSON.stringify([problem, seed]);
  if (last?.key !== key) last = { key, product: multiply(problem, left, right) };
  return last.product;
}

/** The product in float64. */
function multiply({ form, m, n, k, batch, a, b }: GemmProblem, left: Floats, right: Floats): Float64Array {
  const A = form === 'TN' ? gather(left, a, batch, k, m) : gather(left, a, batch, m, k);
  const B = form === 'NT' ? gather(right, b, batch, n, k) : gather(right, b, batch, k, n);
  const [rowA, stepA] = form === 'TN' ? [1, m] : [k, 1];
  const [columnB, stepB] = form === 'NT' ? [k, 1] : [1, n];
  const out = new Float64Array(batch * m * n);
  for (let z = 0; z < batch; z++)
    for (let i = 0; i < m; i++)
      for (let j = 0; j < n; j++) {
        let sum = 0;
        let atA = z * m * k + i * rowA;
        let atB = z * n * k + j * columnB;
        for (let p = 0; p < k; p++, atA += stepA, atB += stepB) sum += (A[atA] ?? NaN) * (B[atB] ?? NaN);
        out[(z * m + i) * n + j] = sum;
      }
  return out;
}

/** Sums over p of A's columns, [batch, m]. */
function columnSums({ m, k, batch, a }: GemmProblem, left: Floats): Float64Array {
  const all = gather(left, a, batch, k, m);
  const out = new Float64Array(batch * m);
  all.forEach((value, at) => {
    const to = Math.floor(at / (m * k)) * m + (at % m);
    out[to] = (out[to] ?? 0) + value;
  });
  return out;
}

/** An array packed by the device, as the bits of floats. */
async function inHalves(gpu: Gpu, array: Floats): Promise<Floats> {
  const length = Math.ceil(array.length / 4) * 4;
  const p = new Float32Array(length);
  p.set(array);
  const { h } = await runKernel(gpu, packHalves(length), { p, h: new Float32Array(length / 2) }, 1);
  expect(fromHalves(h).slice(0, array.length)).toEqual(array);
  return h ?? new Float32Array(0);
}

/** Decodes IEEE 754 half-precision numbers, two to a float's bits. */
function fromHalves(words: Floats = new Float32Array(0)): Float32Array {
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
  const inside = new Uint8Array(before.length);
  for (let z = 0; z < batch; z++)
    for (let i = 0; i < m; i++)
      for (let j = 0; j < n; j++) inside[c.offset + z * c.batchStride + i * c.ld + j] = 1;
  return Array.from(before).every((value, at) => inside[at] === 1 || after[at] === value);
}

async function run(
  gpu: Gpu,
  problem: GemmProblem,
  epilogue: Epilogue,
  variant: GemmVariant,
  data: Record<string, Floats>,
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
