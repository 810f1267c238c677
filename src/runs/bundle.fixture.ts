/** A small run with all its files, for the tests of bundles. */
import { readFileSync } from 'node:fs';
import { parseDataSchema } from '../data/data-schema.ts';
import { writeSafetensors } from '../formats/safetensors.ts';
import { BACKBONE_GROUP } from '../graph/graph.ts';
import type { FileHome } from './homes/home.ts';
import { newManifest } from './new-manifest.ts';
import type { RunManifest } from './manifest.ts';
import { openRecipe } from './recipe.ts';
import { recipeSchemaOf } from './recipe-forms.ts';
import { RunFolder } from './run-folder.ts';

const read = (file: string): string =>
  readFileSync(new URL(`../../configs/${file}`, import.meta.url), 'utf8');

const schema = recipeSchemaOf('playground-segdense.json', parseDataSchema(read('playground-segdense.json')));

export function sampleManifest(id: string, parent: RunManifest['parent'] = null): RunManifest {
  const manifest = newManifest({
    recipe: {
      config: read('playground.yaml'),
      steps: null,
      data: { kind: 'uniform', labels: 'binary', examples: null },
      schema,
      masks: [],
      seeds: { weights: 1, data: 2 },
      engine: { choice: 'auto', precision: 'float32', noisyShifts: false },
      warmStart: null,
    },
    parent,
    app: 'test',
    now: new Date(0),
  });
  return { ...manifest, id, name: `Run ${id}` };
}

const weights = (value: number): Uint8Array<ArrayBuffer> =>
  writeSafetensors(new Map([['w', { dtype: 'F32', shape: [300], data: new Float32Array(300).fill(value) }]]));

/** @param value of the weights, so that runs differ. */
export async function keepSample(home: FileHome, manifest: RunManifest, value = 1, steps = 3): Promise<void> {
  const folder = await RunFolder.create(home, manifest.id, manifest);
  const { tasks } = openRecipe(manifest.recipe);
  const names = { tasks, groups: [BACKBONE_GROUP, ...tasks] };
  const events = Array.from({ length: steps }, (_, step) => ({
    step,
    loss: value / (step + 1),
    taskLosses: tasks.map(() => 0.5),
    learningRates: names.groups.map(() => 0.01),
    examples: 32 * (step + 1),
    elapsedMs: step,
  }));
  await folder.appendSteps(events, names);
  await folder.appendEvaluations([
    {
      step: steps,
      partition: 'train',
      stratum: null,
      examples: 5,
      loss: { kind: 'value', value: 0.5 },
      tasks: [],
    },
  ]);
  await folder.saveStatus({ phase: 'finished', step: steps, loss: value, taskLosses: {}, elapsedMs: 9 });
  await folder.write('checkpoints/2.safetensors', weights(value / 2));
  await folder.write(`checkpoints/${steps}.autosave.safetensors`, weights(value / 3));
  await folder.saveModel(weights(value));
  folder.close();
}

/** Every file of a home by its path. */
export async function allFiles(home: FileHome, folder = ''): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  for (const { name, folder: isFolder } of await home.list(folder)) {
    const path = folder === '' ? name : `${folder}/${name}`;
    if (isFolder) for (const [inner, bytes] of await allFiles(home, path)) found.set(inner, bytes);
    else found.set(path, (await home.read(path)) ?? new Uint8Array(0));
  }
  return found;
}
