/** What every engine must do, on our own WebGPU engine: all shapes against the oracle, accumulation, resume, overlap. */
import { describe, it } from 'vitest';
import { checkAccumulation, checkAgainstOracle, checkOverlap, checkResume } from '../testing/check-engine.ts';
import type { MakeEngine } from '../testing/check-fixture.ts';
import { SMALL_GRAPHS } from '../testing/small-model.ts';
import { requestGpuDevice } from '../gpu/device.ts';
import { createWebgpuEngine } from './engine.ts';
import type { GemmVariant } from './kernels/gemm.ts';
import type { ChooseVariant } from './plan/compiled-model.ts';

const gpu = requestGpuDevice();
const makeEngine: MakeEngine = async (options) => createWebgpuEngine(options, await gpu);

describe('against the oracle', () => {
  it.each(SMALL_GRAPHS)('%s', (model) => checkAgainstOracle(makeEngine, model));
});

describe('with the kernels for real GPUs', () => {
  const shapes: readonly GemmVariant[] = [
    { kind: 'tiled', x: 4, y: 4, rows: 4, columns: 4, depth: 8, slices: 1, split: 1 },
    { kind: 'tiled', x: 8, y: 2, rows: 4, columns: 4, depth: 8, slices: 1, split: 2 },
  ];
  const choose: ChooseVariant = ({ m, n, k }, epilogue) => {
    const splittable = epilogue === 'forward' || epilogue === 'input_gradient';
    const [whole, split] = shapes;
    if (!whole || !split) throw new Error('unreachable');
    return splittable && (m + n + k) % 2 === 0 ? split : whole;
  };
  const makeHardware: MakeEngine = async (options) =>
    createWebgpuEngine(options, { ...(await gpu), software: false }, { choose });

  it.each(['parallel, BatchNorm towers, dropout', 'one block without mlp, plain logarithm'])('%s', (model) =>
    checkAgainstOracle(makeHardware, model, 2),
  );
});

it('accumulates gradients', () => checkAccumulation(makeEngine));
it('resumes bit for bit', () => checkResume(makeEngine));
it('runs overlapping calls in order', () => checkOverlap(makeEngine));
