/** What becomes of a device that refuses, computes wrong or goes away: a variant is given up, then the engine, never the run. */
import { describe, expect, it } from 'vitest';
import { DeviceLostError } from '../engine.ts';
import { requestGpuDevice } from '../gpu/device.ts';
import { equalRates } from '../testing/check-engine.ts';
import { randomBatch, smallGraph } from '../testing/small-model.ts';
import { createWebgpuEngine } from './engine.ts';
import { GemmBench } from './gemm-bench.ts';
import { Gpu, GpuError } from './gpu.ts';
import { matrix } from './kernels/kernel.ts';
import { checkedChoice, checkStep, SelfCheckError } from './self-check.ts';
import { faulty } from './testing/faulty-gpu.ts';
import type { GemmUse } from './tuner.ts';
import { candidates } from './variants.ts';
import type { GemmVariant } from './kernels/gemm.ts';

const device = requestGpuDevice();
const quick = { tuner: { budget: 0 } };

/** A product that small tiles may compute, so that software adapters compile them in time. */
const use: GemmUse = {
  problem: { form: 'NT', m: 64, n: 64, k: 64, batch: 1, a: matrix(64), b: matrix(64) },
  epilogue: 'forward',
};
const first: GemmVariant = { kind: 'tiled', x: 4, y: 4, rows: 4, columns: 4, depth: 8, slices: 1, split: 1 };
const choose = () => first;

describe('one step of a tiny model', () => {
  it('passes where the numbers are right', async () => {
    const gpu = faulty(await device, {});
    await checkStep((options) => createWebgpuEngine(options, gpu, quick));
  });

  it('finds a kernel that gives wrong numbers', async () => {
    const gpu = faulty(await device, {
      shader: (label, code) =>
        label.includes('batch norm backward') ? code.replace('* inverse;', '* inverse * 1.2;') : code,
    });
    const check = checkStep((options) => createWebgpuEngine(options, gpu, quick));
    await expect(check).rejects.toBeInstanceOf(SelfCheckError);
    await expect(check).rejects.toThrow(/gradient of a test step differs.* %/);
  });

  it('names a kernel that the device refuses, and the device is good for others afterwards', async () => {
    const gpu = faulty(await device, {
      shader: (label, code) => (label.includes('layer norm') ? `${code}\nfn broken( {` : code),
    });
    const check = checkStep((options) => createWebgpuEngine(options, gpu, quick));
    await expect(check).rejects.toBeInstanceOf(GpuError);
    await expect(check).rejects.toThrow(/layer norm.*does not compile/);
    expect(gpu.failure()).toBeNull();
    await checkStep(async (options) => createWebgpuEngine(options, faulty(await device, {}), quick));
  });
});

describe('a variant', () => {
  const variants = async (shader: (label: string, code: string) => string) =>
    checkedChoice(new Gpu(faulty(await device, { shader })), [use], choose);

  it('stays when it is right', async () => {
    const { choose: chosen, notes } = await variants((_, code) => code);
    expect(chosen(use.problem, use.epilogue)).toEqual(first);
    expect(notes).toEqual([]);
  });

  it.each([
    ['gives wrong numbers', (code: string) => code.replace('p < 8u; p++', 'p < 7u; p++')],
    ['does not compile', (code: string) => code.replace('fn main', 'fn main main')],
  ])('that %s is given up for the next, with a sentence', async (what, broken) => {
    const { choose: chosen, notes } = await variants((label, code) =>
      label.includes('16×16×8') ? broken(code) : code,
    );
    expect(chosen(use.problem, use.epilogue)).not.toEqual(first);
    expect(notes).toEqual([`The kernel 16 × 16 × 8 ${what} on this graphics card and is not used.`]);
  });

  it('that was tried is taken before one that was not, where both may be', async () => {
    const gpu = new Gpu(faulty(await device, {}));
    const other = { ...use.problem, m: 65 };
    // The smallest is the soonest compiled.
    const tried = candidates(use.problem, use.epilogue, gpu.target).at(-1);
    if (!tried) throw new Error('a product has candidates');
    const { choose: chosen } = await checkedChoice(gpu, [use], ({ m }) =>
      m === use.problem.m ? tried : first,
    );
    expect(candidates(other, use.epilogue, gpu.target)).toContainEqual(tried);
    expect(chosen(other, use.epilogue)).toEqual(tried);
  });

  it('is measured by the device’s clock and without it', async () => {
    const gpu = new Gpu(await device);
    for (const timestamps of [true, false]) {
      const bench = new GemmBench(gpu, timestamps);
      expect(await bench.prepare(use, [first])).toEqual([first]);
      const { milliseconds, noise } = await bench.measure(use, first);
      expect(Number.isFinite(milliseconds)).toBe(true);
      expect(noise).toBeGreaterThanOrEqual(0);
      const held = gpu.buffers;
      bench.dispose();
      expect(gpu.buffers).toBe(0);
      expect(held).toBeGreaterThan(0);
    }
  });
});

it('an error in the middle of creating leaves no scope behind', async () => {
  const gpu = new Gpu(await device);
  const thrown = gpu.validated('a test', () => {
    throw new GpuError('too large');
  });
  await expect(thrown).rejects.toThrow('too large');
  expect(await gpu.device.popErrorScope().catch(() => 'none left')).toBe('none left');
});

it('a device that goes away in the middle of a run rejects the step with its loss', async () => {
  const own = await requestGpuDevice();
  const graph = smallGraph('one block without mlp, plain logarithm');
  let armed = false;
  const gpu = faulty(own, { submit: (_, lost) => void (armed && lost.destroy()) });
  const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
  const engine = await createWebgpuEngine({ graph, adam, seed: 1, batchSize: 6 }, gpu, quick);
  const rates = equalRates(graph.groups, 1e-3);
  for (let step = 0; step < 3; step++) await engine.step(randomBatch(graph, 6, step), rates);
  armed = true;
  await expect(engine.step(randomBatch(graph, 6, 3), rates)).rejects.toBeInstanceOf(DeviceLostError);
  engine.dispose();
});
