/** The differences between the run and the page, whichever side changes. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseDataSchema } from '../../src/data/data-schema.ts';
import { newManifest } from '../../src/runs/new-manifest.ts';
import { createConfigStore } from '../stores/config.ts';
import { createDataStore } from '../stores/data.ts';
import { createRunStore } from '../stores/run.ts';
import { createSettingsStore } from '../stores/settings.ts';
import { createDraftStore } from './draft.ts';

const text = readFileSync(new URL('../../configs/playground.yaml', import.meta.url), 'utf8');

const schemas = new Map([
  [
    'playground-segdense.json',
    parseDataSchema(readFileSync(new URL('../../configs/playground-segdense.json', import.meta.url), 'utf8')),
  ],
]);

function stores() {
  const config = createConfigStore([{ file: 'a.yaml', title: '', description: '', text }], null);
  const settings = createSettingsStore(null);
  const data = createDataStore([{ id: 'easy', text: 'effect_size: 2\n' }], null);
  const run = createRunStore();
  const draft = createDraftStore({ config, settings, data, run }, schemas);
  const { recipe } = draft.getState();
  if (!recipe) throw new Error('playground.yaml does not parse');
  run.getState().begin(newManifest({ recipe, app: 'test' }));
  return { config, settings, data, run, draft };
}

it('follows every setting that makes another run, and its way back', () => {
  const { config, settings, data, draft } = stores();
  const changes = () => draft.getState().changes;
  expect(changes()).toEqual([]);
  settings.getState().set({ halfWeights: true });
  expect(changes()).toEqual(['engine.precision: float32 → half-weights']);
  settings.getState().set({ halfWeights: false, noisyShifts: true });
  expect(changes()).toEqual(['engine.noisyShifts: false → true']);
  settings.getState().set({ noisyShifts: false, seed: 9 });
  expect(changes()).toEqual(['seeds.weights: 1 → 9']);
  settings.getState().set({ seed: 1, engine: 'tfjs-cpu' });
  expect(changes()).toEqual(['engine.choice: auto → tfjs-cpu']);
  settings.getState().set({ engine: 'auto' });
  data.getState().choose({ seed: 4 });
  expect(changes()).toEqual(['seeds.data: 1 → 4']);
  data.getState().choose({ seed: 1 });
  config.getState().setText(text.replace('num_train_steps: 1500', 'num_train_steps: 3'));
  expect(changes()).toEqual(['training.num_train_steps: 1500 → 3']);
});

it('tells of another run, and stays the same object where nothing changes', () => {
  const { settings, run, draft } = stores();
  settings.getState().set({ seed: 2 });
  const { recipe } = draft.getState();
  settings.getState().set({ smoothing: 0.1 });
  expect(draft.getState().recipe).toBe(recipe);
  if (recipe) run.getState().begin(newManifest({ recipe, app: 'test' }));
  expect(draft.getState().changes).toEqual([]);
});
