/** Column-wise kernels on random shapes: forward against plain loops, backward against finite differences in float64. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OPS } from '../../../graph/ops/registry.ts';
import { dropoutFactors } from '../../dropout.ts';
import { hashKey } from '../../hash.ts';
import { byColumn, normalize, scaleColumns } from '../../oracle/kernels.ts';
import { requestGpuDevice } from '../../gpu/device.ts';
import { Gpu } from '../gpu.ts';
import { gather, noise, numericGradient, relativeError, runKernel } from '../testing/run-kernel.ts';
import { columnSums } from './column-sums.ts';
import { columnsBackward } from './columns-backward.ts';
import { columnsForward, columnsInference } from './columns-forward.ts';
import type { ColumnsSpec } from './columns-spec.ts';
import { matrix } from './kernel.ts';
import { columnLanes } from './workgroup-sum.ts';
import { dimension, float64, hyper, layouts, runs } from '../testing/layers.ts';

const device = requestGpuDevice();

describe.each(layouts)('column-wise layers, %s', (_, software) => {
  const lanes = columnLanes(software);

  it('featurize: signed log, BatchNorm, clamp, and their gradients', async () => {
    const gpu = new Gpu(await device);
    await fc.assert(
      fc.asyncProperty(
        dimension(19),
        dimension(21),
        fc.boolean(),
        fc.nat(99),
        async (rows, width, affine, seed) => {
          const x = noise(seed, rows * width).map((u) => Math.sign(u) * Math.expm1(8 * Math.abs(u)));
          [NaN, Infinity, -Infinity, 3.4e38, -3e38, 1e-20].forEach((value, at) => {
            if (at * 3 < x.length) x[at * 3] = value;
          });
          const params = noise(seed + 1, 3 + 2 * width);
          const spec: ColumnsSpec = {
            rows,
            width,
            x: matrix(width),
            y: matrix(width + 3, 2),
            before: { op: 'signed_log', constants: [] },
            norm: {
              epsilon: 1e-5,
              momentum: 0.1,
              weight: affine ? 1 : null,
              bias: affine ? 1 + width : null,
              runningMean: 1,
              runningVar: 1 + width,
            },
            after: { op: 'clamp', constants: [-0.9, 0.9] },
            dropout: [],
          };
          const logged = Float64Array.from(x, (value) => OPS.signed_log.value(value, []));
          const { xhat, mean, variance } = normalize(logged, byColumn(rows, width), 1e-5);
          const weight = affine ? float64(params.subarray(1, 1 + width)) : null;
          const bias = affine ? float64(params.subarray(1 + width, 1 + 2 * width)) : null;
          const want = scaleColumns(xhat, weight, bias, width).map((v) => Math.min(0.9, Math.max(-0.9, v)));
          const running = noise(seed + 2, 2 + 2 * width);
          const y = new Float32Array(rows * spec.y.ld);
          const stats = new Float32Array(2 * width);
          const out = await runKernel(
            gpu,
            columnsForward(spec, lanes),
            { x, y, params, stats, running, hyper: hyper() },
            rows,
          );
          expect(relativeError(gather(out['y'] ?? [], spec.y, 1, rows, width), want)).toBeLessThan(1e-5);
          const expected = float64(running);
          for (let c = 0; c < width; c++) {
            const blend = (at: number, fresh: number) => {
              expected[at] = 0.9 * (expected[at] ?? 0) + 0.1 * fresh;
            };
            blend(1 + c, mean[c] ?? 0);
            blend(1 + width + c, ((variance[c] ?? 0) * rows) / (rows - 1));
          }
          expect(relativeError(out['running'] ?? [], expected)).toBeLessThan(1e-5);
          if (!affine) return;
          const dy = noise(seed + 3, y.length);
          const grads = noise(seed + 4, params.length);
          const back = await runKernel(
            gpu,
            columnsBackward(spec, { dy: spec.y, dx: null, accumulate: false }, lanes),
            { x, dy, stats: out['stats'] ?? stats, params, grads, hyper: hyper({ accumulate: 1 }) },
            rows,
          );
          const c = gather(dy, spec.y, 1, rows, width);
          const numeric = numericGradient(
            (p) =>
              scaleColumns(xhat, p.subarray(0, width), p.subarray(width), width).map((v) =>
                Math.min(0.9, Math.max(-0.9, v)),
              ),
            float64(params.subarray(1, 1 + 2 * width)),
            c,
          );
          const sum = numeric.map((v, at) => v + (grads[1 + at] ?? 0));
          expect(relativeError(back['grads']?.subarray(1, 1 + 2 * width) ?? [], sum)).toBeLessThan(1e-4);
        },
      ),
      runs,
    );
  });

  it('hidden layers: BatchNorm, ReLU and dropout of several towers, and their gradients', async () => {
    const gpu = new Gpu(await device);
    await fc.assert(
      fc.asyncProperty(
        dimension(13),
        dimension(9),
        fc.boolean(),
        fc.nat(99),
        async (rows, half, normed, seed) => {
          const width = 2 * half;
          const x = noise(seed, rows * width);
          const spec: ColumnsSpec = {
            rows,
            width,
            x: matrix(width),
            y: matrix(width),
            before: null,
            norm: normed
              ? { epsilon: 0.01, momentum: 0.1, weight: null, bias: null, runningMean: 0, runningVar: width }
              : null,
            after: { op: 'relu', constants: [] },
            dropout: [
              { begin: 0, width: half, node: 3, rate: 0.4 },
              { begin: half, width: half, node: 0, rate: 0 },
            ],
          };
          const factors = dropoutFactors(hashKey(5, 0, 0, 3), 0.4, rows * half);
          const kept = (at: number) => {
            const [row, column] = [Math.floor(at / width), at % width];
            return column < half ? (factors[row * half + column] ?? 0) : 1;
          };
          const f = (input: Float64Array) =>
            (normed ? normalize(input, byColumn(rows, width), 0.01).xhat : input).map(
              (v, at) => Math.max(v, 0) * kept(at),
            );
          const data = {
            x,
            y: new Float32Array(x.length),
            stats: new Float32Array(2 * width),
            running: new Float32Array(2 * width),
            hyper: hyper(),
          };
          const out = await runKernel(gpu, columnsForward(spec, lanes), data, rows);
          expect(relativeError(out['y'] ?? [], f(float64(x)))).toBeLessThan(1e-5);
          const dy = noise(seed + 1, x.length);
          const dx = noise(seed + 2, x.length);
          const back = await runKernel(
            gpu,
            columnsBackward(spec, { dy: matrix(width), dx: matrix(width), accumulate: true }, lanes),
            { x, dy, dx, stats: out['stats'] ?? data.stats, hyper: hyper() },
            rows,
          );
          const want = numericGradient(f, float64(x), dy, 1e-6).map((v, at) => v + (dx[at] ?? 0));
          expect(relativeError(back['dx'] ?? [], want)).toBeLessThan(1e-4);
        },
      ),
      runs,
    );
  });

  it('column sums', async () => {
    const gpu = new Gpu(await device);
    await fc.assert(
      fc.asyncProperty(
        dimension(40),
        dimension(40),
        fc.integer({ min: 1, max: 3 }),
        fc.nat(99),
        async (rows, width, batch, seed) => {
          const m = matrix(batch * width + 2, 1, width);
          const dy = noise(seed, rows * m.ld);
          const grads = noise(seed + 1, 2 + batch * width);
          const kernel = columnSums(rows, width, batch, m, 2, lanes);
          const out = await runKernel(gpu, kernel, { dy, grads, hyper: hyper({ accumulate: 1 }) }, rows);
          const want = float64(grads);
          gather(dy, m, batch, rows, width).forEach((v, at) => {
            const to = 2 + Math.floor(at / (rows * width)) * width + (at % width);
            want[to] = (want[to] ?? 0) + v;
          });
          expect(relativeError(out['grads'] ?? [], want)).toBeLessThan(1e-5);
        },
      ),
      runs,
    );
  });
});

it('column-wise layers in evaluation use the running statistics and drop nothing', async () => {
  const gpu = new Gpu(await device);
  const [rows, width] = [5, 7];
  const x = noise(1, rows * width);
  const running = noise(2, 2 * width).map((v, at) => (at < width ? v : 1 + Math.abs(v)));
  const spec: ColumnsSpec = {
    rows,
    width,
    x: matrix(width),
    y: matrix(width),
    before: null,
    norm: { epsilon: 1e-5, momentum: 0.1, weight: null, bias: null, runningMean: 0, runningVar: width },
    after: null,
    dropout: [{ begin: 0, width, node: 1, rate: 0.9 }],
  };
  const out = await runKernel(
    gpu,
    columnsInference(spec),
    { x, y: new Float32Array(x.length), running },
    rows,
  );
  const want = Float64Array.from(
    x,
    (v, at) => (v - (running[at % width] ?? 0)) / Math.sqrt((running[width + (at % width)] ?? 0) + 1e-5),
  );
  expect(relativeError(out['y'] ?? [], want)).toBeLessThan(1e-5);
});
