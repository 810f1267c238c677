/** Weights and heuristics: what is changed survives a reload, whole; own heads have weights as the ten do. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { heuristicPreset } from '../../src/ranking/heuristics/presets.ts';
import { publishedWeights, weightOf } from '../../src/ranking/score-weights.ts';
import { createScoringStore, setsFor, stepsChanged, weightsChanged, weightsFor } from './scoring.ts';
import { memoryStorage } from './testing.ts';

const REPLY = 'recap.engagement.is_replied';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** The stores before and after a reload. */
function reloaded(change: (state: ReturnType<ReturnType<typeof createScoringStore>['getState']>) => void) {
  const home = memoryStorage();
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
    expect(weightsChanged(after, [REPLY])).toBe(true);
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
    const home = memoryStorage();
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
    expect(state.headSet.weights).toEqual({ c: 2 });
  });
});

describe('own heads', () => {
  const tasks = ['buys', 'leaves'];
  const of = (state: Parameters<typeof weightsFor>[1], heads = tasks) => {
    const set = weightsFor(heads, state);
    return heads.map((task) => weightOf(set, task));
  };

  it('weigh 1 each at first, are changed alone, and leave the ten’s weights as they are', () => {
    const { after } = reloaded((state) => state.setWeight('leaves', 0, tasks));
    expect(of(after)).toEqual([1, 0]);
    expect(weightsFor(tasks, after).label).toBe('All heads alike');
    expect(weightsChanged(after, tasks)).toBe(true);
    expect(after.weights).toBe(publishedWeights('2023-04-05'));
    // Of another table's heads nothing is said.
    expect(weightsFor(['other'], after).weights).toEqual({ other: 1 });
  });

  it('stay as they are where the last weight is set to 0', () => {
    const { after } = reloaded((state) => {
      state.saveWeights('Mine', tasks);
      for (const task of tasks) state.setWeight(task, 0, tasks);
    });
    expect(of(after)).toEqual([0, 0]);
    expect(weightsFor(tasks, after)).toMatchObject({ label: 'Mine', id: 'own-1' });
  });

  it('have sets that are kept, chosen, reset and deleted, beside those of the ten', () => {
    const { before, after } = reloaded((state) => {
      state.setWeight('leaves', -2, tasks);
      state.saveWeights('Mine', tasks);
      state.setWeight('buys', 7, tasks);
    });
    expect(weightsFor(tasks, after)).toEqual(weightsFor(tasks, before));
    expect(after.ownWeights.map(({ label, weights }) => [label, weights])).toEqual([
      ['Mine', { buys: 1, leaves: -2 }],
    ]);
    expect(setsFor(tasks, after).map(({ label }) => label)).toEqual(['All heads alike', 'Mine']);
    expect(setsFor([REPLY], after).map(({ id }) => id)).toEqual(['2023-03-31', '2023-04-05']);
    const store = createScoringStore(null);
    store.getState().setWeight('leaves', -2, tasks);
    store.getState().saveWeights('Mine', tasks);
    store.getState().setWeight('buys', 7, tasks);
    store.getState().resetWeights(tasks);
    expect(of(store.getState())).toEqual([1, -2]);
    store.getState().chooseWeights('equal', tasks);
    expect(of(store.getState())).toEqual([1, 1]);
    store.getState().chooseWeights('own-1', tasks);
    expect(of(store.getState())).toEqual([1, -2]);
    store.getState().removeWeights('own-1');
    expect(of(store.getState())).toEqual([1, 1]);
    expect(store.getState().weights).toBe(publishedWeights('2023-04-05'));
  });

  it('take a set from a file that names them, and the ten one that names any of the ten', () => {
    const store = createScoringStore(null);
    const file = (weights: Record<string, number>) => ({
      ...publishedWeights('2023-04-05'),
      label: 'File',
      weights,
    });
    store.getState().addWeights(file({ buys: 3 }));
    expect(of(store.getState())).toEqual([3, 1]);
    expect(store.getState().weights).toBe(publishedWeights('2023-04-05'));
    store.getState().addWeights(file({ [REPLY]: 5, buys: 2 }));
    expect(of(store.getState())).toEqual([3, 1]);
    expect(of(store.getState(), [REPLY, 'buys', 'leaves'])).toEqual([5, 2, 1]);
  });

  it('beside some of the ten are scored with the set of the ten, 1 each where it names none', () => {
    const mixed = [REPLY, 'buys'];
    const store = createScoringStore(null);
    expect(of(store.getState(), mixed)).toEqual([13.5, 1]);
    store.getState().setWeight('buys', 0, mixed);
    expect(of(store.getState(), mixed)).toEqual([13.5, 0]);
    expect(weightsFor([REPLY], store.getState())).toBe(store.getState().weights);
    store.getState().saveWeights('Both', mixed);
    expect(store.getState().ownWeights[0]?.weights).toMatchObject({ [REPLY]: 13.5, buys: 0 });
    store.getState().chooseWeights('2023-03-31', mixed);
    expect(of(store.getState(), mixed)).toEqual([27, 1]);
  });

  it('keep the weights that a version before wrote', () => {
    const home = memoryStorage();
    home.setItem('heavy-ranker-playground/1/lab-scoring', JSON.stringify({ headWeights: { leaves: 4 } }));
    expect(of(createScoringStore(home).getState())).toEqual([1, 4]);
  });
});

describe('replace', () => {
  it('puts a whole choice back', () => {
    const store = createScoringStore(null);
    const { weights, headSet, preset, steps } = store.getState();
    store.getState().setWeight(REPLY, 1);
    store.getState().choosePreset('2023-03');
    store.getState().replace({ weights, headSet, preset, steps });
    expect(store.getState()).toMatchObject({ weights, headSet, preset, steps });
  });
});
