/** Production's step by static count, for software adapters and for real GPUs: dispatches, bytes moved, memory held. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { presetModel } from '../../testing/preset-model.ts';
import { BIG_GPU, candidates, SOFTWARE } from '../variants.ts';
import { assignBuffers } from './assign-buffers.ts';
import { compileModel } from './compiled-model.ts';
import { planCost } from './plan.ts';
import { trainingPlan } from './plans.ts';

const yaml = readFileSync(new URL('../../../../configs/local_prod.yaml', import.meta.url), 'utf8');
const { options } = presetModel(yaml, 200);
const model = compileModel(options.graph);

const planOf = (software: boolean, halfWeights: boolean) =>
  trainingPlan(model, 128, options.adam, {
    software,
    halfWeights,
    choose: (problem, epilogue) => candidates(problem, epilogue, software ? SOFTWARE : BIG_GPU)[0],
  });

describe.each([
  ['software adapters', true, false],
  ['GPUs', false, false],
  ['GPUs, weights in halves', false, true],
])('a production step on %s', (_, software, halfWeights) => {
  const plan = planOf(software, halfWeights);
  const { dispatches, bytes, flops } = planCost(plan);

  // What it takes today, on a software adapter and on a GPU: more is a step back.
  const most = software ? 44 : 40;
  it(`has at most ${most} dispatches`, () => expect(dispatches).toBeLessThanOrEqual(most));

  const gigabytes = halfWeights ? 1.62 : 1.72;
  it(`moves at most ${gigabytes} GB`, () => expect(bytes).toBeLessThanOrEqual(gigabytes * 1e9));

  it('computes three products of every weight and nothing twice', () => {
    // Input gradients of the first layers too: the norms in front of them have parameters.
    const weights = model.layout.blocks.reduce((sum, { rows, columns }) => sum + rows * columns, 0);
    expect(flops).toBe(3 * 2 * 128 * weights);
  });

  it('holds at most 1 GB', () => {
    const activations = assignBuffers([...plan.tensors]).reduce((sum, { floats }) => sum + 4 * floats, 0);
    const { arenaLength, runningLength, smallLength } = model.layout;
    const parameters =
      4 * (3 * arenaLength + 2 * smallLength + runningLength) + (halfWeights ? 2 * arenaLength : 0);
    expect(activations + parameters).toBeLessThanOrEqual(1e9);
  });
});

it('a step with weights in halves moves 5 % less', () => {
  const [whole, halves] = [false, true].map((halfWeights) => planCost(planOf(false, halfWeights)).bytes);
  expect(halves! / whole!).toBeLessThan(0.95);
});
