/** An engine that only predicts, states read while training goes on, and predictions behind one another. */
import { expect, it } from 'vitest';
import { requestGpuDevice } from '../gpu/device.ts';
import { equalRates } from '../testing/check-engine.ts';
import { randomBatch, rows, smallGraph } from '../testing/small-model.ts';
import { createWebgpuEngine } from './engine.ts';

const gpu = requestGpuDevice();
const graph = smallGraph('one block without mlp, plain logarithm');
const options = { graph, adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }, seed: 1, batchSize: 6 };
const rates = equalRates(graph.groups, 1e-2);

it('predicts the same with a third of the memory, and refuses to train', async () => {
  const whole = await createWebgpuEngine(options, await gpu);
  for (let step = 0; step < 3; step++) await whole.step(randomBatch(graph, 6, step), rates);
  const { model } = await whole.state();
  const light = await createWebgpuEngine({ ...options, inferenceOnly: true }, await gpu);
  await light.load(model);
  const probe = randomBatch(graph, 17, 9);
  expect(await light.predict(probe)).toEqual(await whole.predict(probe));
  expect(light.info.allocations()).toBeLessThan(whole.info.allocations() - 2);
  for (const call of [() => light.step(probe, rates), () => light.gradients(probe), () => light.state()])
    await expect(call()).rejects.toThrow(/predictions only/);
  whole.dispose();
  light.dispose();
});

it('reads a state while steps go on behind it', async () => {
  const [busy, calm] = [
    await createWebgpuEngine(options, await gpu),
    await createWebgpuEngine(options, await gpu),
  ];
  const batch = (step: number) => randomBatch(graph, 6, step);
  const held = busy.info.bytes();
  await busy.step(batch(0), rates);
  const state = busy.state();
  const later = [busy.step(batch(1), rates), busy.step(batch(2), rates)];
  await calm.step(batch(0), rates);
  expect(await state).toEqual(await calm.state());
  await Promise.all(later);
  for (const step of [1, 2]) await calm.step(batch(step), rates);
  expect(await busy.state()).toEqual(await calm.state());
  expect(busy.info.bytes()).toBe(held);
  busy.dispose();
  calm.dispose();
});

it('keeps predictions on the way apart', async () => {
  const engine = await createWebgpuEngine(options, await gpu);
  const all = randomBatch(graph, 24, 5);
  const parts = await Promise.all([0, 6, 12, 18].map((begin) => engine.predict(rows(all, begin, begin + 6))));
  const whole = await engine.predict(all);
  expect(parts.flatMap(({ logits }) => [...logits])).toEqual([...whole.logits]);
  engine.dispose();
});
