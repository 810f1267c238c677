/** What a manifest says is what the page would run, and nothing changes for one that it can't read. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseDataSchema } from '../../src/data/data-schema.ts';
import { makeDataSchema } from '../../src/data/make-data-schema.ts';
import { ColumnsError } from '../../src/data/tables/columns-file.ts';
import { defaultTeacherConfig } from '../../src/data/synthesis/teacher-config.ts';
import { ManifestError, manifestText, newManifest } from '../../src/runs/new-manifest.ts';
import type { RunRecipe } from '../../src/runs/manifest.ts';
import { recipeDifferences } from '../../src/runs/recipe.ts';
import { recipeSchemaOf } from '../../src/runs/recipe-forms.ts';
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
  ['changes while training', { ...recipe, changes: [{ step: 7, key: 'learning_rate', value: 0.5 }] }],
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

it('asks for the file of a table, and is that run once it is there', () => {
  const { draft, ...rest } = stores();
  const columns = {
    version: 1,
    columns: [
      { name: 'age', as: 'number' },
      { name: 'rich', as: 'label' },
    ],
    heads: [{ name: 'rich', title: 'rich', column: 'rich', positive: ['yes'] }],
  };
  const table = { name: 'people.csv', size: 3, sha256: null };
  const schema = { ...recipe.schema, name: 'people-segdense.json' };
  const config = recipe.config.replaceAll('playground-segdense.json', 'people-segdense.json');
  const from: RunRecipe = { ...recipe, config, schema, data: { kind: 'table', file: table, columns } };
  const opened = openManifest(manifestText(newManifest({ recipe: from, app: 'test' })), rest, schemas);
  expect(draft.getState()).toMatchObject({
    recipe: null,
    missing: expect.stringContaining('Choose people.csv (3 bytes)') as string,
  });
  const { table: own, setTable } = rest.data.getState();
  if (own) setTable(own, new File(['a,b'], 'people.csv'));
  const made = draft.getState().recipe;
  expect(made?.data).toMatchObject({ kind: 'table', file: table });
  expect(
    made && recipeDifferences(opened.recipe, made).filter(({ path }) => !path.startsWith('data.columns')),
  ).toEqual([]);

  const before = draft.getState().recipe;
  const broken = { ...from, data: { ...from.data, columns: { columns: 3 } } } as RunRecipe;
  expect(() =>
    openManifest(manifestText(newManifest({ recipe: broken, app: 'test' })), rest, schemas),
  ).toThrow(ColumnsError);
  expect(draft.getState().recipe).toBe(before);
});

it('changes nothing for what it cannot read', () => {
  const { draft, ...rest } = stores();
  const before = draft.getState().recipe;
  expect(() => openManifest('{"format":', rest, schemas)).toThrow(ManifestError);
  const broken = newManifest({ recipe: { ...recipe, config: 'model: 3' }, app: 'test' });
  expect(() => openManifest(manifestText(broken), rest, schemas)).toThrow('recipe.config');
  expect(draft.getState().recipe).toBe(before);
});
