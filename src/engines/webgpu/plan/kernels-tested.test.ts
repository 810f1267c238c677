/** Every kernel that there is runs in the GPU tests against the oracle or plain loops, on either kind of device. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { SMALL_GRAPHS, smallGraph } from '../../testing/small-model.ts';
import type { GpuTarget } from '../variants.ts';
import { BIG_GPU, candidates, SOFTWARE } from '../variants.ts';
import type { ChooseVariant } from './compiled-model.ts';
import { compileModel } from './compiled-model.ts';
import { gradientPlan, packPlan, predictionPlan, trainingPlan, updatePlan } from './plans.ts';

const folder = new URL('../kernels/', import.meta.url);
const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/** A label with anything where a size or a name stands. */
const HOLE = /\$\{(?:[^{}`]|`[^`]*`|\{[^{}]*\})*\}/g;
const LABEL = /label: `((?:\$\{(?:[^{}`]|`[^`]*`|\{[^{}]*\})*\}|[^`$])*)`/g;

const readKernels = (file: string): string => readFileSync(new URL(file, folder), 'utf8');
const files = readdirSync(folder);

/** What the generators call their kernels, by file. */
const written = files
  .filter((file) => !file.endsWith('.test.ts'))
  .flatMap((file) =>
    [...readKernels(file).matchAll(LABEL)].map(([, text = '']) => ({
      file,
      text: text.replaceAll(HOLE, '\0'),
    })),
  );
/** The tests of single kernels, against plain loops. */
const own = [...files.filter((file) => file.endsWith('.browser.test.ts')), '../testing/check-gemm.ts']
  .map(readKernels)
  .join('\n');
const pattern = (text: string) =>
  new RegExp(
    `^${text
      .split('\0')
      .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  );

/** Labels of all plans of the small models. */
function labels(target: GpuTarget): string[] {
  const found = new Set<string>();
  const choose: ChooseVariant = (problem, epilogue) => candidates(problem, epilogue, target)[0];
  const options = { software: target.software, choose, halfWeights: true };
  for (const name of SMALL_GRAPHS) {
    const model = compileModel(smallGraph(name));
    for (const { dispatches } of [
      trainingPlan(model, 6, adam, options),
      gradientPlan(model, 6, options),
      updatePlan(model, adam, options),
      predictionPlan(model, 6, options),
      packPlan(model, options),
    ])
      for (const { kernel } of dispatches) found.add(kernel.label);
  }
  return [...found];
}

it.each([
  ['software', SOFTWARE],
  ['a graphics card', BIG_GPU],
] as const)('on %s every kernel is in a plan of a small model or has a test of its own', (_, target) => {
  expect(written.length).toBeGreaterThan(20);
  const used = labels(target);
  const alone = written.filter(({ text }) => !used.some((label) => pattern(text).test(label)));
  // Tiles and products of a value with a mask are not in every small model's plan.
  expect(alone.length).toBeLessThan(6);
  const untested = alone.filter(
    ({ file }) => !own.includes(`/${file}'`) && !/^gemm-(direct|tiled)/.test(file),
  );
  expect(untested).toEqual([]);
});
