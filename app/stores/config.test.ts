import { describe, expect, it, vi } from 'vitest';
import { parseRecapConfig } from '../../src/config/parse-config.ts';
import { edit, preset, sample } from '../../src/config/test-texts.ts';
import { groupProblems } from './config.ts';

describe('groupProblems', () => {
  it('makes one of what is wrong in the same way at many places', () => {
    const text = preset('local_prod.yaml').replaceAll(/\blearning_rate: [\d.e-]+/g, 'learning_rate: 2000000');
    const errors = parseRecapConfig(text).problems.filter(({ severity }) => severity === 'error');
    const groups = groupProblems(errors);
    expect(groups).toHaveLength(1);
    expect(groups[0]?.places).toEqual(errors);
    expect(errors.length).toBeGreaterThan(5);
  });

  it('puts the worst first and keeps different words apart', () => {
    const text = edit(edit(sample, 'training:\n', 'training:\n  save_dir: x\n'), 'beta_1: 0.95', 'beta_1: 2');
    expect(groupProblems(parseRecapConfig(text).problems).map(({ problem }) => problem.severity)).toEqual([
      'error',
      'info',
    ]);
  });
});

describe('a text that comes before what reads it', () => {
  it('is shown, and read as soon as that is loaded', async () => {
    // A page of its own, on which nothing is loaded yet.
    vi.resetModules();
    const { createConfigStore } = await import('./config.ts');
    const text = edit(preset('playground.yaml'), 'beta_1: 0.95', 'beta_1: 2');
    const presets = [{ file: 'own.yaml', title: 'Own', description: '', text: preset('playground.yaml') }];
    const store = createConfigStore(presets, null);
    expect(store.getState()).toMatchObject({ text: preset('playground.yaml'), problems: [], valid: null });
    store.getState().setText(text);
    expect(store.getState()).toMatchObject({ text, problems: [], valid: null });
    await vi.waitFor(() => expect(store.getState().problems).toHaveLength(1));
    expect(store.getState().problems[0]?.path).toEqual(['optimizer', 'adam', 'beta_1']);
    store.getState().reset();
    expect(store.getState()).toMatchObject({ problems: [] });
    expect(store.getState().valid?.text).toBe(preset('playground.yaml'));
  });
});
