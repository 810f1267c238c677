/** The sample tweets, what the model predicts for them, and how the predictions become an order. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { heuristicPresets } from '../../src/ranking/heuristics/presets.ts';
import { publishedScoreWeights } from '../../src/ranking/score-weights.ts';
import { scenarios } from '../../src/ranking/scenarios/index.ts';
import type { Tweet } from '../../src/ranking/tweets.ts';
import { oneOf, persist, restore } from './persistence.ts';
import type { KeyValue } from './persistence.ts';

/** Predictions for the tweets at one moment of a run. */
export interface Snapshot {
  /** Updates done. */
  readonly step: number;
  readonly tasks: readonly string[];
  /** [tweets, tasks], calibrated. */
  readonly probabilities: Float32Array;
  /** Whether these are the run's own initial weights, before any training or import. */
  readonly untrained: boolean;
}

export interface RankingState {
  readonly tweets: readonly Tweet[];
  /** Id of the scenario shown, or 'all'. Every tweet is predicted, whichever are shown. */
  readonly scenario: string;
  /** Id of a published weight set. */
  readonly weights: string;
  /** Id of a heuristics preset. */
  readonly heuristics: string;
  /** Under the initial weights; what movements are counted from. */
  readonly untrained: Snapshot | null;
  readonly now: Snapshot | null;
  /** Id of the tweet whose score is taken apart. */
  readonly open: string | null;
  readonly setScenario: (id: string) => void;
  readonly setWeights: (id: string) => void;
  readonly setHeuristics: (id: string) => void;
  readonly toggle: (id: string) => void;
  /** A new run: earlier predictions say nothing any more. */
  readonly clear: () => void;
  readonly addSnapshot: (snapshot: Snapshot) => void;
}

export type RankingStore = StoreApi<RankingState>;

const weightIds = publishedScoreWeights.map((set) => set.id);
const scenarioIds = ['all', ...scenarios.map(({ id }) => id)];
const heuristicIds = heuristicPresets.map((preset) => preset.id);

export function createRankingStore(tweets: readonly Tweet[], storage: KeyValue | null): RankingStore {
  const kept = restore(storage, 'ranking');
  const store = createStore<RankingState>()((set, get) => ({
    tweets,
    scenario: oneOf(kept['scenario'], scenarioIds, 'all'),
    weights: oneOf(kept['weights'], weightIds, '2023-04-05'),
    heuristics: oneOf(kept['heuristics'], heuristicIds, 'none'),
    untrained: null,
    now: null,
    open: null,
    setScenario: (scenario) => set({ scenario, open: null }),
    setWeights: (weights) => set({ weights }),
    setHeuristics: (heuristics) => set({ heuristics }),
    toggle: (id) => set({ open: get().open === id ? null : id }),
    clear: () => set({ untrained: null, now: null }),
    addSnapshot: (snapshot) => set({ now: snapshot, ...(snapshot.untrained ? { untrained: snapshot } : {}) }),
  }));
  persist(store, storage, 'ranking', ({ scenario, weights, heuristics }) => ({
    scenario,
    weights,
    heuristics,
  }));
  return store;
}
