/** Orders kept to compare later ones with, and what they were made under. */
import type { HeuristicStep } from '../../src/ranking/heuristics/presets.ts';
import { placesOf } from '../../src/ranking/ranked-view.ts';
import type { Places, RankedEntry, RankedView } from '../../src/ranking/ranked-view.ts';
import type { ScoreWeights } from '../../src/ranking/score-weights.ts';
import type { Tweet } from '../../src/ranking/tweets.ts';
import type { ShownTweet } from './tweets.ts';

export type TweetEntry = RankedEntry<ShownTweet>;
export type TweetView = RankedView<ShownTweet>;

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
  readonly places: Places;
  /** By key, as they were then. */
  readonly tweets: ReadonlyMap<string, Tweet>;
  /** Pinned by a person, not by the page when the set was first looked at. */
  readonly chosen: boolean;
}

/** The order as something to compare later ones with. */
export function pinned(view: TweetView, conditions: Conditions, chosen: boolean): Pinned {
  const tweets = new Map(view.items.map(({ key, tweet }) => [key, tweet]));
  return { ...conditions, places: placesOf(view), tweets, chosen };
}

/** In words: the moment, the weights, and the heuristics where there are any. */
export function conditionsText({ moment, weightsLabel, steps, heuristicsLabel }: Conditions): string {
  return [moment, weightsLabel, ...(steps.length > 0 ? [heuristicsLabel] : [])].join(', ');
}
