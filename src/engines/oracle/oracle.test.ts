import { describe, expect, it } from 'vitest';
import type { StateDict, StateTensor } from '../../formats/state-dict.ts';
import { meanLoss, taskLosses } from '../bce.ts';
import { posWeights } from '../batch.ts';
import { initialState } from '../init.ts';
import { equalRates } from '../testing/check-engine.ts';
import { randomBatch, SMALL_GRAPHS, smallGraph } from '../testing/small-model.ts';
import { inverseDeviation, normalize, byRow } from './kernels.ts';
import { OracleEngine } from './oracle.ts';

const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/** The state with one element moved. Steps are powers of two so that float32 holds them exactly. */
function moved(state: StateDict, name: string, element: number, by: number): StateDict {
  const tensor = state.get(name);
  if (tensor?.dtype !== 'F32') throw new Error(name);
  const data = tensor.data.slice();
  data[element] = (data[element] ?? 0) + by;
  return new Map<string, StateTensor>(state).set(name, { ...tensor, data });
}

describe('gradients by finite differences', () => {
  it.each(SMALL_GRAPHS)('%s', async (model) => {
    const graph = smallGraph(model);
    const oracle = new OracleEngine({ graph, adam: ADAM, seed: 4, batchSize: 6 });
    // Away from the initial zeros and ones, where some gradients vanish.
    for (let step = 0; step < 3; step++)
      await oracle.step(randomBatch(graph, 6, step), equalRates(graph.groups, 0.05));
    const { model: state, optimizer } = await oracle.state();
    const batch = randomBatch(graph, 6, 50, true);
    await oracle.load(state, optimizer);
    const gradients = await oracle.gradients(batch);
    const loss = async (at: StateDict) => {
      await oracle.load(at, optimizer);
      const { logits } = oracle.trainingOutputs(batch);
      return meanLoss(taskLosses(logits, batch.labels, batch.weights, posWeights(graph)));
    };
    const h = 2 ** -10;
    let checked = 0;
    for (const [name, { data }] of gradients) {
      const element = (name.length * 7) % data.length;
      const slope =
        ((await loss(moved(state, name, element, h))) - (await loss(moved(state, name, element, -h)))) /
        (2 * h);
      const gradient = Number(data[element]);
      // Differences of float32 losses: 1e-7/h of noise, and the curvature's h² share.
      expect(Math.abs(slope - gradient), `${name}[${element}]`).toBeLessThanOrEqual(
        2e-3 + 1e-2 * Math.abs(gradient),
      );
      if (Math.abs(gradient) > 1e-2) checked++;
    }
    expect(checked).toBeGreaterThan(gradients.size / 8);
  });
});

describe('gradients that are zero by structure', () => {
  it.each(SMALL_GRAPHS)('%s: are what float64 leaves of zero, and stay where they start', async (model) => {
    const { zeroGradients } = smallGraph(model);
    const graph = smallGraph(model, { noisyShifts: true });
    const oracle = new OracleEngine({ graph, adam: ADAM, seed: 4, batchSize: 6 });
    const gradients = await oracle.gradients(randomBatch(graph, 6, 50));
    const largest = (data: Iterable<number>) => Math.max(...[...data].map(Math.abs));
    const scale = Math.max(...[...gradients.values()].map(({ data }) => largest(data as Float32Array)));
    for (const [name, { data }] of gradients)
      if (zeroGradients.has(name)) expect(largest(data as Float32Array), name).toBeLessThan(1e-13 * scale);
    const quiet = smallGraph(model);
    const engine = new OracleEngine({ graph: quiet, adam: ADAM, seed: 4, batchSize: 6 });
    await engine.load(initialState(quiet, 3));
    await engine.step(randomBatch(quiet, 6, 1), equalRates(quiet.groups, 0.1));
    const { model: after } = await engine.state();
    for (const name of zeroGradients) expect(after.get(name)).toEqual(initialState(quiet, 3).get(name));
  });

  it('are found behind BatchNorms only', () => {
    const names = [...smallGraph('parallel, BatchNorm towers, dropout').zeroGradients];
    expect(names).toHaveLength(6);
    expect(names).toContain('_towers.recap__c.layers.3.bias');
    expect(names).not.toContain('_towers.recap__c.layers.6.bias');
    // Through the product in front of the BatchNorms too, but not through a mask.
    expect([...smallGraph('MLP backbone, BatchNorm without LayerNorm').zeroGradients]).toEqual([]);
  });
});

describe('kernels', () => {
  it('normalises a constant row to zero under epsilon 0', () => {
    const { xhat, inverse } = normalize(Float64Array.of(2, 2, 2, 1, 2, 3), byRow(2, 3), 0);
    expect([...xhat.subarray(0, 3)]).toEqual([0, 0, 0]);
    expect(inverse[1]).toBeCloseTo(Math.sqrt(1.5));
    expect(inverseDeviation(0, 0)).toBe(0);
  });
});

it('learns a separable set', async () => {
  const graph = smallGraph('parallel, BatchNorm towers, dropout');
  const oracle = new OracleEngine({ graph, adam: ADAM, seed: 4, batchSize: 32 });
  await oracle.load(initialState(graph, 8));
  const batch = randomBatch(graph, 32, 1);
  batch.labels.forEach((_, index) => {
    batch.labels[index] = (batch.userEmbedding[Math.floor(index / 3) * 4] ?? 0) > 0 ? 1 : 0;
  });
  const first = await oracle.step(batch, equalRates(graph.groups, 0.01));
  let last = first;
  for (let step = 0; step < 40; step++) last = await oracle.step(batch, equalRates(graph.groups, 0.01));
  expect(last.loss).toBeLessThan(0.6 * first.loss);
});
