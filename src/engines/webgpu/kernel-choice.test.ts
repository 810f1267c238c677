/** When an engine measures its products. */
import { expect, it } from 'vitest';
import { smallGraph } from '../testing/small-model.ts';
import { KernelChoice } from './kernel-choice.ts';
import type { Gpu } from './gpu.ts';
import { compileModel } from './plan/compiled-model.ts';
import { BIG_GPU } from './variants.ts';

const graph = smallGraph('one block without mlp, plain logarithm');
const options = { graph, adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }, seed: 1, batchSize: 4096 };

/** What is asked of a graphics card before the choice stands: it refuses all of it. */
async function asked(inferenceOnly: boolean): Promise<string[]> {
  const said: string[] = [];
  const refuse = (what: string) => (): never => {
    said.push(what);
    throw new Error(what);
  };
  const gpu = {
    software: false,
    target: BIG_GPU,
    description: 'acme',
    device: { features: new Set(), createBuffer: refuse('buffer') },
    check: () => {},
    buffer: refuse('measured or checked'),
    pipeline: refuse('checked'),
    validated: refuse('measured'),
  } as unknown as Gpu;
  const choice = new KernelChoice(gpu, { ...options, inferenceOnly }, undefined);
  await choice.measure(compileModel(graph), 4096, undefined).catch(() => undefined);
  return said;
}

it('a training engine measures; one that is made to predict once, beside a run that trains, only checks', async () => {
  expect(await asked(false)).toContain('measured');
  expect(await asked(true)).not.toContain('measured');
});
