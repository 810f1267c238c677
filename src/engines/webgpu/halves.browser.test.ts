/** Half-precision copies of the weights: they stay copies whatever writes the weights, and cost about three digits. */
import { expect, it } from 'vitest';
import { equalRates } from '../testing/check-engine.ts';
import { randomBatch, smallGraph } from '../testing/small-model.ts';
import { requestGpuDevice } from '../gpu/device.ts';
import { createWebgpuEngine } from './engine.ts';

const gpu = requestGpuDevice();
const graph = smallGraph('parallel, BatchNorm towers, dropout');
const rates = equalRates(graph.groups, 0.01);

const make = async (halfWeights: boolean) =>
  createWebgpuEngine(
    { graph, adam: { beta1: 0.9, beta2: 0.99, epsilon: 1e-6 }, seed: 11, batchSize: 6, halfWeights },
    await gpu,
  );

it('train to nearly the same losses', async () => {
  const [exact, halves] = [await make(false), await make(true)];
  let largest = 0;
  for (let step = 0; step < 30; step++) {
    const batch = randomBatch(graph, 6, step, true);
    const [want, got] = [await exact.step(batch, rates), await halves.step(batch, rates)];
    largest = Math.max(largest, Math.abs(got.loss / want.loss - 1));
  }
  expect(largest).toBeLessThan(0.02);
  expect(largest, 'halves were used').toBeGreaterThan(1e-7);
  exact.dispose();
  halves.dispose();
});

it('follow a fused step, an accumulated step, and a load', async () => {
  const [trained, loaded] = [await make(true), await make(true)];
  const probe = randomBatch(graph, 6, 99);
  const same = async () => {
    const { model, optimizer } = await trained.state();
    await loaded.load(model, optimizer);
    expect(await loaded.predict(probe)).toEqual(await trained.predict(probe));
  };
  await trained.step(randomBatch(graph, 6, 0), rates);
  await same();
  await trained.step(randomBatch(graph, 6, 1), null);
  await trained.step(randomBatch(graph, 6, 2), rates);
  await same();
  trained.dispose();
  loaded.dispose();
});
