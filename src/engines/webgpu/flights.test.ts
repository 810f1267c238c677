/** How an engine's submits are cut before and after a plan was measured, and how many results are on the way. */
import { afterEach, expect, it, vi } from 'vitest';
import { smallGraph } from '../testing/small-model.ts';
import { Flights } from './flights.ts';
import { compileModel } from './plan/compiled-model.ts';
import { planCost } from './plan/plan.ts';
import { predictionPlan } from './plan/plans.ts';
import { BIG_GPU, candidates, SMALL_GPU, SOFTWARE, targetOf } from './variants.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const plan = predictionPlan(compileModel(smallGraph('one block without mlp, plain logarithm')), 8, {
  software: true,
  choose: (problem, epilogue) => candidates(problem, epilogue, SOFTWARE)[0],
  halfWeights: false,
});
const { flops } = planCost(plan);

/** A plan whose runs take so many milliseconds of a clock that the test turns, and the parts that each was cut into. */
function played(milliseconds: number) {
  let now = 1000;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  const parts: number[] = [];
  const executor = {
    plan,
    run: (_rows: number, cuts: number) => {
      parts.push(cuts);
      return Promise.resolve(() => {
        now += milliseconds;
        return Promise.resolve(new Float32Array(0));
      });
    },
  };
  return { executor, parts };
}

it.each([
  ['a processor', SOFTWARE, 1.5e6],
  ['a phone', SMALL_GPU, 3e7],
  ['a card without a name', targetOf(false, 'unnamed adapter', false), 3e7],
  ['a card', BIG_GPU, 3e8],
] as const)(
  'cuts the first step of an unknown plan by what %s does at the least, then by its time',
  async (_, target, rate) => {
    const budget = flops / rate / 4.5;
    const { executor, parts } = played(2.5 * budget);
    const flights = new Flights(target, budget);
    for (let step = 0; step < 2; step++) await (await flights.run(executor, plan.rows))();
    // Half the rows take half the time.
    await (
      await flights.run(executor, plan.rows / 2)
    )();
    flights.forget(executor);
    await (
      await flights.run(executor, plan.rows)
    )();
    expect(parts).toEqual([5, 3, 2, 5]);
  },
);

it.each([
  [BIG_GPU, 3, 8],
  [BIG_GPU, 20, 4],
  [BIG_GPU, 100, 2],
  [SOFTWARE, 3, 2],
] as const)('has more on the way where a step is short', async (target, milliseconds, depth) => {
  const { executor } = played(milliseconds);
  const flights = new Flights(target, 1e9);
  expect(flights.depth).toBe(2);
  await (
    await flights.run(executor, plan.rows)
  )();
  expect(flights.depth).toBe(depth);
  const ends: (() => void)[] = [];
  for (let at = 0; at < depth; at++) flights.track(new Promise<void>((resolve) => ends.push(resolve)));
  let room = false;
  const waiting = flights.room().then(() => (room = true));
  await Promise.resolve();
  expect(room).toBe(false);
  ends[0]!();
  await waiting;
  for (const end of ends) end();
  await flights.settle();
});

it('learns no time of a plan from a few of its rows, and has no fewer steps on the way for it', async () => {
  const { executor } = played(3);
  const flights = new Flights(BIG_GPU, 1e9);
  await (
    await flights.run(executor, plan.rows)
  )();
  // A tweet that is watched while the model trains: as long on its way as a step, and an eighth of it.
  await (
    await flights.run({ ...executor }, plan.rows / 8)
  )();
  expect(flights.depth).toBe(8);
});
