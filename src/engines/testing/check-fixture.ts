/**
 * The checks that every engine must pass on every fixture folder, with the tolerances of test/fixtures/README.md:
 * float32 and float64 runs of the reference itself differ by nearly as much.
 */
import { expect } from 'vitest';
import type { StateDict } from '../../formats/state-dict.ts';
import type { Engine, EngineOptions, EngineState, Predictions } from '../engine.ts';
import { OracleEngine } from '../oracle/oracle.ts';
import type { Fixture } from './fixture.ts';

/** Anything with an engine's methods: the oracle has no adapter to tell of. */
export type TestEngine = Omit<Engine, 'info'>;
export type MakeEngine = (options: EngineOptions) => TestEngine | Promise<TestEngine>;

/** Euclidean norm. */
export function norm(values: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += (values[index] ?? NaN) ** 2;
  return Math.sqrt(sum);
}

/** Norm of the difference; NaN when lengths differ. */
export function distance(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return NaN;
  return norm(
    Float64Array.from({ length: expected.length }, (_, i) => (actual[i] ?? NaN) - (expected[i] ?? NaN)),
  );
}

/** Largest absolute difference; NaN where one is. */
export function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let largest = actual.length === expected.length ? 0 : NaN;
  for (let index = 0; index < expected.length; index++)
    largest = Math.max(largest, Math.abs((actual[index] ?? NaN) - (expected[index] ?? NaN)));
  return largest;
}

/** Asks for |actual − expected| ≤ tolerance·|expected| by norm. */
export function expectClose(
  what: string,
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
) {
  const error = distance(actual, expected) / Math.max(norm(expected), Number.MIN_VALUE);
  expect(error, `${what}: relative distance`).toBeLessThanOrEqual(tolerance);
}

function expectPredictions(
  what: string,
  actual: Predictions,
  { expected }: Fixture,
  tolerance: number,
): void {
  expectClose(`${what}.logits`, actual.logits, expected(`${what}.logits`), tolerance);
  expectClose(`${what}.probabilities`, actual.probabilities, expected(`${what}.probabilities`), tolerance);
  expectClose(
    `${what}.calibrated`,
    actual.calibrated,
    expected(`${what}.calibrated_probabilities`),
    tolerance,
  );
}

/** The module of a parameter: everything before the last dot. */
const moduleOf = (name: string) => name.slice(0, name.lastIndexOf('.'));

/** Gradients within 1e-4 of the largest gradient's norm in the same module. */
export function expectGradients(actual: StateDict, expected: ReadonlyMap<string, ArrayLike<number>>): void {
  expect([...actual.keys()].toSorted()).toEqual([...expected.keys()].toSorted());
  const largest = new Map<string, number>();
  for (const [name, gradient] of expected)
    largest.set(moduleOf(name), Math.max(largest.get(moduleOf(name)) ?? 0, norm(gradient)));
  for (const [name, gradient] of expected) {
    const data = Float64Array.from(actual.get(name)?.data ?? [], Number);
    const bound = 1e-4 * (largest.get(moduleOf(name)) ?? 0);
    expect(distance(data, gradient), `gradient of ${name}`).toBeLessThanOrEqual(bound);
  }
}

/**
 * Parameters after training. Adam turns the rounding noise of a zero gradient (a bias in front of a BatchNorm) into
 * whole steps, so a parameter may lie off by what `steps` full updates can move it, and must lie within 1e-3 otherwise.
 */
function expectFinalState(actual: StateDict, { final, rates }: Fixture): void {
  expect([...actual.keys()]).toEqual([...final.keys()]);
  const steps = rates.reduce((sum, each) => sum + Math.max(...Object.values(each)), 0);
  for (const [name, tensor] of final) {
    const other = actual.get(name);
    expect(other?.shape, name).toEqual(tensor.shape);
    if (tensor.dtype === 'I64') expect(other?.data, name).toEqual(tensor.data);
    else {
      const [data, wanted] = [other?.data ?? [], tensor.data].map((each) => Float64Array.from(each, Number));
      if (!data || !wanted) throw new Error('unreachable');
      const noisy = name.endsWith('.bias') || name.includes('running_') ? 2 * steps : 0;
      expect(distance(data, wanted), name).toBeLessThanOrEqual(
        1e-3 * norm(wanted) + noisy * Math.sqrt(wanted.length),
      );
    }
  }
}

/**
 * Runs one fixture folder through a new engine and disposes it.
 *
 * @param ownSteps how many of the first steps a slow engine takes itself, beside the last: the oracle takes those
 *   between, and hands over weights and moments. All by default; with none, gradients are those of the last step only.
 */
export async function checkFixture(
  makeEngine: MakeEngine,
  fixture: Fixture,
  ownSteps = Infinity,
): Promise<void> {
  const { graph, adam, initial, batches, rates, expected } = fixture;
  const [first] = batches;
  if (!first) throw new Error('the fixture has no batches');
  const options = { graph, adam, seed: 1, batchSize: first.size };
  const engine = await makeEngine(options);
  const last = batches.length - 1;
  try {
    await engine.load(initial);
    expectPredictions('eval_before', await engine.predict(first), fixture, 1e-5);
    // Neither evaluation nor gradients() may change anything: these are the losses of a run without them.
    if (ownSteps > 0) await engine.gradients(first);
    const tasks = graph.outputs.length;
    const losses = expected('losses');
    const wantedTaskLosses = expected('task_losses');
    for (const [step, batch] of batches.entries()) {
      if (step >= ownSteps && step < last) continue;
      if (step > ownSteps && step === last) {
        const { model, optimizer } = await oracleState(options, fixture, last);
        await engine.load(model, optimizer);
      }
      // What the file calls grad_step0 is the last step's (see Fixture.gradients).
      if (step === last) expectGradients(await engine.gradients(batch), fixture.gradients);
      const result = await engine.step(batch, rates[step] ?? null);
      expectClose(`loss of step ${step}`, [result.loss], losses.subarray(step, step + 1), 1e-5);
      const wanted = wantedTaskLosses.subarray(step * tasks, (step + 1) * tasks);
      expectClose(`task losses of step ${step}`, result.taskLosses, wanted, 1e-5);
    }
    const after = await engine.predict(first);
    expect(largestDifference(after.probabilities, expected('eval_after.probabilities'))).toBeLessThanOrEqual(
      5e-3,
    );
    expect(
      largestDifference(after.calibrated, expected('eval_after.calibrated_probabilities')),
    ).toBeLessThanOrEqual(5e-3);
    await expectNearFloat64(options, fixture, after);
    const state = await engine.state();
    expect(state.optimizer.step).toBe(batches.length);
    expectFinalState(state.model, fixture);
  } finally {
    engine.dispose();
  }
}

/**
 * The run's logits are nearer to those of PyTorch's float64 run than PyTorch's own float32 run is. That one trains shifts
 * in front of a BatchNorm on rounding noise (src/graph/zero-gradients.ts); without such, both are as near as float32 goes.
 */
async function expectNearFloat64(
  options: EngineOptions,
  { name, float64, batches, expected }: Fixture,
  after: Predictions,
): Promise<void> {
  const oracle = new OracleEngine(options);
  await oracle.load(float64);
  const exact = (await oracle.predict(batches[0]!)).logits;
  const ours = distance(after.logits, exact) / norm(exact);
  const pytorch = distance(expected('eval_after.logits'), exact) / norm(exact);
  // Without such shifts PyTorch's float32 is near as well: then nobody can be much nearer.
  expect(ours, `${name}: distance from float64`).toBeLessThan(Math.min(1e-5, Math.max(pytorch / 20, 1e-6)));
}

/** Weights and moments of the oracle after so many of the fixture's steps. */
async function oracleState(
  options: EngineOptions,
  { initial, batches, rates }: Fixture,
  steps: number,
): Promise<EngineState> {
  const oracle = new OracleEngine(options);
  await oracle.load(initial);
  for (let step = 0; step < steps; step++) await oracle.step(batches[step]!, rates[step] ?? null);
  return oracle.state();
}
