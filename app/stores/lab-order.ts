/** From probabilities to what the lab lists: final order, dropped tweets, and what changed since the pinned order. */
import { rank } from '../../src/ranking/rank.ts';
import type { DroppedTweet, RankedTweet } from '../../src/ranking/rank.ts';
import type { HeuristicStep } from '../../src/ranking/heuristics/presets.ts';
import type { ProbabilityTable } from '../../src/ranking/score.ts';
import type { ScoreWeights } from '../../src/ranking/score-weights.ts';
import { candidateOf } from '../../src/ranking/tweets.ts';
import type { Tweet } from '../../src/ranking/tweets.ts';
import type { LabTweet } from './lab-tweets.ts';

/** What an order was made under. */
export interface Conditions {
  /** The moment of the run, in words. */
  readonly moment: string;
  readonly weights: ScoreWeights;
  readonly weightsLabel: string;
  readonly steps: readonly HeuristicStep[];
  readonly heuristicsLabel: string;
}

/** An order kept to compare later ones with. */
export interface Pinned extends Conditions {
  /** By the tweet's key. */
  readonly places: ReadonlyMap<string, PinnedPlace>;
}

interface PinnedPlace {
  readonly rank: number | null;
  readonly score: number;
  /** As it was then. */
  readonly tweet: Tweet;
}

export interface LabEntry {
  readonly item: LabTweet;
  readonly scored: RankedTweet | DroppedTweet;
  /** 1-based; null where a heuristic dropped the tweet. */
  readonly rank: number | null;
  readonly score: number;
  /** [tasks] */
  readonly probabilities: Float32Array;
  readonly reason: string | null;
  /** Since the pinned order; null where that did not have the tweet. */
  readonly change: Change | null;
}

export interface Change {
  /** Positive is up. Null where the tweet was dropped then or is now. */
  readonly places: number | null;
  readonly score: number;
  /** Dropped then and ranked now, or the other way round. */
  readonly status: 'same' | 'returned' | 'dropped';
}

export interface LabOrder {
  readonly tasks: readonly string[];
  readonly ranked: readonly LabEntry[];
  readonly dropped: readonly LabEntry[];
  /** Row i of the table that was ranked belongs to tweets[i]. */
  readonly tweets: readonly LabTweet[];
  readonly table: ProbabilityTable;
}

/**
 * Ranks the lab's tweets.
 * @throws RangeError when a probability is none, as after a run has diverged
 */
export function labOrder(
  tweets: readonly LabTweet[],
  table: ProbabilityTable,
  weights: ScoreWeights,
  steps: readonly HeuristicStep[],
  pinned: Pinned | null,
): LabOrder {
  // Keys are unique in the lab; ids only within one set.
  const candidates = tweets.map(({ key, tweet }) => ({ ...candidateOf(tweet), id: key }));
  const ranking = rank(candidates, table, weights, steps);
  const width = table.tasks.length;
  const values = Float32Array.from(table.values);
  const entry = (scored: RankedTweet | DroppedTweet, place: number | null): LabEntry => {
    const item = tweets[scored.index]!;
    return {
      item,
      scored,
      rank: place,
      score: scored.score,
      probabilities: values.subarray(scored.index * width, (scored.index + 1) * width),
      reason: scored.reason,
      change: changeOf(pinned, item.key, place, scored.score),
    };
  };
  return {
    tasks: table.tasks,
    ranked: ranking.ranked.map((scored) => entry(scored, scored.rank)),
    dropped: ranking.dropped.map((scored) => entry(scored, null)),
    tweets,
    table,
  };
}

/** The order as something to compare later ones with. */
export function pin(order: LabOrder, conditions: Conditions): Pinned {
  return {
    ...conditions,
    places: new Map(
      [...order.ranked, ...order.dropped].map(({ item, rank: place, score }) => [
        item.key,
        { rank: place, score, tweet: item.tweet },
      ]),
    ),
  };
}

/** In words: the moment, the weights, and the heuristics where there are any. */
export function conditionsText({ moment, weightsLabel, steps, heuristicsLabel }: Conditions): string {
  return [moment, weightsLabel, ...(steps.length > 0 ? [heuristicsLabel] : [])].join(', ');
}

function changeOf(pinned: Pinned | null, key: string, place: number | null, score: number): Change | null {
  const before = pinned?.places.get(key);
  if (!before) return null;
  return {
    places: before.rank === null || place === null ? null : before.rank - place,
    score: score - before.score,
    status: (before.rank === null) === (place === null) ? 'same' : place === null ? 'dropped' : 'returned',
  };
}
