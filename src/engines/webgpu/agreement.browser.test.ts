/** Fifty steps of the playground configuration give the tfjs engine's losses, each in few dispatches. */
import { afterAll, afterEach, expect, it } from 'vitest';
import playground from '../../../configs/playground.yaml?raw';
import type { GpuCounter } from '../testing/gpu-counters.ts';
import { countGpu } from '../testing/gpu-counters.ts';
import { presetModel } from '../testing/preset-model.ts';
import { requestGpuDevice } from '../gpu/device.ts';
import { createTfjsEngine } from '../tfjs/engine.ts';
import { createWebgpuEngine } from './engine.ts';

/** One for both: the playground is compiled once. */
const shared = requestGpuDevice();
const model = presetModel(playground, 16, 32);
let counter: GpuCounter | null = null;
afterEach(() => counter?.restore());
afterAll(async () => (await shared).device.destroy());

it('agrees with tfjs to 1e-4 in every loss of 50 steps', async () => {
  const ours = await createWebgpuEngine(model.options, await shared, { tuner: { budget: 0 } });
  const theirs = await createTfjsEngine(model.options, 'wasm');
  for (let step = 0; step < 50; step++) {
    const batch = model.batch(32, step);
    const rates = model.rates(Math.min(1e-3, (1e-3 * step) / 20));
    const [a, b] = await Promise.all([ours.step(batch, rates), theirs.step(batch, rates)]);
    expect(Math.abs(a.loss / b.loss - 1), `loss of step ${step}`).toBeLessThan(1e-4);
    a.taskLosses.forEach((loss, task) =>
      expect(Math.abs(loss / (b.taskLosses[task] ?? NaN) - 1), `task ${task}, step ${step}`).toBeLessThan(
        1e-4,
      ),
    );
  }
  ours.dispose();
  theirs.dispose();
});

it('trains the playground in at most 50 dispatches a step, which create nothing', async () => {
  counter = countGpu();
  const engine = await createWebgpuEngine(model.options, await shared, { tuner: { budget: 0 } });
  expect((await engine.cost()).dispatches).toBeLessThanOrEqual(50);
  const step = async () => (await engine.step(model.batch(32, 0), model.rates(3e-3))).loss;
  const losses = [await step()];
  counter.reset();
  for (let later = 0; later < 9; later++) losses.push(await step());
  expect(counter.counts).toMatchObject({ bindGroups: 0, buffersCreated: 0, pipelines: 0 });
  expect(counter.counts.dispatches).toBeGreaterThan(0);
  expect(losses.at(-1)).toBeLessThan(losses[0] ?? 0);
  engine.dispose();
});
