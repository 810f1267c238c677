/** The stores' own logic: what survives a reload, what stays in force, what a run counts. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newManifest } from '../../src/runs/new-manifest.ts';
import type { RunRecipe } from '../../src/runs/manifest.ts';
import type { EvaluationEvent, StepEvent } from '../../src/training/events.ts';
import type { RunInfo } from '../../src/workers/protocol.ts';
import { createConfigStore, errorsOf } from './config.ts';
import { createDataStore } from './data.ts';
import type { KeyValue } from './persistence.ts';
import { createRunStore, speedOf } from './run.ts';
import { createSettingsStore } from './settings.ts';

const text = readFileSync(new URL('../../configs/playground.yaml', import.meta.url), 'utf8');
const preset = { file: 'playground.yaml', title: 'Playground', description: '', text };
const broken = text.replace('num_train_steps:', 'num_train_step:');

class Memory implements KeyValue {
  readonly kept = new Map<string, string>();
  getItem(key: string): string | null {
    return this.kept.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.kept.set(key, value);
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const teachers = [
  { id: 'easy', text: 'effect_size: 2\n' },
  { id: 'noise', text: 'noise: 1\n' },
];

describe('config store', () => {
  it('keeps the last valid configuration in force while the text is broken', () => {
    const store = createConfigStore([preset], null);
    store.getState().setText(text.replace('num_train_steps: 1500', 'num_train_steps: 77'));
    store.getState().setText(broken);
    const { problems, valid } = store.getState();
    expect(errorsOf(problems).length).toBeGreaterThan(0);
    expect(valid?.config.training.num_train_steps).toBe(77);
  });

  it('comes back with what was typed, broken or not, and still has a valid configuration', () => {
    const storage = new Memory();
    createConfigStore([preset], storage).getState().setText(broken);
    vi.runAllTimers();
    const reloaded = createConfigStore([preset], storage).getState();
    expect(reloaded.text).toBe(broken);
    expect(reloaded.original).toBe(text);
    expect(reloaded.valid?.text).toBe(text);
  });

  it('resets to the file that was opened, also after a reload', () => {
    const storage = new Memory();
    const own = text.replace('1500', '42');
    const store = createConfigStore([preset], storage);
    store.getState().open('mine.yaml', own);
    store.getState().setText(broken);
    vi.runAllTimers();
    const reloaded = createConfigStore([preset], storage);
    reloaded.getState().reset();
    expect(reloaded.getState()).toMatchObject({ name: 'mine.yaml', text: own });
  });
});

describe('config store, of a text that does not fit the data', () => {
  it('shows at its place what the data has against it, keeps the last valid one, and checks again when told', () => {
    let longest = 128;
    const path = ['train_data', 'preprocess', 'truncate_and_slice', 'continuous_feature_truncation'];
    const store = createConfigStore([preset], null, ({ train_data: data }) => {
      const asked = data.preprocess?.truncate_and_slice?.continuous_feature_truncation ?? 0;
      return asked > longest ? [{ severity: 'error', path, message: 'too long', place: 'value' }] : [];
    });
    const { setText, recheck } = store.getState();
    const unfit = text.replace('continuous_feature_truncation: 96', 'continuous_feature_truncation: 960');
    setText(unfit);
    const { problems, valid } = store.getState();
    const [problem] = errorsOf(problems);
    expect(unfit.slice(problem?.from, problem?.to)).toBe('960');
    expect(problem?.line).toBe(unfit.slice(0, unfit.indexOf('960')).split('\n').length);
    expect(valid?.text).toBe(text);

    longest = 6000;
    recheck();
    expect(store.getState().problems).toEqual([]);
    expect(store.getState().valid?.text).toBe(unfit);
  });
});

describe('settings and data stores', () => {
  it('ignore what makes no sense in the storage', () => {
    const storage = new Memory();
    storage.setItem(
      'heavy-ranker-playground/1/settings',
      '{"theme":"pink","seed":-3,"smoothing":7,"engine":"tfjs-cpu","place":"attic"}',
    );
    storage.setItem('heavy-ranker-playground/1/data', 'not json');
    expect(createSettingsStore(storage).getState()).toMatchObject({
      theme: 'system',
      seed: 1,
      smoothing: 0.8,
      engine: 'tfjs-cpu',
      place: 'ranking',
    });
    expect(createDataStore(teachers, storage).getState()).toMatchObject({
      kind: 'teacher',
      teacher: 'easy',
      examples: null,
    });
  });

  it('bring a phone back to the part of the page that it showed', () => {
    const storage = new Memory();
    createSettingsStore(storage).getState().set({ place: 'data' });
    vi.runAllTimers();
    expect(createSettingsStore(storage).getState().place).toBe('data');
  });

  it('remember for good which notices were closed, each for itself', () => {
    const storage = new Memory();
    const first = createSettingsStore(storage).getState();
    first.dismiss('webgpu-software');
    first.dismiss('too-big');
    vi.runAllTimers();
    const after = createSettingsStore(storage).getState();
    expect(after.dismissed).toEqual(['webgpu-software', 'too-big']);
    expect(after.dismissed).not.toContain('webgpu-no-adapter');
  });

  it('survive a storage that is full', () => {
    const full: KeyValue = {
      getItem: () => null,
      setItem: () => {
        throw new DOMException('full', 'QuotaExceededError');
      },
    };
    const store = createSettingsStore(full);
    store.getState().set({ theme: 'dark' });
    vi.runAllTimers();
    expect(store.getState().theme).toBe('dark');
  });
});

function recipeOf(): RunRecipe {
  return {
    config: text,
    steps: null,
    data: { kind: 'uniform', labels: 'binary', examples: null },
    schema: { name: 'a.json', features: [] },
    masks: [],
    seeds: { weights: 1, data: 1 },
    engine: { choice: 'auto', precision: 'float32', noisyShifts: false },
    warmStart: null,
  };
}

describe('run store', () => {
  const info: RunInfo = {
    engine: 'tfjs-cpu',
    adapter: 'CPU',
    software: true,
    reason: '',
    parameters: 1,
    tasks: ['a'],
    groups: ['backbone', 'a'],
    manifest: newManifest({ recipe: recipeOf(), app: 'test' }),
    step: 0,
    phase: 'paused',
    totalSteps: 10,
    lasting: true,
  };
  const step = (index: number): StepEvent => ({
    step: index,
    loss: 1,
    taskLosses: [1],
    learningRates: [0, 0],
    examples: (index + 1) * 128,
    elapsedMs: index * 100,
  });

  it('counts updates done, and speed over the last seconds only', () => {
    const store = createRunStore();
    store.getState().ready(info);
    store.getState().addSteps(Array.from({ length: 100 }, (_, i) => step(i)));
    expect(store.getState().step).toBe(100);
    const speed = speedOf(store.getState().series);
    expect(speed.stepsPerSecond).toBeCloseTo(10, 9);
    expect(speed.examplesPerSecond).toBeCloseTo(1280, 6);
    expect(speed.elapsed).toBeCloseTo(9.9, 9);
  });

  it('has no speed before two steps', () => {
    const store = createRunStore();
    store.getState().ready(info);
    store.getState().addSteps([step(0)]);
    expect(speedOf(store.getState().series)).toMatchObject({ stepsPerSecond: 0 });
  });

  const evaluation = (at: number): EvaluationEvent => ({
    step: at,
    partition: 'validation',
    stratum: null,
    examples: 1,
    loss: { kind: 'value', value: 1 },
    tasks: [],
  });

  it('goes back with the run: later steps, evaluations and checkpoints are forgotten, and the divergence', () => {
    const store = createRunStore();
    const { ready, addSteps, addEvaluations, addCheckpoint, set, setPhase } = store.getState();
    ready(info);
    addSteps(Array.from({ length: 9 }, (_, i) => step(i)));
    addEvaluations([evaluation(4), evaluation(8)]);
    addCheckpoint({ step: 4, loss: 1, kept: [4] });
    addCheckpoint({ step: 8, loss: 1, kept: [4, 8] });
    const divergence = { step: 9, what: 'loss', tasks: ['a'], advice: '', restorable: [8] } as const;
    set({ divergence });
    setPhase('diverged', 9, null);
    expect(store.getState().divergence).toBe(divergence);
    const { series, version } = store.getState();

    setPhase('paused', 4, null);
    const back = store.getState();
    expect(back).toMatchObject({ phase: 'paused', step: 4, divergence: null });
    expect([...(back.series?.steps ?? [])]).toEqual([0, 1, 2, 3]);
    expect(back.series).not.toBe(series);
    expect(back.version).toBeGreaterThan(version);
    expect(back.evaluations.map((event) => event.step)).toEqual([4]);
    expect(back.checkpoints.map((event) => event.step)).toEqual([4]);
    addSteps([step(4)]);
    expect([...(store.getState().series?.steps ?? [])]).toEqual([0, 1, 2, 3, 4]);
  });

  it('knows only the checkpoints that are kept, each once', () => {
    const store = createRunStore();
    const { addCheckpoint } = store.getState();
    addCheckpoint({ step: 2, loss: 1, kept: [2] });
    addCheckpoint({ step: 4, loss: 1, kept: [2, 4] });
    addCheckpoint({ step: 4, loss: 2, kept: [2, 4] });
    expect(store.getState().checkpoints.map(({ step: at, loss }) => [at, loss])).toEqual([
      [2, 1],
      [4, 2],
    ]);
    addCheckpoint({ step: 6, loss: 1, kept: [6] });
    expect(store.getState().checkpoints.map((event) => event.step)).toEqual([6]);
  });
});
