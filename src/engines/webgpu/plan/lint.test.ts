/** Every plan of every preset, of random small models and of all lists of variants is one that any device takes. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ModelGraph } from '../../../graph/graph.ts';
import { presetModel } from '../../testing/preset-model.ts';
import { SMALL_MODELS, smallGraph } from '../../testing/small-model.ts';
import { lintPlan } from '../testing/lint-plan.ts';
import { randomGraph } from '../testing/random-model.ts';
import type { GpuTarget } from '../variants.ts';
import { BIG_GPU, candidates, SMALL_GPU, SOFTWARE } from '../variants.ts';
import type { ChooseVariant } from './compiled-model.ts';
import { compileModel } from './compiled-model.ts';
import { gradientPlan, packPlan, predictionPlan, trainingPlan, updatePlan } from './plans.ts';

const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/** Problems of all plans of a model. @param rank which candidate every product takes. */
function problems(
  graph: ModelGraph,
  rows: number,
  target: GpuTarget,
  rank: number,
  halfWeights: boolean,
): string[] {
  const model = compileModel(graph);
  const choose: ChooseVariant = (problem, epilogue) => {
    const list = candidates(problem, epilogue, target);
    return list[rank % list.length] ?? list[0];
  };
  const options = { software: target.software, choose, halfWeights, quickStart: target.software };
  return [
    trainingPlan(model, rows, adam, options),
    gradientPlan(model, rows, options),
    updatePlan(model, adam, options),
    predictionPlan(model, rows, options),
    ...(halfWeights ? [packPlan(model, options)] : []),
  ].flatMap((plan) => lintPlan(plan, model));
}

const targets = [
  ['software', SOFTWARE],
  ['a big GPU', BIG_GPU],
  ['a small GPU', { ...SMALL_GPU, subgroups: true }],
] as const;

describe.each(targets)('on %s', (_, target) => {
  it.each(['local_prod', 'playground', 'serial', 'share-none'])('%s', (name) => {
    const yaml = readFileSync(new URL(`../../../../configs/${name}.yaml`, import.meta.url), 'utf8');
    const { options } = presetModel(yaml, name === 'local_prod' ? 200 : 32);
    expect(problems(options.graph, 128, target, 0, false)).toEqual([]);
    expect(problems(options.graph, 128, target, 1, true)).toEqual([]);
  });

  it('random models, any batch size, any candidate', () => {
    fc.assert(
      fc.property(
        randomGraph,
        fc.integer({ min: 2, max: 300 }),
        fc.nat(7),
        fc.boolean(),
        (graph, rows, rank, halves) => {
          expect(problems(graph, rows, target, rank, halves)).toEqual([]);
        },
      ),
      { numRuns: 30, seed: 7 },
    );
  });

  it('small models of every shape, any batch size, any candidate', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(SMALL_MODELS)),
        fc.oneof(fc.integer({ min: 2, max: 200 }), fc.constantFrom(65_536, 200_000)),
        fc.nat(7),
        fc.boolean(),
        (name, rows, rank, halves) => {
          expect(problems(smallGraph(name), rows, target, rank, halves)).toEqual([]);
        },
      ),
      { numRuns: 25, seed: 5 },
    );
  });
});

it('finds what it looks for', () => {
  const model = compileModel(smallGraph('one block without mlp, plain logarithm'));
  const choose: ChooseVariant = (problem, epilogue) => candidates(problem, epilogue, SOFTWARE)[0];
  const plan = trainingPlan(model, 4, adam, { software: true, choose, halfWeights: false });
  const [first, ...rest] = plan.dispatches;
  if (!first) throw new Error('a plan has dispatches');
  expect(lintPlan({ ...plan, dispatches: plan.dispatches.toReversed() }, model).join()).toMatch(
    /read before it is written/,
  );
  const half = { software: true, choose, halfWeights: true };
  const adamAt = plan.dispatches.findIndex(({ bound }) => 'm' in bound && 'v' in bound);
  const updated = plan.dispatches[adamAt];
  if (!updated) throw new Error('a training plan updates');
  expect(lintPlan({ ...plan, dispatches: [updated, ...plan.dispatches] }, model).join()).toMatch(
    /updated already.*updates params twice/,
  );
  expect(lintPlan({ ...plan, dispatches: plan.dispatches.toSpliced(adamAt, 1) }, model).join()).toMatch(
    /never updated/,
  );
  const stored = updatePlan(model, adam, half);
  expect(lintPlan(stored, model)).toEqual([]);
  const gradients = gradientPlan(model, 4, half);
  const both = { ...gradients, dispatches: [...stored.dispatches, ...gradients.dispatches] };
  expect(lintPlan(both, model).join()).toMatch(/reads grads before it is whole/);
  const [name, to] = Object.entries(first.bound)[0] ?? [];
  if (name === undefined || !to) throw new Error('a dispatch binds something');
  const all = Object.fromEntries(Object.keys(first.bound).map((each) => [each, to]));
  expect(lintPlan({ ...plan, dispatches: [{ ...first, bound: all }, ...rest] }, model).join()).toMatch(
    /read and write one buffer|overlap/,
  );
  const wide = { ...first.kernel, grid: () => [70_000, 1, 1] as const };
  expect(lintPlan({ ...plan, dispatches: [{ ...first, kernel: wide }, ...rest] }, model).join()).toMatch(
    /grid/,
  );
});
