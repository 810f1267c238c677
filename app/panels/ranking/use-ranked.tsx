/** The ranking for React: what is shown of it, made once for all parts of a view, and hooks for what they share. */
import { createContext, useContext, useDeferredValue, useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import { heuristicPreset } from '../../../src/ranking/heuristics/presets.ts';
import { placesOf, rankedView } from '../../../src/ranking/ranked-view.ts';
import type { Places } from '../../../src/ranking/ranked-view.ts';
import type { ScoreWeights } from '../../../src/ranking/score-weights.ts';
import { candidateOf } from '../../../src/ranking/tweets.ts';
import { count } from '../../format.ts';
import { useDraft, useRanking, useScoring, useSession, useTweets } from '../../session/context.tsx';
import { pretrainedMisfit } from '../../session/pretrained.ts';
import type { Conditions, TweetEntry, TweetView } from '../../stores/pins.ts';
import { momentKey } from '../../stores/predictions.ts';
import type { Moment } from '../../stores/predictions.ts';
import { rankedBy } from '../../stores/ranking.ts';
import type { Ranked } from '../../stores/ranking.ts';
import { chosenWeights, setsFor, stepsChanged, weightsChanged, weightsFor } from '../../stores/scoring.ts';
import { tweetsShown } from '../../stores/tweets.ts';
import type { ShownTweet } from '../../stores/tweets.ts';
import { rankingTexts } from '../../texts/ranking.ts';

/** The tweets of the set shown, with the person's changes. */
export function useShownTweets(): readonly ShownTweet[] {
  const set = useTweets((state) => state.set);
  const ownSets = useTweets((state) => state.ownSets);
  const edits = useTweets((state) => state.edits);
  const added = useTweets((state) => state.added);
  return useMemo(() => tweetsShown({ set, ownSets, edits, added }), [set, ownSets, edits, added]);
}

/** Which moment is looked at. */
export function useMoment(): Ranked {
  const untrained = useRanking((state) => state.untrained);
  // Deferred: a new order is drawn between more urgent things.
  const now = useDeferredValue(useRanking((state) => state.now));
  const pretrained = useRanking((state) => state.pretrained);
  const chosen = useRanking((state) => state.chosen);
  const config = useDraft((state) => state.config);
  const misfit = useMemo(() => pretrainedMisfit(config), [config]);
  return useMemo(
    () => rankedBy({ untrained, now, pretrained, chosen }, misfit),
    [untrained, now, pretrained, chosen, misfit],
  );
}

const NO_TASKS: readonly string[] = [];

/** Heads of the model that is looked at. */
export function useTasks(): readonly string[] {
  return useMoment().snapshot?.tasks ?? NO_TASKS;
}

/** The sets of weights for those heads: which there are, which was chosen, and whether it was changed since. */
export function useWeightSets(tasks: readonly string[]) {
  const weights = useScoring((state) => state.weights);
  const headSet = useScoring((state) => state.headSet);
  const ownWeights = useScoring((state) => state.ownWeights);
  return useMemo(() => {
    const sets = { weights, headSet, ownWeights };
    const chosen = chosenWeights(sets, tasks);
    return {
      sets: setsFor(tasks, sets),
      chosen,
      changed: weightsChanged(sets, tasks),
      own: ownWeights.some(({ id }) => id === chosen.id),
    };
  }, [tasks, weights, headSet, ownWeights]);
}

/** The weights that those heads are scored by. */
export function useHeadWeights(tasks: readonly string[]): ScoreWeights {
  const weights = useScoring((state) => state.weights);
  const headSet = useScoring((state) => state.headSet);
  return useMemo(() => weightsFor(tasks, { weights, headSet }), [tasks, weights, headSet]);
}

export function useWeights(): ScoreWeights {
  return useHeadWeights(useTasks());
}

/** Probabilities of the tweets at a moment; asks for those that are missing. */
export function useProbabilities(tweets: readonly ShownTweet[], at: Moment, wanted = true) {
  const { predictions } = useSession().rankingModel;
  const tasks = useTasks();
  const now = useRanking((state) => state.now);
  const version = useDeferredValue(useStore(predictions.store, (state) => state.version));
  const known = at === 'pretrained' || now !== null;
  useEffect(() => {
    // `now` and not the version: what has just come need not be asked for again.
    if (wanted && known && tweets.length > 0) predictions.want(tweets, at);
  }, [predictions, tweets, at, wanted, known, now]);
  return useMemo(() => {
    void version;
    return tasks.length === 0 ? null : predictions.table(tweets, tasks, at);
  }, [predictions, tweets, tasks, at, version]);
}

export type RankedState =
  | { readonly kind: 'order'; readonly order: TweetView; readonly fresh: boolean }
  | { readonly kind: 'waiting'; readonly message: string }
  | { readonly kind: 'problem'; readonly message: string };

const RankedContext = createContext<RankedState>({ kind: 'waiting', message: '' });

export const RankedProvider = RankedContext.Provider;

/** The order of the view, made once for all its parts. */
export function useRanked(): RankedState {
  return useContext(RankedContext);
}

const candidate = ({ tweet }: ShownTweet) => candidateOf(tweet);

/**
 * Makes the order: what is known of the tweets at the moment looked at, under weights and heuristics.
 * @param sinceUntrained counts changes from the untrained order until a person pins one; else from the order first shown.
 */
export function useMakeRanked(sinceUntrained: boolean): RankedState {
  const { predictions } = useSession().rankingModel;
  const tweets = useShownTweets();
  const { at, snapshot } = useMoment();
  const set = useTweets((state) => state.set);
  const pin = useRanking((state) => state.pins[set] ?? null);
  const weights = useHeadWeights(snapshot?.tasks ?? NO_TASKS);
  const steps = useScoring((state) => state.steps);
  const table = useProbabilities(tweets, at, snapshot !== null);
  const fromStart = sinceUntrained && pin?.chosen !== true;
  const start = useProbabilities(tweets, 'untrained', fromStart);
  const problem = useStore(predictions.store, (state) => state.problem);
  const before = useMemo((): Places | null => {
    if (!fromStart) return pin?.places ?? null;
    try {
      return start && placesOf(rankedView(tweets, candidate, start, weights, steps, null));
    } catch {
      return null;
    }
  }, [fromStart, pin, start, tweets, weights, steps]);
  return useMemo((): RankedState => {
    if (tweets.length === 0) return { kind: 'problem', message: rankingTexts.emptySet };
    if (!table || !snapshot) {
      return problem
        ? { kind: 'problem', message: problem }
        : { kind: 'waiting', message: rankingTexts.predicting };
    }
    try {
      const order = rankedView(tweets, candidate, table, weights, steps, before);
      return { kind: 'order', order, fresh: table.fresh };
    } catch (error) {
      const broken = !Array.from(table.values).every(Number.isFinite);
      const message = error instanceof Error ? error.message : String(error);
      return { kind: 'problem', message: broken ? rankingTexts.noNumbers : message };
    }
  }, [tweets, table, snapshot, problem, weights, steps, before]);
}

/** The tweet that the tools are about: the selected one, else the first. */
export function useSelected(): TweetEntry | null {
  const state = useRanked();
  const selected = useRanking((ranking) => ranking.selected);
  if (state.kind !== 'order') return null;
  const { ranked, dropped } = state.order;
  const find = (list: readonly TweetEntry[]) => list.find(({ item }) => item.key === selected);
  return find(ranked) ?? find(dropped) ?? ranked[0] ?? dropped[0] ?? null;
}

/** What the order shown is made under, for an order that is kept. */
export function useConditions(): Conditions {
  const { at, snapshot } = useMoment();
  const tasks = snapshot?.tasks ?? NO_TASKS;
  const weights = useHeadWeights(tasks);
  const { changed: weightsAreChanged } = useWeightSets(tasks);
  const preset = useScoring((state) => state.preset);
  const steps = useScoring((state) => state.steps);
  const step = snapshot?.step ?? 0;
  const moment = at === 'yours' ? rankingTexts.atStep(count(step)) : momentKey(at);
  return useMemo((): Conditions => {
    const marked = (label: string, changed: boolean): string =>
      changed ? rankingTexts.changed(label) : label;
    return {
      moment,
      weights,
      weightsLabel: marked(weights.label, weightsAreChanged),
      steps,
      heuristicsLabel: marked(heuristicPreset(preset).label, stepsChanged({ steps, preset })),
    };
  }, [moment, weights, weightsAreChanged, preset, steps]);
}
