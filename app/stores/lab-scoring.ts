/** The ranking lab's head weights and heuristics: published ones as a start, changed freely, own sets saved. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { heuristicPreset, heuristicPresets } from '../../src/ranking/heuristics/presets.ts';
import type { HeuristicStep } from '../../src/ranking/heuristics/presets.ts';
import { parseScoreWeights, scoreWeightsToYaml } from '../../src/ranking/score-weights-file.ts';
import { publishedScoreWeights, publishedWeights, withWeight } from '../../src/ranking/score-weights.ts';
import type { ScoreWeights } from '../../src/ranking/score-weights.ts';
import { oneOf, persist, restore } from './persistence.ts';
import type { KeyValue } from './persistence.ts';

export interface LabScoringState {
  /** The set that scores are computed with, changes included. */
  readonly weights: ScoreWeights;
  readonly ownWeights: readonly ScoreWeights[];
  /** Id of the preset that `steps` began as. */
  readonly preset: string;
  readonly steps: readonly HeuristicStep[];
  /** A published set, or one of the person's own. */
  readonly chooseWeights: (id: string) => void;
  readonly setWeight: (task: string, weight: number) => void;
  readonly resetWeights: () => void;
  /** Keeps the weights shown as a set of the person's own, and shows it. */
  readonly saveWeights: (label: string) => void;
  /** A set from a file; it becomes one of the person's own. */
  readonly addWeights: (weights: ScoreWeights) => void;
  readonly removeWeights: (id: string) => void;
  readonly choosePreset: (id: string) => void;
  readonly setStep: (id: string, change: Partial<Pick<HeuristicStep, 'enabled'>>) => void;
  readonly setConstant: (id: string, name: string, value: number) => void;
}

export type LabScoringStore = StoreApi<LabScoringState>;

const presetIds = heuristicPresets.map(({ id }) => id);

export function createLabScoringStore(
  storage: KeyValue | null,
  first: { readonly weights: string; readonly heuristics: string },
): LabScoringStore {
  const kept = restore(storage, 'lab-scoring');
  const ownWeights = keptWeights(kept['ownWeights']);
  const preset = oneOf(kept['preset'], presetIds, oneOf(first.heuristics, presetIds, 'none'));
  const store = createStore<LabScoringState>()((set, get) => {
    const find = (id: string): ScoreWeights =>
      get().ownWeights.find((own) => own.id === id) ??
      publishedScoreWeights.find((published) => published.id === id) ??
      publishedWeights('2023-04-05');
    const keep = (weights: ScoreWeights): void => {
      const ids = get().ownWeights.map(({ id }) => id);
      let n = 1;
      while (ids.includes(`own-${n}`)) n++;
      const own = { ...weights, id: `own-${n}` };
      set({ ownWeights: [...get().ownWeights, own], weights: own });
    };
    const changeStep = (id: string, change: (step: HeuristicStep) => HeuristicStep): void =>
      set({ steps: get().steps.map((step) => (step.id === id ? change(step) : step)) });
    return {
      weights:
        [...ownWeights, ...publishedScoreWeights].find(({ id }) => id === kept['weights']) ??
        publishedScoreWeights.find(({ id }) => id === first.weights) ??
        publishedWeights('2023-04-05'),
      ownWeights,
      preset,
      steps: heuristicPreset(preset).steps,
      chooseWeights: (id) => set({ weights: find(id) }),
      setWeight: (task, weight) => set({ weights: withWeight(get().weights, task, weight) }),
      resetWeights: () => set({ weights: find(get().weights.id) }),
      saveWeights: (label) =>
        keep({ ...get().weights, label, date: null, source: `Own numbers, from ${get().weights.label}.` }),
      addWeights: keep,
      removeWeights(id) {
        set({ ownWeights: get().ownWeights.filter((own) => own.id !== id) });
        if (get().weights.id === id) set({ weights: publishedWeights('2023-04-05') });
      },
      choosePreset: (id) => set({ preset: id, steps: heuristicPreset(id).steps }),
      setStep: (id, change) => changeStep(id, (step) => ({ ...step, ...change })),
      setConstant: (id, name, value) =>
        changeStep(id, (step) => ({ ...step, constants: { ...step.constants, [name]: value } })),
    };
  });
  persist(store, storage, 'lab-scoring', ({ weights, ownWeights: own, preset: id }) => ({
    weights: weights.id,
    // As YAML text, which its reader checks when it comes back.
    ownWeights: own.map(scoreWeightsToYaml),
    preset: id,
  }));
  return store;
}

/** The set as it was chosen, to say whether and where `weights` differ from it. */
export function chosenWeights({ weights, ownWeights }: Pick<LabScoringState, 'weights' | 'ownWeights'>) {
  return [...ownWeights, ...publishedScoreWeights].find(({ id }) => id === weights.id) ?? weights;
}

/** Whether the weights are not those of their set any more. */
export function weightsChanged(state: Pick<LabScoringState, 'weights' | 'ownWeights'>): boolean {
  const original = chosenWeights(state);
  return state.weights !== original && JSON.stringify(state.weights) !== JSON.stringify(original);
}

/** Whether the steps are not those of their preset any more. */
export function stepsChanged({ steps, preset }: Pick<LabScoringState, 'steps' | 'preset'>): boolean {
  const original = heuristicPreset(preset).steps;
  return steps !== original && JSON.stringify(steps) !== JSON.stringify(original);
}

function keptWeights(value: unknown): ScoreWeights[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((text: unknown) => {
    const parsed = typeof text === 'string' ? parseScoreWeights(text).value : null;
    return parsed ? [parsed] : [];
  });
}
