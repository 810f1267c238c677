/** Head weights and heuristics: published ones as a start, changed freely, own sets saved. All of it survives a reload. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import {
  heuristicPreset,
  heuristicPresets,
  heuristicStepsToJson,
} from '../../src/ranking/heuristics/presets.ts';
import type { HeuristicStep } from '../../src/ranking/heuristics/presets.ts';
import { heads } from '../../src/ranking/heads.ts';
import {
  equalWeights,
  publishedScoreWeights,
  publishedWeights,
  weightOf,
  withWeight,
} from '../../src/ranking/score-weights.ts';
import type { ScoreWeights } from '../../src/ranking/score-weights.ts';
import { oneOf, persist, restore } from './persistence.ts';
import type { KeyValue } from './persistence.ts';
import { readers } from './reading.ts';

export interface ScoringState {
  /** The set that scores are computed with, changes included. */
  readonly weights: ScoreWeights;
  readonly ownWeights: readonly ScoreWeights[];
  /** Weights of heads that nobody has published any for, by task; 1 without an entry. */
  readonly headWeights: Readonly<Record<string, number>>;
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
  /** All at once, as from a link or a bundle. */
  readonly replace: (choice: ScoringChoice & Partial<Pick<ScoringState, 'ownWeights'>>) => void;
}

/** What scores and order hang on. */
export type ScoringChoice = Pick<ScoringState, 'weights' | 'headWeights' | 'preset' | 'steps'>;

export type ScoringStore = StoreApi<ScoringState>;

/** The part's first name; what was kept under it is still read. */
const PART = 'lab-scoring';
const presetIds = heuristicPresets.map(({ id }) => id);

export function createScoringStore(storage: KeyValue | null): ScoringStore {
  const kept = restore(storage, PART);
  const ownWeights = keptWeights(kept['ownWeights']);
  const preset = oneOf(kept['preset'], presetIds, 'none');
  const store = createStore<ScoringState>()((set, get) => {
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
      weights: keptSet(kept['weights'], ownWeights),
      ownWeights,
      headWeights: keptNumbers(kept['headWeights']),
      preset,
      steps: keptSteps(kept['steps']) ?? heuristicPreset(preset).steps,
      chooseWeights: (id) => set({ weights: find(id) }),
      setWeight: (task, weight) =>
        isPublished([task], get().weights)
          ? set({ weights: withWeight(get().weights, task, weight) })
          : set({ headWeights: { ...get().headWeights, [task]: weight } }),
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
      replace: (choice) => set(choice),
    };
  });
  persist(store, storage, PART, ({ weights, ownWeights: own, headWeights, preset: id, steps }) => ({
    // As the text of files, which their readers check when they come back; a set that is not changed by its id.
    weights: weightsChanged({ weights, ownWeights: own })
      ? readers().scoreWeightsToYaml(weights)
      : weights.id,
    ownWeights: own.map((set) => readers().scoreWeightsToYaml(set)),
    headWeights,
    preset: id,
    steps: stepsChanged({ steps, preset: id }) ? heuristicStepsToJson(steps) : null,
  }));
  return store;
}

/** The set as it was chosen, to say whether and where `weights` differ from it. */
export function chosenWeights({ weights, ownWeights }: Pick<ScoringState, 'weights' | 'ownWeights'>) {
  return [...ownWeights, ...publishedScoreWeights].find(({ id }) => id === weights.id) ?? weights;
}

/** Whether the weights are not those of their set any more. */
export function weightsChanged(state: Pick<ScoringState, 'weights' | 'ownWeights'>): boolean {
  const original = chosenWeights(state);
  return state.weights !== original && JSON.stringify(state.weights) !== JSON.stringify(original);
}

/** Whether the steps are not those of their preset any more. */
export function stepsChanged({ steps, preset }: Pick<ScoringState, 'steps' | 'preset'>): boolean {
  const original = heuristicPreset(preset).steps;
  return steps !== original && JSON.stringify(steps) !== JSON.stringify(original);
}

const published = new Set(heads.map(({ task }) => task));

/** Whether heads are scored by sets of weights: some are of the ten, or the set weighs them. */
function isPublished(tasks: readonly string[], weights: ScoreWeights): boolean {
  return tasks.some((task) => published.has(task) || weightOf(weights, task) !== 0);
}

/**
 * The weights that a model's heads are scored by: the set chosen where it is for such heads, else those of the person's
 * own, 1 each at first.
 */
export function weightsFor(
  tasks: readonly string[],
  { weights, headWeights }: Pick<ScoringState, 'weights' | 'headWeights'>,
): ScoreWeights {
  if (tasks.length === 0 || isPublished(tasks, weights)) return weights;
  return tasks.reduce((set, task) => withWeight(set, task, headWeights[task] ?? 1), equalWeights(tasks));
}

/** The set that was looked at: changed ones as text, others by id. */
function keptSet(value: unknown, ownWeights: readonly ScoreWeights[]): ScoreWeights {
  const text = typeof value === 'string' ? value : '';
  const chosen = [...ownWeights, ...publishedScoreWeights].find(({ id }) => id === text);
  return (
    chosen ??
    (text.includes('\n') ? readers().parseScoreWeights(text).value : null) ??
    publishedWeights('2023-04-05')
  );
}

function keptSteps(value: unknown): readonly HeuristicStep[] | null {
  return typeof value === 'string' ? readers().parseHeuristicSteps(value).value : null;
}

function keptNumbers(value: unknown): Record<string, number> {
  if (typeof value !== 'object' || value === null) return {};
  const entries = Object.entries(value).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number' && Number.isFinite(entry[1]),
  );
  return Object.fromEntries(entries);
}

function keptWeights(value: unknown): ScoreWeights[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((text: unknown) => {
    const parsed = typeof text === 'string' ? readers().parseScoreWeights(text).value : null;
    return parsed ? [parsed] : [];
  });
}
