/** Row-wise kernels and Adam on random shapes: forward against plain loops, backward against finite differences in float64. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bceWithLogits } from '../../../metrics/bce.ts';
import { OPS } from '../../../graph/ops/registry.ts';
import { adam as oracleAdam, byRow, normalize, scaleColumns } from '../../oracle/kernels.ts';
import { requestGpuDevice } from '../../gpu/device.ts';
import { Gpu } from '../gpu.ts';
import { gather, noise, numericGradient, relativeError, runKernel } from '../testing/run-kernel.ts';
import { adamBlock, adamSmall } from './adam.ts';
import { copyColumns, zeroColumns } from './copy.ts';
import { gateBackward, multiply } from './gate.ts';
import { headBackward, headInference } from './head.ts';
import { matrix } from './kernel.ts';
import { layerNormBackward, layerNormForward, layerNormParameters } from './layer-norm.ts';
import type { FusedOp } from './epilogue.ts';
import { activationGradient } from './activation-gradient.ts';
import { columnLanes, rowLanes } from './workgroup-sum.ts';
import { dimension, float64, hyper, layouts, runs } from '../testing/layers.ts';

const RELU = OPS.relu.fused as FusedOp;

const device = requestGpuDevice();

describe.each(layouts)('LayerNorm, %s', (_, software) => {
  it('forward, input gradient and parameter gradients', async () => {
    const gpu = new Gpu(await device);
    await fc.assert(
      fc.asyncProperty(
        dimension(9),
        dimension(15),
        fc.integer({ min: 1, max: 3 }),
        fc.nat(99),
        async (rows, width, batch, seed) => {
          const m = matrix(batch * width + 1, 1, width);
          const x = noise(seed, rows * m.ld);
          const params = noise(seed + 1, 2 * batch * width);
          const spec = { rows, width, batch, x: m, epsilon: 0.01, weight: 0, bias: batch * width };
          const part = (p: Float64Array, z: number, second: boolean) =>
            p.subarray((second ? batch + z : z) * width, (second ? batch + z + 1 : z + 1) * width);
          const f = (input: Float64Array, p: Float64Array) =>
            Float64Array.from(
              Array.from({ length: batch }, (__, z) => {
                const piece = input.subarray(z * rows * width, (z + 1) * rows * width);
                const { xhat } = normalize(piece, byRow(rows, width), 0.01);
                return [...scaleColumns(xhat, part(p, z, false), part(p, z, true), width)];
              }).flat(),
            );
          const rowLayout = rowLanes(software);
          const stats = new Float32Array(2 * rows * batch);
          const out = await runKernel(
            gpu,
            layerNormForward(spec, m, rowLayout, true),
            { x, y: x.slice(), params, stats },
            rows,
          );
          const plain = gather(x, m, batch, rows, width);
          const p = float64(params);
          expect(relativeError(gather(out['y'] ?? [], m, batch, rows, width), f(plain, p))).toBeLessThan(
            2e-5,
          );
          const kept = out['stats'] ?? stats;
          const dy = noise(seed + 2, x.length);
          const c = gather(dy, m, batch, rows, width);
          const dx = noise(seed + 3, x.length);
          const back = await runKernel(
            gpu,
            layerNormBackward(spec, m, m, true, rowLayout),
            { x, dy, dx, stats: kept, params },
            rows,
          );
          const before = gather(dx, m, batch, rows, width);
          const want = numericGradient((input) => f(input, p), plain, c).map(
            (v, at) => v + (before[at] ?? 0),
          );
          expect(relativeError(gather(back['dx'] ?? [], m, batch, rows, width), want)).toBeLessThan(2e-4);
          const grads = new Float32Array(params.length);
          const own = await runKernel(
            gpu,
            layerNormParameters(spec, m, columnLanes(software)),
            { x, dy, stats: kept, grads, hyper: hyper() },
            rows,
          );
          expect(
            relativeError(
              own['grads'] ?? [],
              numericGradient((q) => f(plain, q), p, c),
            ),
          ).toBeLessThan(1e-4);
        },
      ),
      runs,
    );
  });
});

it.each(layouts)('head: BCE gradient with weights, pos_weight and affine maps, %s', async (_, software) => {
  const gpu = new Gpu(await device);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 70 }), fc.nat(99), async (rows, seed) => {
      const posWeights = [1, 3];
      const params = Float32Array.of(0.7, -0.4);
      const spec = {
        rows,
        x: matrix(4, 1),
        tasks: [
          { posWeight: 1, affine: null },
          { posWeight: 3, affine: { weight: 0, bias: 1 } },
        ],
      };
      const x = noise(seed, rows * 4).map((v) => 12 * v);
      const labels = noise(seed + 1, rows * 2).map((v) => (v < 0.2 ? 0 : 1));
      const weights = noise(seed + 2, rows * 2).map((v) => 1 + Math.abs(v) * 50);
      const targets = Float32Array.from([...labels, ...weights]);
      const loss = (raw: Float64Array, p: Float64Array) =>
        raw.map((v, at) => {
          const logit = at % 2 === 1 ? (p[0] ?? 0) * v + (p[1] ?? 0) : v;
          return (
            ((weights[at] ?? 0) * bceWithLogits(logit, labels[at] ?? 0, posWeights[at % 2] ?? 1)) / (2 * rows)
          );
        });
      const ones = new Float64Array(rows * 2).fill(1);
      const plain = gather(x, spec.x, 1, rows, 2);
      const kernel = headBackward(spec, matrix(2), software ? { lanes: 1, sums: 1 } : { lanes: 64, sums: 1 });
      const out = await runKernel(
        gpu,
        kernel,
        {
          x,
          logits: new Float32Array(rows * 2),
          targets,
          dx: new Float32Array(rows * 2),
          params,
          grads: new Float32Array(2),
          hyper: hyper(),
        },
        rows,
      );
      const p = float64(params);
      expect(
        relativeError(
          out['dx'] ?? [],
          numericGradient((raw) => loss(raw, p), plain, ones, 1e-4),
        ),
      ).toBeLessThan(1e-4);
      expect(
        relativeError(
          out['grads'] ?? [],
          numericGradient((q) => loss(plain, q), p, ones, 1e-4),
        ),
      ).toBeLessThan(1e-4);
      const predicted = await runKernel(
        gpu,
        headInference(spec),
        { x, logits: new Float32Array(rows * 2), params },
        rows,
      );
      expect(relativeError(predicted['logits'] ?? [], out['logits'] ?? [])).toBeLessThan(1e-6);
    }),
    runs,
  );
});

it('gate: product, and the gradients of several masks of one input', async () => {
  const gpu = new Gpu(await device);
  await fc.assert(
    fc.asyncProperty(
      dimension(9),
      dimension(70),
      fc.integer({ min: 1, max: 3 }),
      fc.boolean(),
      fc.nat(99),
      async (rows, width, batch, shared, seed) => {
        const masks = matrix(batch * width, 0, width);
        const xs = shared ? matrix(width + 1, 1) : masks;
        const x = noise(seed, rows * xs.ld + 1);
        const mask = noise(seed + 1, rows * masks.ld);
        const product = await runKernel(
          gpu,
          multiply(rows, width, batch, xs, masks, masks),
          { x, mask, y: mask.slice() },
          rows,
        );
        const [xPlain, maskPlain] = [
          gather(x, xs, batch, rows, width),
          gather(mask, masks, batch, rows, width),
        ];
        const want = xPlain.map((v, at) => v * (maskPlain[at] ?? 0));
        expect(relativeError(gather(product['y'] ?? [], masks, batch, rows, width), want)).toBeLessThan(1e-6);
        const dy = noise(seed + 2, mask.length);
        const dx = noise(seed + 3, x.length);
        const kernel = gateBackward({
          rows,
          width,
          batch,
          dy: masks,
          x: xs,
          mask: masks,
          dMask: masks,
          dx: xs,
          accumulateX: true,
        });
        const out = await runKernel(gpu, kernel, { dy, x, mask, dMask: mask.slice(), dx }, rows);
        const g = gather(dy, masks, batch, rows, width);
        expect(
          relativeError(
            gather(out['dMask'] ?? [], masks, batch, rows, width),
            g.map((v, at) => v * (xPlain[at] ?? 0)),
          ),
        ).toBeLessThan(1e-6);
        const wantX = gather(dx, xs, shared ? 1 : batch, rows, width);
        g.forEach((v, at) => {
          const to = shared ? at % (rows * width) : at;
          wantX[to] = (wantX[to] ?? 0) + v * (maskPlain[at] ?? 0);
        });
        expect(
          relativeError(gather(out['dx'] ?? [], xs, shared ? 1 : batch, rows, width), wantX),
        ).toBeLessThan(1e-5);
      },
    ),
    runs,
  );
});

it('Adam in place: small parameters by group, and a padded block', async () => {
  const gpu = new Gpu(await device);
  const adam = { beta1: 0.9, beta2: 0.99, epsilon: 1e-6 };
  const step = 4;
  const [first, second] = [1 - adam.beta1 ** step, Math.sqrt(1 - adam.beta2 ** step)];
  await fc.assert(
    fc.asyncProperty(dimension(300), fc.nat(99), async (quads, seed) => {
      const length = 4 * quads;
      const [p, m, grads] = [0, 1, 2].map((stream) => noise(seed + stream, length));
      const v = noise(seed + 3, length).map(Math.abs);
      if (!p || !m || !grads) throw new Error('unreachable');
      const words = hyper({ secondCorrection: second, gradientScale: 0.5 }, [0.1 / first, 0.01 / first]);
      const groups = new Float32Array(
        Uint32Array.from({ length }, (_, at) => (at < length / 2 ? 0 : 1)).buffer,
      );
      const wanted = [p, m, v].map(float64);
      const [wp, wm, wv] = wanted;
      if (!wp || !wm || !wv) throw new Error('unreachable');
      for (let at = 0; at < length; at++)
        oracleAdam(
          wp.subarray(at, at + 1),
          Float64Array.of(0.5 * (grads[at] ?? 0)),
          wm.subarray(at, at + 1),
          wv.subarray(at, at + 1),
          step,
          at < length / 2 ? 0.1 : 0.01,
          adam,
        );
      const small = await runKernel(
        gpu,
        adamSmall(length, adam),
        { p, m, v, grads, groups, hyper: words },
        1,
      );
      const rates = [
        { begin: 0, group: 0 },
        { begin: Math.ceil(quads / 2), group: 1 },
      ];
      const block = await runKernel(
        gpu,
        adamBlock(quads, 4, adam, rates),
        { p, m, v, grads, hyper: words },
        1,
      );
      for (const name of ['p', 'm', 'v'] as const) {
        const want = { p: wp, m: wm, v: wv }[name];
        expect(relativeError(small[name] ?? [], want)).toBeLessThan(1e-5);
        if (quads % 2 === 0) expect(block[name]).toEqual(small[name]);
      }
    }),
    runs,
  );
});

it('copies, adds and clears columns, and masks the gradient of a ReLU', async () => {
  const gpu = new Gpu(await device);
  const [rows, width] = [3, 70];
  const [from, to] = [matrix(width + 2, 1), matrix(width + 5, 4)];
  const source = noise(1, rows * from.ld);
  const target = noise(2, rows * to.ld);
  const copied = await runKernel(gpu, copyColumns(rows, width, from, to), { source, to: target }, rows);
  const plain = gather(source, from, 1, rows, width);
  const before = gather(target, to, 1, rows, width);
  expect(gather(copied['to'] ?? [], to, 1, rows, width)).toEqual(plain);
  const added = await runKernel(
    gpu,
    copyColumns(rows, width, from, to, { accumulate: true }),
    { source, to: target },
    rows,
  );
  expect(
    relativeError(
      gather(added['to'] ?? [], to, 1, rows, width),
      plain.map((v, at) => v + (before[at] ?? 0)),
    ),
  ).toBeLessThan(1e-6);
  const both = noise(3, rows * 150);
  const [left, right] = [matrix(150, 2), matrix(150, 75)];
  const within = await runKernel(
    gpu,
    copyColumns(rows, width, left, right, { within: true }),
    { to: both },
    rows,
  );
  expect(gather(within['to'] ?? [], right, 1, rows, width)).toEqual(gather(both, left, 1, rows, width));
  expect(gather(within['to'] ?? [], left, 1, rows, width)).toEqual(gather(both, left, 1, rows, width));
  const cleared = await runKernel(gpu, zeroColumns(rows, width, to), { to: target }, rows);
  expect(gather(cleared['to'] ?? [], to, 1, rows, width).every((v) => v === 0)).toBe(true);
  expect(cleared['to']?.[0]).toBe(target[0]);
  const masked = await runKernel(
    gpu,
    activationGradient(rows, width, RELU, to, from),
    { dy: target, y: source },
    rows,
  );
  expect(gather(masked['dy'] ?? [], to, 1, rows, width)).toEqual(
    before.map((v, at) => ((plain[at] ?? 0) > 0 ? v : 0)),
  );
});
