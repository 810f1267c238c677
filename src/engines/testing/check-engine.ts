/** What every engine must do beyond the fixtures: agree with the oracle on every shape, accumulate, stay flat, refuse. */
import { expect } from 'vitest';
import type { Engine, EngineOptions, LearningRates } from '../engine.ts';
import { OracleEngine } from '../oracle/oracle.ts';
import type { MakeEngine } from './check-fixture.ts';
import { expectClose, largestDifference, norm } from './check-fixture.ts';
import { randomBatch, rows, smallGraph } from './small-model.ts';

const ADAM = { beta1: 0.9, beta2: 0.99, epsilon: 1e-6 };

/** The same rate for every group. */
export function equalRates(groups: readonly string[], rate: number): LearningRates {
  return Object.fromEntries(groups.map((group) => [group, rate]));
}

/** Gradients, `steps` training steps, and predictions of one and many rows, against the oracle from the same seed. */
export async function checkAgainstOracle(makeEngine: MakeEngine, model: string, steps = 5): Promise<void> {
  const graph = smallGraph(model);
  const options = { graph, adam: ADAM, seed: 11, batchSize: 6 };
  const rates = equalRates(graph.groups, 0.01);
  const oracle = new OracleEngine(options);
  const engine = await makeEngine(options);
  try {
    const wanted = await oracle.gradients(randomBatch(graph, 6, 100, true));
    const actual = await engine.gradients(randomBatch(graph, 6, 100, true));
    const scale = Math.max(...[...wanted.values()].map(({ data }) => norm(Float64Array.from(data, Number))));
    for (const [name, { data }] of wanted) {
      const difference = largestDifference(
        Float64Array.from(actual.get(name)?.data ?? [], Number),
        Float64Array.from(data, Number),
      );
      expect(difference, `gradient of ${name}`).toBeLessThanOrEqual(2e-5 * scale);
    }
    for (let step = 0; step < steps; step++) {
      const batch = randomBatch(graph, 6, step, step % 2 === 0);
      const [got, want] = [await engine.step(batch, rates), await oracle.step(batch, rates)];
      expectClose(`task losses of step ${step}`, got.taskLosses, want.taskLosses, 1e-4);
      expect(Math.abs(got.loss / want.loss - 1), `loss of step ${step}`).toBeLessThanOrEqual(1e-4);
    }
    for (const size of [1, 5, 17]) {
      const batch = randomBatch(graph, size, 200 + size);
      const [got, want] = [await engine.predict(batch), await oracle.predict(batch)];
      expect(got.size).toBe(size);
      expect(largestDifference(got.probabilities, want.probabilities)).toBeLessThanOrEqual(2e-3);
      expect(largestDifference(got.calibrated, want.calibrated)).toBeLessThanOrEqual(2e-3);
    }
  } finally {
    engine.dispose();
  }
}

/** Two half batches and one update are one whole batch, where no BatchNorm looks at the batch as a whole. */
export async function checkAccumulation(makeEngine: MakeEngine): Promise<void> {
  const graph = smallGraph('one block without mlp, plain logarithm');
  const rates = equalRates(graph.groups, 0.01);
  const options = { graph, adam: ADAM, seed: 3, batchSize: 6 };
  const [halves, whole] = [await makeEngine(options), await makeEngine(options)];
  try {
    for (let step = 0; step < 3; step++) {
      const batch = randomBatch(graph, 6, step, true);
      const first = await halves.step(rows(batch, 0, 3), null);
      const second = await halves.step(rows(batch, 3, 6), rates);
      const both = await whole.step(batch, rates);
      expect((first.loss + second.loss) / 2).toBeCloseTo(both.loss, 5);
    }
    const [got, want] = [await halves.state(), await whole.state()];
    expect(got.optimizer.step).toBe(3);
    for (const [name, { data }] of want.model)
      expectClose(
        name,
        Float64Array.from(got.model.get(name)?.data ?? [], Number),
        Float64Array.from(data, Number),
        1e-4,
      );
  } finally {
    halves.dispose();
    whole.dispose();
  }
}

/** A run resumed from its state goes on exactly as if it had not stopped, dropout and moments included. */
export async function checkResume(makeEngine: MakeEngine): Promise<void> {
  const graph = smallGraph('parallel, BatchNorm towers, dropout');
  const rates = equalRates(graph.groups, 0.02);
  const options = { graph, adam: ADAM, seed: 5, batchSize: 6 };
  const [straight, resumed] = [await makeEngine(options), await makeEngine({ ...options })];
  try {
    for (let step = 0; step < 4; step++) await straight.step(randomBatch(graph, 6, step), rates);
    const { model, optimizer } = await straight.state();
    expect(optimizer.step).toBe(4);
    await resumed.load(model, optimizer);
    for (let step = 4; step < 7; step++) {
      const batch = randomBatch(graph, 6, step);
      expect(await resumed.step(batch, rates)).toEqual(await straight.step(batch, rates));
    }
    expect(await resumed.state()).toEqual(await straight.state());
  } finally {
    straight.dispose();
    resumed.dispose();
  }
}

/** Overlapping calls give what the same calls give one after the other. */
export async function checkOverlap(makeEngine: MakeEngine): Promise<void> {
  const graph = smallGraph('MLP backbone, BatchNorm without LayerNorm');
  const rates = equalRates(graph.groups, 0.02);
  const options = { graph, adam: ADAM, seed: 5, batchSize: 6 };
  const [overlapping, sequential] = [await makeEngine(options), await makeEngine(options)];
  const batch = (step: number) => randomBatch(graph, 6, step);
  try {
    const pending = [
      overlapping.step(batch(0), rates),
      overlapping.step(batch(1), rates),
      overlapping.predict(batch(9)),
      overlapping.step(batch(2), rates),
      overlapping.state(),
    ];
    const results = await Promise.all(pending);
    const wanted = [
      await sequential.step(batch(0), rates),
      await sequential.step(batch(1), rates),
      await sequential.predict(batch(9)),
      await sequential.step(batch(2), rates),
      await sequential.state(),
    ];
    expect(results).toEqual(wanted);
  } finally {
    overlapping.dispose();
    sequential.dispose();
  }
}

/**
 * Tensors or buffers, and bytes, stay as they are over rounds of two steps and a prediction after the first few. The
 * counts are exact: a leak shows in the round that makes it, and the kinds of rounds repeat every three.
 */
export async function checkNoLeak(
  makeEngine: (options: EngineOptions) => Promise<Engine>,
  model = 'parallel, BatchNorm towers, dropout',
  rounds = 20,
): Promise<void> {
  const graph = smallGraph(model);
  const engine = await makeEngine({ graph, adam: ADAM, seed: 1, batchSize: 6 });
  const rates = equalRates(graph.groups, 1e-3);
  const round = async (step: number) => {
    await engine.step(randomBatch(graph, 6, step), step % 3 === 0 ? null : rates);
    await engine.step(randomBatch(graph, 6, step), rates);
    await engine.predict(randomBatch(graph, 2, step));
  };
  try {
    await round(0);
    await round(1);
    const [alive, bytes] = [engine.info.allocations(), engine.info.bytes()];
    expect(alive).toBeGreaterThan(0);
    for (let step = 2; step < rounds; step++) await round(step);
    expect(engine.info.allocations()).toBe(alive);
    expect(engine.info.bytes()).toBe(bytes);
    await engine.state();
    await engine.gradients(randomBatch(graph, 6, 0));
    expect(engine.info.allocations()).toBe(alive);
  } finally {
    engine.dispose();
  }
}
