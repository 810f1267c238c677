/** The stores' own logic: what survives a reload, what stays in force, what a run counts. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EvaluationEvent, StepEvent } from '../../src/training/events.ts';
import type { RunInfo } from '../../src/workers/protocol.ts';
import { createConfigStore, errorsOf } from './config.ts';
import { createDataStore, describeData } from './data.ts';
import type { KeyValue } from './persistence.ts';
import { createRunStore, latestEvaluation, speedOf } from './run.ts';
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

describe('settings and data stores', () => {
  it('ignore what makes no sense in the storage', () => {
    const storage = new Memory();
    storage.setItem(
      'heavy-ranker-playground/1/settings',
      '{"theme":"pink","seed":-3,"smoothing":7,"engine":"tfjs-cpu"}',
    );
    storage.setItem('heavy-ranker-playground/1/data', 'not json');
    expect(createSettingsStore(storage).getState()).toMatchObject({
      theme: 'system',
      seed: 1,
      smoothing: 0.8,
      engine: 'tfjs-cpu',
    });
    expect(createDataStore(teachers, storage).getState()).toMatchObject({
      kind: 'teacher',
      teacher: 'easy',
      examples: null,
    });
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

  it('describe data alike exactly when the examples are alike', () => {
    const store = createDataStore(teachers, null);
    const easy = describeData(store.getState());
    store.getState().choose({ rawLabels: true });
    expect(describeData(store.getState())).toBe(easy);
    store.getState().choose({ seed: 2 });
    expect(describeData(store.getState())).not.toBe(easy);
    store.getState().choose({ kind: 'uniform' });
    expect(describeData(store.getState())).toContain('0…9');
  });
});

describe('run store', () => {
  const info: RunInfo = {
    engine: 'tfjs-cpu',
    adapter: 'CPU',
    software: true,
    reason: '',
    parameters: 1,
    tasks: ['a'],
    groups: ['backbone', 'a'],
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

  it('shows the newest evaluation of the validation partition, whatever else came after', () => {
    const event = (partition: string, at: number, stratum: string | null = null): EvaluationEvent => ({
      step: at,
      partition,
      stratum,
      examples: 1,
      loss: { kind: 'value', value: 1 },
      tasks: [],
    });
    expect(latestEvaluation([])).toBeNull();
    expect(latestEvaluation([event('train', 1)])?.step).toBe(1);
    const all = [
      event('validation', 1),
      event('validation', 2),
      event('validation', 2, 'video'),
      event('train', 2),
    ];
    expect(latestEvaluation(all)).toMatchObject({ partition: 'validation', step: 2, stratum: null });
  });
});
