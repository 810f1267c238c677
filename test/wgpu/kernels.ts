/** Every kernel of every plan of every preset, for all lists of variants, is valid for this implementation's compiler. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { requestGpuDevice } from '../../src/engines/gpu/device.ts';
import { presetModel } from '../../src/engines/testing/preset-model.ts';
import { compileModel } from '../../src/engines/webgpu/plan/compiled-model.ts';
import {
  gradientPlan,
  packPlan,
  predictionPlan,
  trainingPlan,
  updatePlan,
} from '../../src/engines/webgpu/plan/plans.ts';
import { BIG_GPU, candidates, SMALL_GPU, SOFTWARE } from '../../src/engines/webgpu/variants.ts';

const targets = [SOFTWARE, BIG_GPU, SMALL_GPU];
const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/** Distinct shaders of a preset, by text, with the label of the first that has it. */
function shaders(name: string): Map<string, string> {
  const yaml = readFileSync(new URL(`../../configs/${name}.yaml`, import.meta.url), 'utf8');
  const model = compileModel(presetModel(yaml, name === 'local_prod' ? 200 : 32).options.graph);
  const found = new Map<string, string>();
  for (const target of targets)
    for (const halfWeights of [false, true])
      for (const rank of target === BIG_GPU && name === 'local_prod' ? [0, 1, 2, 3, 4, 5, 6, 7] : [0, 1]) {
        const options = {
          software: target.software,
          halfWeights,
          choose: (
            ...product: Parameters<typeof candidates> extends [infer P, infer E, unknown] ? [P, E] : never
          ) => {
            const list = candidates(...product, target);
            return list[rank % list.length] ?? list[0];
          },
        };
        const plans = [
          trainingPlan(model, 128, adam, options),
          ...(rank === 0 ? [predictionPlan(model, 128, options), updatePlan(model, adam, options)] : []),
          ...(rank === 0 ? [gradientPlan(model, 128, options), packPlan(model, options)] : []),
        ];
        for (const { kernel } of plans.flatMap(({ dispatches }) => dispatches))
          if (!found.has(kernel.code)) found.set(kernel.code, kernel.label);
      }
  return found;
}

const device = requestGpuDevice();

describe('all kernels compile', () => {
  it.each(['playground', 'serial', 'share-none', 'local_prod'])('%s', async (name) => {
    const gpu = (await device).device;
    const refused: string[] = [];
    const all = [...shaders(name)];
    await Promise.all(
      all.map(async ([code, label]) => {
        gpu.pushErrorScope('validation');
        gpu.createShaderModule({ label, code });
        const error = await gpu.popErrorScope();
        if (error) refused.push(`${label}: ${error.message}`);
      }),
    );
    expect(all.length).toBeGreaterThan(100);
    expect(refused.slice(0, 5)).toEqual([]);
  });
});
