/** The differences between the run and the page, whichever side changes. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createConfigStore } from '../stores/config.ts';
import { createDataStore } from '../stores/data.ts';
import { createRunStore } from '../stores/run.ts';
import { createSettingsStore } from '../stores/settings.ts';
import { createIdentityStore } from './identity.ts';

const text = readFileSync(new URL('../../configs/playground.yaml', import.meta.url), 'utf8');

function stores() {
  const config = createConfigStore([{ file: 'a.yaml', title: '', description: '', text }], null);
  const settings = createSettingsStore(null);
  const data = createDataStore([{ id: 'easy', text: 'effect_size: 2\n' }], null);
  const run = createRunStore();
  const identity = createIdentityStore({ config, settings, data, run });
  const { now } = identity.getState();
  if (!now) throw new Error('playground.yaml does not parse');
  run.getState().begin(now);
  return { config, settings, data, run, identity };
}

it('follows every setting that makes another run, and its way back', () => {
  const { config, settings, data, identity } = stores();
  const changes = () => identity.getState().changes;
  expect(changes()).toEqual([]);
  settings.getState().set({ halfWeights: true });
  expect(changes()).toEqual(['weights read in half precision']);
  settings.getState().set({ halfWeights: false, seed: 9 });
  expect(changes()).toEqual(['seed: 1 → 9']);
  settings.getState().set({ seed: 1, engine: 'tfjs-cpu' });
  expect(changes()).toEqual(['engine: auto → tfjs-cpu']);
  settings.getState().set({ engine: 'auto' });
  data.getState().choose({ seed: 4 });
  expect(changes()).toEqual([expect.stringMatching(/^data: .*seed 1 → .*seed 4/)]);
  data.getState().choose({ seed: 1 });
  config.getState().setText(text.replace('num_train_steps: 1500', 'num_train_steps: 3'));
  expect(changes()).toEqual(['training.num_train_steps']);
});

it('tells of another run, and stays the same object where nothing changes', () => {
  const { settings, run, identity } = stores();
  settings.getState().set({ seed: 2 });
  const { now } = identity.getState();
  settings.getState().set({ smoothing: 0.1 });
  expect(identity.getState().now).toBe(now);
  if (now) run.getState().begin(now);
  expect(identity.getState()).toEqual({ now, changes: [] });
});
