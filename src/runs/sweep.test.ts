/** Sweeps: every combination a recipe of its own, and what is not taken is said by its key before anything is trained. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseRecapConfig } from '../config/parse-config.ts';
import { recipe } from './testing.ts';
import { MAX_SWEEP_RUNS, SweepError, sweepableKeys, sweepKeyText, sweepRuns, sweepValues } from './sweep.ts';
import type { SweepKey } from './sweep.ts';

const text = readFileSync(new URL('../../configs/playground.yaml', import.meta.url), 'utf8');
const base = recipe(text);
const SEED: SweepKey = { kind: 'seed', of: 'weights' };
const BATCH: SweepKey = { kind: 'config', path: ['train_data', 'global_batch_size'] };

describe('sweepRuns', () => {
  it('makes every combination, in order, nothing else changed', () => {
    const runs = sweepRuns(base, [
      { key: BATCH, values: [32, 64] },
      { key: SEED, values: [1, 2, 3] },
    ]);
    expect(runs.map(({ name }) => name)).toEqual([
      'global_batch_size 32, seed 1',
      'global_batch_size 32, seed 2',
      'global_batch_size 32, seed 3',
      'global_batch_size 64, seed 1',
      'global_batch_size 64, seed 2',
      'global_batch_size 64, seed 3',
    ]);
    const last = runs.at(-1)?.recipe;
    expect(last?.seeds).toEqual({ ...base.seeds, weights: 3 });
    const config = parseRecapConfig(last?.config ?? '').config;
    expect(config?.train_data.global_batch_size).toBe(64);
    expect(last).toEqual({ ...base, config: last?.config, seeds: last?.seeds });
    expect(base.config).toBe(text);
  });

  it('multiplies all learning rates from the first step on', () => {
    const runs = sweepRuns(base, [{ key: { kind: 'rates' }, values: [0.3, 3, 1] }]);
    expect(runs.map(({ name }) => name)).toEqual([
      'learning rates × 0.3',
      'learning rates × 3',
      'learning rates × 1',
    ]);
    expect(runs[1]?.recipe).toEqual({ ...base, changes: [{ step: 0, key: 'learning_rate', value: 3 }] });
    expect(runs[2]?.recipe).toEqual(base);
    expect(() => sweepRuns(base, [{ key: { kind: 'rates' }, values: [-1] }])).toThrow(
      /learning rates ×: -1 is no factor/,
    );
  });

  it('says which value is not taken, by its key', () => {
    const made =
      (key: SweepKey, ...values: (number | string)[]) =>
      () =>
        sweepRuns(base, [{ key, values }]);
    expect(made(BATCH, 64, -1)).toThrow(/train_data\.global_batch_size: -1 is not taken/);
    expect(made(SEED, 1.5)).toThrow(/seeds\.weights: 1\.5 is no seed/);
    expect(made(SEED)).toThrow('Give seeds.weights at least one value.');
    expect(() => sweepRuns(base, [])).toThrow(SweepError);
    const many = Array.from({ length: MAX_SWEEP_RUNS + 1 }, (_, i) => i);
    expect(made(SEED, ...many)).toThrow(/65 runs/);
  });
});

it('sweepValues reads what people write', () => {
  expect(sweepValues('0.001, 1e-2 3;true  adam')).toEqual([0.001, 0.01, 3, true, 'adam']);
  expect(sweepValues('  ')).toEqual([]);
});

it('sweepableKeys names every single value of a configuration, and only those', () => {
  const { config } = parseRecapConfig(text);
  const keys = sweepableKeys(config);
  const names = keys.map(({ path }) => sweepKeyText({ kind: 'config', path }));
  expect(names).toContain('train_data.global_batch_size');
  expect(new Set(names).size).toBe(names.length);
  expect(keys.every(({ value }) => typeof value !== 'object')).toBe(true);
});
