/** The sample tweets, what the model predicts for them, and how the predictions become an order. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { heuristicPresets } from '../../src/ranking/heuristics/presets.ts';
import {
  equalWeights,
  publishedScoreWeights,
  publishedWeights,
  weightOf,
  withWeight,
} from '../../src/ranking/score-weights.ts';
import type { ScoreWeights } from '../../src/ranking/score-weights.ts';
import { scenarios } from '../../src/ranking/scenarios/index.ts';
import type { Tweet } from '../../src/ranking/tweets.ts';
import type { TableRows } from '../../src/workers/protocol.ts';
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

/** Which weights the list shows: the run's initial ones, those that come with the page, the run's own of now. */
export const RANKED_BY = ['untrained', 'pretrained', 'yours'] as const;
export type RankedBy = (typeof RANKED_BY)[number];

/** What the weights that come with the page say, once they have been read. */
export type Pretrained =
  | { readonly kind: 'ready'; readonly snapshot: Snapshot }
  | { readonly kind: 'failed'; readonly message: string };

export interface RankingState {
  readonly tweets: readonly Tweet[];
  /** Rows of the run's own table, which it predicts instead of tweets; null where it predicts tweets. */
  readonly rows: TableRows | null;
  /** Weights of heads that nobody has published any for; 1 without an entry. */
  readonly ownWeights: Readonly<Record<string, number>>;
  /** Id of the scenario shown, or 'all'. Every tweet is predicted, whichever are shown. */
  readonly scenario: string;
  /** Id of a published weight set. */
  readonly weights: string;
  /** Id of a heuristics preset. */
  readonly heuristics: string;
  /** Under the initial weights; what movements are counted from. */
  readonly untrained: Snapshot | null;
  readonly now: Snapshot | null;
  /** Null while they are being read. */
  readonly pretrained: Pretrained | null;
  /** What a person chose to see; null leaves it to the page, until training begins too. */
  readonly chosen: RankedBy | null;
  /** Id of the tweet whose score is taken apart. */
  readonly open: string | null;
  readonly setScenario: (id: string) => void;
  readonly setWeights: (id: string) => void;
  readonly setHeuristics: (id: string) => void;
  readonly toggle: (id: string) => void;
  /** A new run: earlier predictions say nothing any more. */
  readonly clear: () => void;
  readonly setOwnWeight: (task: string, weight: number) => void;
  readonly setRows: (rows: TableRows | null) => void;
  readonly addSnapshot: (snapshot: Snapshot) => void;
  readonly setPretrained: (pretrained: Pretrained) => void;
  readonly choose: (by: RankedBy) => void;
}

export type RankingStore = StoreApi<RankingState>;

const weightIds = publishedScoreWeights.map((set) => set.id);
const scenarioIds = ['all', ...scenarios.map(({ id }) => id)];
const heuristicIds = heuristicPresets.map((preset) => preset.id);

export function createRankingStore(tweets: readonly Tweet[], storage: KeyValue | null): RankingStore {
  const kept = restore(storage, 'ranking');
  const store = createStore<RankingState>()((set, get) => ({
    tweets,
    rows: null,
    ownWeights: numbersIn(kept['ownWeights']),
    scenario: oneOf(kept['scenario'], scenarioIds, 'all'),
    weights: oneOf(kept['weights'], weightIds, '2023-04-05'),
    heuristics: oneOf(kept['heuristics'], heuristicIds, 'none'),
    untrained: null,
    now: null,
    pretrained: null,
    chosen: null,
    open: null,
    setScenario: (scenario) => set({ scenario, open: null }),
    setWeights: (weights) => set({ weights }),
    setHeuristics: (heuristics) => set({ heuristics }),
    toggle: (id) => set({ open: get().open === id ? null : id }),
    clear: () => set({ untrained: null, now: null, rows: null }),
    addSnapshot: (snapshot) => {
      const begins = get().now?.untrained !== false && !snapshot.untrained;
      set({
        now: snapshot,
        ...(snapshot.untrained ? { untrained: snapshot } : {}),
        ...(begins ? { chosen: null } : {}),
      });
    },
    setPretrained: (pretrained) => set({ pretrained }),
    choose: (chosen) => set({ chosen }),
    setOwnWeight: (task, weight) => set({ ownWeights: { ...get().ownWeights, [task]: weight } }),
    setRows: (rows) => set({ rows }),
  }));
  persist(store, storage, 'ranking', ({ scenario, weights, heuristics, ownWeights }) => ({
    scenario,
    weights,
    heuristics,
    ...(Object.keys(ownWeights).length > 0 ? { ownWeights } : {}),
  }));
  return store;
}

/** The predictions to show. */
export interface Ranked {
  readonly by: RankedBy;
  /** Null while they are not known yet. */
  readonly snapshot: Snapshot | null;
  /** What can be chosen, and why not what cannot: null where it can. */
  readonly unavailable: Readonly<Record<RankedBy, string | null>>;
}

/** @param misfit why the pretrained weights are not of the model shown, null where they are. */
export function rankedBy(
  { untrained, now, pretrained, chosen }: Pick<RankingState, 'untrained' | 'now' | 'pretrained' | 'chosen'>,
  misfit: string | null,
): Ranked {
  const own = now && !now.untrained ? now : null;
  const ready = misfit === null && pretrained?.kind === 'ready' ? pretrained.snapshot : null;
  const snapshots = { untrained, pretrained: ready, yours: own };
  const unavailable = {
    untrained: untrained ? null : 'The initial weights of this run have not been predicted with.',
    pretrained: ready ? null : (misfit ?? whyNotReady(pretrained)),
    yours: own ? null : 'Nothing is trained yet: press Train.',
  };
  if (chosen !== null && snapshots[chosen]) return { by: chosen, snapshot: snapshots[chosen], unavailable };
  const by = own ? 'yours' : ready ? 'pretrained' : 'untrained';
  return { by, snapshot: snapshots[by] ?? now, unavailable };
}

function whyNotReady(pretrained: Pretrained | null): string {
  return pretrained?.kind === 'failed' ? pretrained.message : 'The pretrained weights are being read.';
}

function numbersIn(value: unknown): Record<string, number> {
  if (typeof value !== 'object' || value === null) return {};
  const entries = Object.entries(value).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number' && Number.isFinite(entry[1]),
  );
  return Object.fromEntries(entries);
}

/**
 * The weights that heads are scored by: the published set chosen where it weighs any of them, else those of the
 * person's own, 1 each at first.
 */
export function weightsFor(
  tasks: readonly string[],
  { weights, ownWeights }: Pick<RankingState, 'weights' | 'ownWeights'>,
): ScoreWeights {
  const published = publishedWeights(weights);
  if (tasks.length === 0 || tasks.some((task) => weightOf(published, task) !== 0)) return published;
  return tasks.reduce((set, task) => withWeight(set, task, ownWeights[task] ?? 1), equalWeights(tasks));
}
