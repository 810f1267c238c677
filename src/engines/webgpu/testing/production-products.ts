/** The matrix products of a step of production's model, at their own size, with every variant that a card may be given. */
import { readFileSync } from 'node:fs';
import { presetModel } from '../../testing/preset-model.ts';
import type { Epilogue } from '../kernels/epilogue.ts';
import { gemmLabel } from '../kernels/gemm-problem.ts';
import type { GemmProblem, GemmVariant } from '../kernels/gemm.ts';
import { compileModel } from '../plan/compiled-model.ts';
import { trainingPlan } from '../plan/plans.ts';
import { BIG_GPU, candidates, SMALL_GPU } from '../variants.ts';
import type { GpuTarget } from '../variants.ts';
import type { GemmShape } from './check-gemm.ts';

export interface ProductionProduct {
  readonly name: string;
  readonly shape: Omit<GemmShape, 'seed'>;
  /** Candidates on a large card, the guess first, then those that small ones have besides. */
  readonly variants: readonly GemmVariant[];
}

const ROWS = 128;
const TARGETS: readonly GpuTarget[] = [BIG_GPU, SMALL_GPU];

function shapeOf({ form, m, n, k, batch, a }: GemmProblem): Omit<GemmShape, 'seed'> {
  // Values of several members lie side by side, weights are stacked.
  const slices = batch > 1 && a.batchStride < a.ld;
  return { form, m, n, k, batch, padded: true, slices, halves: false };
}

export function productionProducts(): ProductionProduct[] {
  const yaml = readFileSync(new URL('../../../../configs/local_prod.yaml', import.meta.url), 'utf8');
  const { options } = presetModel(yaml, 200);
  const model = compileModel(options.graph);
  const found = new Map<string, { shape: Omit<GemmShape, 'seed'>; variants: Map<string, GemmVariant> }>();
  for (const target of TARGETS) {
    const choose = (problem: GemmProblem, epilogue: Epilogue['kind']): GemmVariant => {
      const list = candidates(problem, epilogue, target);
      const name = gemmLabel(problem);
      const { variants } = found.get(name) ?? { variants: new Map<string, GemmVariant>() };
      found.set(name, { shape: shapeOf(problem), variants });
      for (const variant of list) variants.set(JSON.stringify(variant), variant);
      return list[0];
    };
    trainingPlan(model, ROWS, options.adam, { software: false, choose, halfWeights: false });
  }
  return [...found].map(([name, { shape, variants }]) => ({ name, shape, variants: [...variants.values()] }));
}
