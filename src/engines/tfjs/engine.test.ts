import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { StateTensor } from '../../formats/state-dict.ts';
import { StateDictError } from '../../formats/state-dict-error.ts';
import { BatchError } from '../batch.ts';
import type { Engine } from '../engine.ts';
import { initialState } from '../init.ts';
import {
  checkAccumulation,
  checkAgainstOracle,
  checkNoLeak,
  checkOverlap,
  checkResume,
  equalRates,
} from '../testing/check-engine.ts';
import { randomBatch, SMALL_GRAPHS, smallGraph } from '../testing/small-model.ts';
import { createTfjsEngine } from './engine.ts';

const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
const PARALLEL = 'parallel, BatchNorm towers, dropout';

const create = (model = PARALLEL, backend: 'cpu' | 'wasm' = 'cpu'): Promise<Engine> =>
  createTfjsEngine({ graph: smallGraph(model), adam: ADAM, seed: 1, batchSize: 6 }, backend);

describe.each(['cpu', 'wasm'] as const)('tfjs-%s', (backend) => {
  const make = (options: Parameters<typeof createTfjsEngine>[0]) => createTfjsEngine(options, backend);

  it.each(SMALL_GRAPHS)('agrees with the oracle: %s', async (model) => {
    await checkAgainstOracle(make, model);
  });

  it('accumulates gradients', () => checkAccumulation(make));
  it('resumes exactly', () => checkResume(make));
  it('runs overlapping calls in order', () => checkOverlap(make));

  it('holds no more tensors after 20 rounds than after the first', () => checkNoLeak(make));
});

describe('createTfjsEngine', () => {
  it('keeps several engines apart, also on different backends, and frees each', async () => {
    const before = tf.engine().state.numTensors;
    const [cpu, wasm] = [await create(), await create(PARALLEL, 'wasm')];
    const batch = randomBatch(smallGraph(PARALLEL), 6, 1);
    const rates = equalRates(smallGraph(PARALLEL).groups, 1e-2);
    const [a, b] = await Promise.all([cpu.step(batch, rates), wasm.step(batch, rates)]);
    expect(a.loss).toBeCloseTo(b.loss, 5);
    wasm.dispose();
    expect((await cpu.step(batch, rates)).loss).not.toBe(a.loss);
    cpu.dispose();
    expect(tf.engine().state.numTensors).toBe(before);
    await expect(cpu.step(batch, rates)).rejects.toThrow('disposed');
    // A released backend comes back.
    const again = await create(PARALLEL, 'wasm');
    expect((await again.step(batch, rates)).loss).toBeCloseTo(a.loss, 5);
    again.dispose();
  });

  it('does not keep the caller’s arrays', async () => {
    const engine = await create();
    const graph = smallGraph(PARALLEL);
    const batch = randomBatch(graph, 6, 1);
    const state = initialState(graph, 9);
    await engine.load(state);
    for (const { data, dtype } of state.values()) if (dtype === 'F32') data.fill(0);
    const pending = engine.predict(batch);
    for (const array of [batch.continuous, batch.binary, batch.userEmbedding]) array.fill(0);
    const wanted = await create();
    await wanted.load(initialState(graph, 9));
    expect(await pending).toEqual(await wanted.predict(randomBatch(graph, 6, 1)));
    engine.dispose();
    wanted.dispose();
  });

  it('drops different elements at every step and none in prediction', async () => {
    const engine = await create('serial with mlp, share_partial, clipped logarithm');
    const graph = smallGraph('serial with mlp, share_partial, clipped logarithm');
    const batch = randomBatch(graph, 6, 1);
    const still = equalRates(graph.groups, 0);
    const losses = [];
    for (let step = 0; step < 3; step++) losses.push((await engine.step(batch, still)).loss);
    expect(new Set(losses).size).toBe(3);
    engine.dispose();
  });

  it('names a bad tensor and stays as it was', async () => {
    const engine = await create();
    const graph = smallGraph(PARALLEL);
    const batch = randomBatch(graph, 4, 1);
    const before = await engine.predict(batch);
    const name = '_towers.recap__b.layers.0.weight';
    const changed = (tensor: StateTensor | null) => {
      const dict = new Map(initialState(graph, 2));
      if (tensor) dict.set(name, tensor);
      else dict.delete(name);
      return dict;
    };
    const zeros = new Float32Array(6 * 8);
    await expect(engine.load(changed(null))).rejects.toThrow(`Tensor "${name}" is missing`);
    await expect(engine.load(changed({ dtype: 'F32', shape: [6, 8], data: zeros }))).rejects.toThrow(
      `Tensor "${name}" has shape [6, 8], the model needs [6, 9]`,
    );
    const infinite = new Float32Array(6 * 9).fill(1);
    infinite[5] = Infinity;
    await expect(engine.load(changed({ dtype: 'F32', shape: [6, 9], data: infinite }))).rejects.toThrow(
      `Tensor "${name}" is Infinity at element 5`,
    );
    await expect(
      engine.load(
        new Map([
          ...initialState(graph, 2),
          ['extra', { dtype: 'F32', shape: [1], data: new Float32Array(1) }],
        ]),
      ),
    ).rejects.toBeInstanceOf(StateDictError);
    expect(await engine.predict(batch)).toEqual(before);
    engine.dispose();
  });

  it('refuses batches that do not fit', async () => {
    const engine = await create();
    const graph = smallGraph(PARALLEL);
    const batch = randomBatch(graph, 6, 1);
    const rates = equalRates(graph.groups, 1e-3);
    await expect(engine.step({ ...batch, binary: new Float32Array(5) }, rates)).rejects.toThrow(
      'binary has 5 values, but 6 examples of 3 columns need 18',
    );
    await expect(engine.step(randomBatch(graph, 1, 1), rates)).rejects.toThrow('at least 2');
    await expect(engine.predict({ ...batch, size: 0 })).rejects.toBeInstanceOf(BatchError);
    await expect(engine.step(batch, { backbone: 1e-3 })).rejects.toThrow(
      'no finite learning rate for group recap.a',
    );
    engine.dispose();
  });

  it('turns a constant row under epsilon 0 into a finite prediction', async () => {
    const engine = await create();
    const graph = smallGraph(PARALLEL);
    const batch = randomBatch(graph, 3, 1);
    const zero = { ...batch, continuous: new Float32Array(21), binary: new Float32Array(9) };
    const { logits } = await engine.predict(zero);
    expect([...logits].every(Number.isFinite)).toBe(true);
    engine.dispose();
  });
});
