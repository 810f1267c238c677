/** Weights and heuristics: what is changed survives a reload, whole; own heads have weights as the ten do. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { heuristicPreset } from '../../src/ranking/heuristics/presets.ts';
import { publishedWeights, weightOf } from '../../src/ranking/score-weights.ts';
import { createScoringStore, stepsChanged, weightsChanged, weightsFor } from './scoring.ts';

const REPLY = 'recap.engagement.is_replied';

function storage() {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** The stores before and after a reload. */
function reloaded(change: (state: ReturnType<ReturnType<typeof createScoringStore>['getState']>) => void) {
  const home = storage();
  const before = createScoringStore(home);
  change(before.getState());
  vi.runAllTimers();
  return { before: before.getState(), after: createScoringStore(home).getState() };
}

describe('a reload', () => {
  it('keeps a changed weight, a step switched off and a changed constant', () => {
    const { before, after } = reloaded((state) => {
      state.chooseWeights('2023-03-31');
      state.setWeight(REPLY, 99);
      state.choosePreset('2023-07');
      state.setStep('reply', { enabled: false });
      state.setConstant('author_diversity', 'decay', 0.25);
    });
    expect(weightOf(after.weights, REPLY)).toBe(99);
    expect(after.weights).toEqual(before.weights);
    expect(after.steps).toEqual(before.steps);
    expect(after.preset).toBe('2023-07');
    expect(weightsChanged(after)).toBe(true);
    expect(stepsChanged(after)).toBe(true);
  });

  it('keeps what is not changed as the set it is, not as a copy', () => {
    const { after } = reloaded((state) => state.chooseWeights('2023-03-31'));
    expect(after.weights).toBe(publishedWeights('2023-03-31'));
    expect(after.steps).toBe(heuristicPreset('none').steps);
  });

  it('keeps own sets, and changes on top of one', () => {
    const { before, after } = reloaded((state) => {
      state.saveWeights('Mine');
      state.setWeight(REPLY, -5);
    });
    expect(after.ownWeights.map(({ label }) => label)).toEqual(['Mine']);
    expect(after.weights).toEqual(before.weights);
    after.resetWeights();
  });

  it('starts from what is published where the storage holds nonsense', () => {
    const home = storage();
    home.setItem(
      'heavy-ranker-playground/1/lab-scoring',
      JSON.stringify({
        weights: 'label: [\nbroken',
        steps: '[{"id":"nothing"}]',
        headWeights: { a: 'b', c: 2 },
      }),
    );
    const state = createScoringStore(home).getState();
    expect(state.weights).toBe(publishedWeights('2023-04-05'));
    expect(state.steps).toBe(heuristicPreset('none').steps);
    expect(state.headWeights).toEqual({ c: 2 });
  });
});

describe('own heads', () => {
  it('weigh 1 each at first, are changed alone, and leave the ten’s weights as they are', () => {
    const { after } = reloaded((state) => state.setWeight('leaves', 0));
    const tasks = ['buys', 'leaves'];
    const weights = weightsFor(tasks, after);
    expect(tasks.map((task) => weightOf(weights, task))).toEqual([1, 0]);
    expect(after.weights).toBe(publishedWeights('2023-04-05'));
    expect(weightsFor([REPLY, 'leaves'], after)).toBe(after.weights);
  });
});

describe('replace', () => {
  it('puts a whole choice back', () => {
    const store = createScoringStore(null);
    const { weights, headWeights, preset, steps } = store.getState();
    store.getState().setWeight(REPLY, 1);
    store.getState().choosePreset('2023-03');
    store.getState().replace({ weights, headWeights, preset, steps });
    expect(store.getState()).toMatchObject({ weights, headWeights, preset, steps });
  });
});
