/** What a manifest says is what the page would run, and nothing changes for one that it can't read. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { makeDataSchema, parseDataSchema } from '../../src/data/data-schema.ts';
import { defaultTeacherConfig } from '../../src/data/synthesis/teacher-config.ts';
import { ManifestError, manifestText, newManifest } from '../../src/runs/manifest.ts';
import type { RunRecipe } from '../../src/runs/manifest.ts';
import { recipeDifferences, recipeSchemaOf } from '../../src/runs/recipe.ts';
import { createConfigStore } from '../stores/config.ts';
import { createDataStore } from '../stores/data.ts';
import { createRunStore } from '../stores/run.ts';
import { createSettingsStore } from '../stores/settings.ts';
import { createDraftStore } from './draft.ts';
import { openManifest } from './open-manifest.ts';

const read = (file: string): string =>
  readFileSync(new URL(`../../configs/${file}`, import.meta.url), 'utf8');
const builtIn = parseDataSchema(read('playground-segdense.json'));
const schemas = new Map([['playground-segdense.json', builtIn]]);

function stores() {
  const preset = { file: 'a.yaml', title: '', description: '', text: read('playground.yaml') };
  const config = createConfigStore([preset], null);
  const settings = createSettingsStore(null);
  const data = createDataStore([{ id: 'easy', text: 'effect_size: 2\n' }], null);
  const run = createRunStore();
  return { config, settings, data, run, draft: createDraftStore({ config, settings, data, run }, schemas) };
}

const recipe: RunRecipe = {
  config: read('serial.yaml'),
  steps: 77,
  data: {
    kind: 'teacher',
    preset: 'easy',
    settings: { ...defaultTeacherConfig, effect_size: 1.25 },
    examples: 12_345,
  },
  schema: recipeSchemaOf('playground-segdense.json', builtIn),
  masks: [{ name: 'keep.npy', columns: [1, 5] }],
  seeds: { weights: 11, data: 12 },
  engine: { choice: 'tfjs-wasm', precision: 'half-weights', noisyShifts: true },
  warmStart: null,
};

it.each([
  ['teacher', recipe],
  ['uniform', { ...recipe, steps: null, data: { kind: 'uniform', labels: 'raw', examples: null } }],
  [
    "the person's own schema",
    {
      ...recipe,
      schema: recipeSchemaOf(
        'playground-segdense.json',
        makeDataSchema(builtIn.features.map((feature) => ({ ...feature, length: feature.length + 1 }))),
      ),
    },
  ],
] satisfies [string, RunRecipe][])('becomes the draft: %s', (_name, from) => {
  const { draft, ...rest } = stores();
  openManifest(manifestText(newManifest({ recipe: from, app: 'test' })), rest, schemas);
  const made = draft.getState().recipe;
  expect(made).not.toBeNull();
  expect(made && recipeDifferences(from, made)).toEqual([]);
});

it('changes nothing for what it cannot read', () => {
  const { draft, ...rest } = stores();
  const before = draft.getState().recipe;
  expect(() => openManifest('{"format":', rest, schemas)).toThrow(ManifestError);
  const broken = newManifest({ recipe: { ...recipe, config: 'model: 3' }, app: 'test' });
  expect(() => openManifest(manifestText(broken), rest, schemas)).toThrow('recipe.config');
  expect(draft.getState().recipe).toBe(before);
});
