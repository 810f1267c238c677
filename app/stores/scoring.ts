/** Head weights and heuristics: published ones as a start, changed freely, own sets saved. All of it survives a reload. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import {
  heuristicPreset,
  heuristicPresets,
  heuristicStepsToJson,
} from '../../src/ranking/heuristics/presets.ts';
import type { HeuristicStep } from '../../src/ranking/heuristics/presets.ts';
import {
  equalWeights,
  isOfTen,
  publishedScoreWeights,
  publishedWeights,
  weighs,
  weightsOfHeads,
  withWeight,
} from '../../src/ranking/score-weights.ts';
import type { ScoreWeights } from '../../src/ranking/score-weights.ts';
import { oneOf, persist, restore } from './persistence.ts';
import type { KeyValue } from './persistence.ts';
import { readers } from './reading.ts';

export interface ScoringState {
  /** The set that models with some of the ten heads are scored with, changes included. */
  readonly weights: ScoreWeights;
  /** The set for models that have heads of the person's own only: nobody has published any, so it begins as 1 each. */
  readonly headSet: ScoreWeights;
  readonly ownWeights: readonly ScoreWeights[];
  /** Id of the preset that `steps` began as. */
  readonly preset: string;
  readonly steps: readonly HeuristicStep[];
  /** A published set, all heads alike, or one of the person's own. @param tasks the heads it is chosen for. */
  readonly chooseWeights: (id: string, tasks?: readonly string[]) => void;
  /** @param tasks the heads of the model, to which the set that is changed belongs. */
  readonly setWeight: (task: string, weight: number, tasks?: readonly string[]) => void;
  readonly resetWeights: (tasks?: readonly string[]) => void;
  /** Keeps the weights of these heads as a set of the person's own, and shows it. */
  readonly saveWeights: (label: string, tasks?: readonly string[]) => void;
  /** A set from a file; it becomes one of the person's own, for the heads that it names. */
  readonly addWeights: (weights: ScoreWeights) => void;
  readonly removeWeights: (id: string) => void;
  readonly choosePreset: (id: string) => void;
  readonly setStep: (id: string, change: Partial<Pick<HeuristicStep, 'enabled'>>) => void;
  readonly setConstant: (id: string, name: string, value: number) => void;
  /** All at once, as from a link or a bundle. */
  readonly replace: (choice: ScoringChoice & Partial<Pick<ScoringState, 'ownWeights'>>) => void;
}

/** What scores and order hang on. */
export type ScoringChoice = Pick<ScoringState, 'weights' | 'headSet' | 'preset' | 'steps'>;
type Sets = Pick<ScoringState, 'weights' | 'headSet' | 'ownWeights'>;

export type ScoringStore = StoreApi<ScoringState>;

/** The part's first name; what was kept under it is still read. */
const PART = 'lab-scoring';
const presetIds = heuristicPresets.map(({ id }) => id);

/** All heads alike; whatever is not named weighs 1. */
export const ALIKE = equalWeights([]);
const FIRST = publishedWeights('2023-04-05');

export function createScoringStore(storage: KeyValue | null): ScoringStore {
  const kept = restore(storage, PART);
  const ownWeights = keptWeights(kept['ownWeights']);
  const preset = oneOf(kept['preset'], presetIds, 'none');
  const store = createStore<ScoringState>()((set, get) => {
    const put = (slot: Slot, weights: ScoreWeights): void =>
      set(slot === 'weights' ? { weights } : { headSet: weights });
    const keep = (weights: ScoreWeights, slot: Slot): void => {
      const ids = get().ownWeights.map(({ id }) => id);
      let n = 1;
      while (ids.includes(`own-${n}`)) n++;
      const own = { ...weights, id: `own-${n}` };
      set({ ownWeights: [...get().ownWeights, own] });
      put(slot, own);
    };
    const changeStep = (id: string, change: (step: HeuristicStep) => HeuristicStep): void =>
      set({ steps: get().steps.map((step) => (step.id === id ? change(step) : step)) });
    return {
      weights: keptSet(kept['weights'], ownWeights, FIRST),
      // Under its first name: numbers by task.
      headSet: keptSet(kept['headSet'], ownWeights, alike(keptNumbers(kept['headWeights']))),
      ownWeights,
      preset,
      steps: keptSteps(kept['steps']) ?? heuristicPreset(preset).steps,
      chooseWeights(id, tasks = []) {
        const slot = slotOf(tasks);
        put(slot, known(get().ownWeights).find((one) => one.id === id) ?? firstOf(slot));
      },
      setWeight(task, weight, tasks = [task]) {
        const slot = slotOf(tasks);
        put(slot, withWeight(get()[slot], task, weight));
      },
      resetWeights(tasks = []) {
        const slot = slotOf(tasks);
        put(slot, chosenWeights(get(), tasks));
      },
      saveWeights(label, tasks = []) {
        const set = weightsFor(tasks, get());
        keep({ ...set, label, date: null, source: `Own numbers, from ${set.label}.` }, slotOf(tasks));
      },
      addWeights: (weights) => keep(weights, slotOf(namedBy(weights))),
      removeWeights(id) {
        set({ ownWeights: get().ownWeights.filter((own) => own.id !== id) });
        for (const slot of SLOTS) if (get()[slot].id === id) put(slot, firstOf(slot));
      },
      choosePreset: (id) => set({ preset: id, steps: heuristicPreset(id).steps }),
      setStep: (id, change) => changeStep(id, (step) => ({ ...step, ...change })),
      setConstant: (id, name, value) =>
        changeStep(id, (step) => ({ ...step, constants: { ...step.constants, [name]: value } })),
      replace: (choice) => set(choice),
    };
  });
  persist(store, storage, PART, ({ weights, headSet, ownWeights: own, preset: id, steps }) => ({
    // As the text of files, which their readers check when they come back; a set that is not changed by its id.
    weights: setChanged(weights, own) ? readers().scoreWeightsToYaml(weights) : weights.id,
    headSet: setChanged(headSet, own) ? readers().scoreWeightsToYaml(headSet) : headSet.id,
    ownWeights: own.map((set) => readers().scoreWeightsToYaml(set)),
    preset: id,
    steps: stepsChanged({ steps, preset: id }) ? heuristicStepsToJson(steps) : null,
  }));
  return store;
}

const SLOTS = ['weights', 'headSet'] as const;
type Slot = (typeof SLOTS)[number];

/** Which of the two sets a model's heads are scored by. */
function slotOf(tasks: readonly string[]): Slot {
  return tasks.length === 0 || tasks.some(isOfTen) ? 'weights' : 'headSet';
}

const firstOf = (slot: Slot): ScoreWeights => (slot === 'weights' ? FIRST : ALIKE);

/** All heads alike but for these. */
export function alike(weights: Readonly<Record<string, number>>): ScoreWeights {
  return Object.keys(weights).length === 0 ? ALIKE : { ...ALIKE, weights };
}

function known(ownWeights: readonly ScoreWeights[]): readonly ScoreWeights[] {
  return [...ownWeights, ...publishedScoreWeights, ALIKE];
}

/** The heads that a set names. */
function namedBy({ weights, rule }: ScoreWeights): string[] {
  return [...Object.keys(weights), ...(rule.kind === 'larger_of_two' ? rule.heads : [])];
}

/** The sets that there are for a model's heads: those that name any of them. */
export function setsFor(tasks: readonly string[], { ownWeights }: Pick<Sets, 'ownWeights'>): ScoreWeights[] {
  const own = ownWeights.filter((set) => tasks.length === 0 || tasks.some((task) => weighs(set, task)));
  return [...(slotOf(tasks) === 'weights' ? publishedScoreWeights : [ALIKE]), ...own];
}

/** The set for these heads as it was chosen, to say whether and where what is shown differs from it. */
export function chosenWeights(sets: Sets, tasks: readonly string[]): ScoreWeights {
  const shown = sets[slotOf(tasks)];
  return known(sets.ownWeights).find(({ id }) => id === shown.id) ?? shown;
}

function setChanged(weights: ScoreWeights, ownWeights: readonly ScoreWeights[]): boolean {
  const original = known(ownWeights).find(({ id }) => id === weights.id);
  // One that came by a link is none of those that are known.
  if (!original) return true;
  return weights !== original && JSON.stringify(weights) !== JSON.stringify(original);
}

/** Whether the weights are not those of their set any more. */
export function weightsChanged(sets: Sets, tasks: readonly string[]): boolean {
  const shown = sets[slotOf(tasks)];
  return chosenWeights(sets, tasks) !== shown && setChanged(shown, sets.ownWeights);
}

/** Whether the steps are not those of their preset any more. */
export function stepsChanged({ steps, preset }: Pick<ScoringState, 'steps' | 'preset'>): boolean {
  const original = heuristicPreset(preset).steps;
  return steps !== original && JSON.stringify(steps) !== JSON.stringify(original);
}

/**
 * The weights that a model's heads are scored by: the set chosen where it has some of the ten, else the one for heads of
 * the person's own. Own heads that the set does not name weigh 1 each.
 */
export function weightsFor(
  tasks: readonly string[],
  sets: Pick<ScoringState, 'weights' | 'headSet'>,
): ScoreWeights {
  const slot = slotOf(tasks);
  const set = weightsOfHeads(tasks, sets[slot]);
  if (set.id !== ALIKE.id) return set;
  // Of all tables' heads, those of this one.
  return { ...set, weights: Object.fromEntries(tasks.map((task) => [task, set.weights[task] ?? 1])) };
}

/** The set that was looked at: changed ones as text, others by id. */
function keptSet(value: unknown, ownWeights: readonly ScoreWeights[], otherwise: ScoreWeights): ScoreWeights {
  const text = typeof value === 'string' ? value : '';
  const chosen = known(ownWeights).find(({ id }) => id === text);
  return chosen ?? (text.includes('\n') ? readers().parseScoreWeights(text).value : null) ?? otherwise;
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
