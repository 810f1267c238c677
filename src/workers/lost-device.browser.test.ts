/** A device that is lost in the middle of a run: the run goes on by itself, to the same losses and weights. */
import { expect, it } from 'vitest';
import config from '../../e2e/files/tiny.yaml?raw';
import schemaText from '../../configs/playground-segdense.json?raw';
import { parseDataSchema } from '../data/data-schema.ts';
import { defaultTeacherConfig } from '../data/synthesis/teacher-config.ts';
import { threadGpu } from '../engines/gpu/thread-gpu.ts';
import { readSafetensors } from '../formats/safetensors.ts';
import { MemoryHome } from '../runs/homes/memory-home.ts';
import { newManifest } from '../runs/new-manifest.ts';
import { recipeSchemaOf } from '../runs/recipe-forms.ts';
import { RunFolder } from '../runs/run-folder.ts';
import { hostWithRun, lastPhase, startData, stepsOf, until } from './testing/prepared-run.ts';

const STEPS = 40;

const manifest = () =>
  newManifest({
    app: 'test',
    recipe: {
      config: config.replace(/checkpoint_every_n: \d+/, 'checkpoint_every_n: 10'),
      steps: STEPS,
      data: { kind: 'teacher', preset: null, settings: defaultTeacherConfig, examples: null },
      schema: recipeSchemaOf('playground-segdense.json', parseDataSchema(schemaText)),
      masks: [],
      seeds: { weights: 5, data: 3 },
      engine: { choice: 'webgpu', precision: 'float32', noisyShifts: false },
      warmStart: null,
    },
  });

type Run = Awaited<ReturnType<typeof hostWithRun>>;

async function outcome({ host, home, manifest: { id }, info }: Run) {
  const { tensors } = readSafetensors(await host.run.export('weights', 'now'));
  await host.close();
  const folder = await RunFolder.open(home, id, 'read');
  const steps = [];
  for await (const some of folder.steps({ tasks: info.tasks, groups: info.groups })) {
    steps.push(...some.map(({ step, loss }) => [step, loss]));
  }
  return { steps, weights: [...tensors], evaluations: await folder.evaluations() };
}

it('goes on from the last checkpoint, bit for bit, with the same kernels', async () => {
  const data = startData();
  const whole = await hostWithRun(data, { home: new MemoryHome(), manifest: manifest() });
  whole.host.run.resume();
  await until(() => lastPhase(whole.events) === 'finished');
  const expected = await outcome(whole);
  expect(expected.steps).toHaveLength(STEPS);

  const run = await hostWithRun(data, { home: new MemoryHome(), manifest: manifest() });
  run.host.run.resume();
  for (const at of [13, 24]) {
    await until(() => stepsOf(run.events).some(({ step }) => step >= at));
    const before = run.events.recovered?.length ?? 0;
    (await threadGpu()).device.destroy();
    await until(() => (run.events.recovered?.length ?? 0) > before);
  }
  // A pause that comes while it recovers holds: by itself the run would be going again when that is told.
  await until(() => stepsOf(run.events).some(({ step }) => step >= 28));
  (await threadGpu()).device.destroy();
  await run.host.run.pause();
  await until(() => run.events.recovered?.length === 3);
  await new Promise((resolve) => setTimeout(resolve));
  expect(lastPhase(run.events)).toBe('paused');
  // At rest too.
  (await threadGpu()).device.destroy();
  await until(() => run.events.recovered?.length === 4);
  // From a checkpoint, or from what is saved by the clock between two.
  for (const { repeated } of run.events.recovered ?? []) {
    expect(repeated, JSON.stringify(run.events.recovered)).toBeLessThanOrEqual(10);
  }
  run.host.run.resume();
  await until(() => lastPhase(run.events) === 'finished');
  const { ran } = run.host.run.manifest;
  expect(ran.map(({ engine }) => engine)).toEqual(Array(5).fill('webgpu'));
  expect(Object.keys(ran[0]?.kernels ?? {}).length).toBeGreaterThan(4);
  for (const { kernels } of ran) expect(kernels).toEqual(ran[0]?.kernels);
  expect(await outcome(run)).toEqual(expected);
});
