/** The lab for React: one per session, made when first opened, and hooks for what its parts share. */
import { createContext, useContext, useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import { heuristicPreset } from '../../../src/ranking/heuristics/presets.ts';
import { browserStorage } from '../../stores/persistence.ts';
import { createLabStore } from '../../stores/lab.ts';
import type { LabState, LabStore } from '../../stores/lab.ts';
import { labOrder } from '../../stores/lab-order.ts';
import type { Conditions, LabEntry, LabOrder } from '../../stores/lab-order.ts';
import { LabPredictions, momentKey } from '../../stores/lab-predictions.ts';
import type { Moment } from '../../stores/lab-predictions.ts';
import { count } from '../../format.ts';
import { createLabScoringStore, stepsChanged, weightsChanged } from '../../stores/lab-scoring.ts';
import type { LabScoringState, LabScoringStore } from '../../stores/lab-scoring.ts';
import { createLabTweetsStore, tweetsShown } from '../../stores/lab-tweets.ts';
import type { LabTweet, LabTweetsState, LabTweetsStore } from '../../stores/lab-tweets.ts';
import type { RankingStore, Snapshot } from '../../stores/ranking.ts';
import { useRanking, useSession } from '../../session/context.tsx';
import { historyOf } from '../../stores/lab-history.ts';
import { LabClient } from './lab-client.ts';
import type { LabModel } from './lab-client.ts';

export interface Lab {
  readonly view: LabStore;
  readonly tweets: LabTweetsStore;
  readonly scoring: LabScoringStore;
  readonly client: LabClient;
  readonly predictions: LabPredictions;
}

const labs = new WeakMap<RankingStore, Lab>();

/** The session's lab: it outlives the view, so that closing it loses nothing. */
export function labOf(session: LabModel & { readonly ranking: RankingStore }): Lab {
  const lab = labs.get(session.ranking) ?? createLab(session, session.ranking);
  labs.set(session.ranking, lab);
  return lab;
}

function createLab(model: LabModel, ranking: RankingStore): Lab {
  const { scenario, weights, heuristics } = ranking.getState();
  const storage = browserStorage();
  const client = new LabClient(model);
  const lab: Lab = {
    view: createLabStore(),
    tweets: createLabTweetsStore(storage, scenario),
    scoring: createLabScoringStore(storage, { weights, heuristics }),
    client,
    predictions: new LabPredictions(async (tweets, at) =>
      at === 'teacher'
        ? client.call('teacher', { tweets })
        : (await client.call('predict', { tweets, at })).values,
    ),
  };
  const take = (): void => {
    const { tweets, now, untrained } = ranking.getState();
    const keys = tweets.map(({ id }) => id);
    lab.predictions.advance();
    if (now) lab.predictions.put('now', tweets, keys, now.tasks.length, now.probabilities);
    if (untrained)
      lab.predictions.put('initial', tweets, keys, untrained.tasks.length, untrained.probabilities);
  };
  take();
  ranking.subscribe((state, before) => {
    if (state.now === before.now) return;
    if (state.now === null) {
      lab.predictions.clear();
      lab.view.getState().newRun();
    } else take();
  });
  return lab;
}

const LabContext = createContext<Lab | null>(null);

export const LabProvider = LabContext.Provider;

export function useLab(): Lab {
  const lab = useContext(LabContext);
  if (!lab) throw new Error('useLab needs a LabProvider above it.');
  return lab;
}

export function useView<T>(select: (state: LabState) => T): T {
  return useStore(useLab().view, select);
}

export function useScoring<T>(select: (state: LabScoringState) => T): T {
  return useStore(useLab().scoring, select);
}

export function useTweets<T>(select: (state: LabTweetsState) => T): T {
  return useStore(useLab().tweets, select);
}

/** The tweets of the set shown, with the person's changes. */
export function useShownTweets(): readonly LabTweet[] {
  const set = useTweets((state) => state.set);
  const ownSets = useTweets((state) => state.ownSets);
  const edits = useTweets((state) => state.edits);
  const added = useTweets((state) => state.added);
  return useMemo(() => tweetsShown({ set, ownSets, edits, added }), [set, ownSets, edits, added]);
}

const noTasks: readonly string[] = [];

/** Probabilities of the tweets at a moment; asks for those that are missing. */
export function useProbabilities(tweets: readonly LabTweet[], at: Moment, wanted = true) {
  const { predictions } = useLab();
  const tasks = useRanking((state) => state.now?.tasks ?? noTasks);
  const now = useRanking((state) => state.now);
  const version = useStore(predictions.store, (state) => state.version);
  useEffect(() => {
    // `now` and not the version: what has just come need not be asked for again.
    if (wanted && now && tweets.length > 0) predictions.want(tweets, at);
  }, [predictions, tweets, at, wanted, now]);
  return useMemo(() => {
    void version;
    return tasks.length === 0 ? null : predictions.table(tweets, tasks, at);
  }, [predictions, tweets, tasks, at, version]);
}

export type OrderState =
  | { readonly kind: 'order'; readonly order: LabOrder; readonly fresh: boolean }
  | { readonly kind: 'waiting'; readonly message: string }
  | { readonly kind: 'problem'; readonly message: string };

const OrderContext = createContext<OrderState>({ kind: 'waiting', message: '' });

export const OrderProvider = OrderContext.Provider;

/** The order on the timeline, made once for all parts. */
export function useOrder(): OrderState {
  return useContext(OrderContext);
}

/** Makes the order: rank what is known of the tweets at the moment, under weights and heuristics. */
export function useMakeOrder(): OrderState {
  const lab = useLab();
  const tweets = useShownTweets();
  const moment = useView((state) => state.moment);
  const set = useTweets((state) => state.set);
  const pinned = useView((state) => state.pins[set] ?? null);
  const weights = useScoring((state) => state.weights);
  const steps = useScoring((state) => state.steps);
  const table = useProbabilities(tweets, moment);
  const problem = useStore(lab.predictions.store, (state) => state.problem);
  return useMemo((): OrderState => {
    if (tweets.length === 0) return { kind: 'problem', message: 'This set has no tweets yet. Add one.' };
    if (!table)
      return problem ? { kind: 'problem', message: problem } : { kind: 'waiting', message: 'Predicting…' };
    try {
      return { kind: 'order', order: labOrder(tweets, table, weights, steps, pinned), fresh: table.fresh };
    } catch (error) {
      return { kind: 'problem', message: error instanceof Error ? error.message : String(error) };
    }
  }, [tweets, table, problem, weights, steps, pinned]);
}

/** The tweet that the tools are about: the selected one, else the first. */
export function useSelected(): LabEntry | null {
  const state = useOrder();
  const selected = useView((view) => view.selected);
  if (state.kind !== 'order') return null;
  const { ranked, dropped } = state.order;
  const find = (list: readonly LabEntry[]) => list.find(({ item }) => item.key === selected);
  return find(ranked) ?? find(dropped) ?? ranked[0] ?? dropped[0] ?? null;
}

/** What the order shown is made under, for an order that is kept. */
export function useConditions(): Conditions {
  const moment = useView((state) => state.moment);
  const step = useRanking((state) => state.now?.step ?? 0);
  const weights = useScoring((state) => state.weights);
  const ownWeights = useScoring((state) => state.ownWeights);
  const preset = useScoring((state) => state.preset);
  const steps = useScoring((state) => state.steps);
  return useMemo((): Conditions => {
    const marked = (label: string, changed: boolean): string => (changed ? `${label}, changed` : label);
    const untrained = moment === 'initial' || (moment === 'now' && step === 0);
    return {
      moment: untrained ? 'untrained' : moment === 'now' ? `step ${count(step)}` : momentKey(moment),
      weights,
      weightsLabel: marked(weights.label, weightsChanged({ weights, ownWeights })),
      steps,
      heuristicsLabel: marked(heuristicPreset(preset).label, stepsChanged({ steps, preset })),
    };
  }, [moment, step, weights, ownWeights, preset, steps]);
}

/** The run's recorded predictions, the first of them untrained. */
export function useHistory(): readonly Snapshot[] {
  return useStore(historyOf(useSession().ranking), (state) => state.history);
}
