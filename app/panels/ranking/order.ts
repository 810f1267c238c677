/** From predictions to the list on the page: the ranking library's order, with each tweet's movement since before training. */
import { heuristicPreset } from '../../../src/ranking/heuristics/presets.ts';
import { rank } from '../../../src/ranking/rank.ts';
import type { Ranking, RankedTweet } from '../../../src/ranking/rank.ts';
import { scenarios } from '../../../src/ranking/scenarios/index.ts';
import type { ScoreWeights } from '../../../src/ranking/score-weights.ts';
import { candidateOf } from '../../../src/ranking/tweets.ts';
import type { Tweet } from '../../../src/ranking/tweets.ts';
import type { Snapshot } from '../../stores/ranking.ts';

export interface OrderEntry {
  readonly tweet: Tweet;
  readonly ranked: RankedTweet;
  /** [tasks] */
  readonly probabilities: Float32Array;
  /** Places up (positive) or down since the untrained order; null where it was not in that order. */
  readonly moved: number | null;
}

export type Order =
  | {
      readonly kind: 'order';
      readonly tasks: readonly string[];
      readonly entries: readonly OrderEntry[];
      readonly dropped: readonly { readonly tweet: Tweet; readonly reason: string }[];
    }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'problem'; readonly message: string };

export interface OrderParts {
  readonly tweets: readonly Tweet[];
  /** A scenario's id, or 'all'. */
  readonly scenario: string;
  readonly weights: ScoreWeights;
  readonly heuristics: string;
  readonly now: Snapshot | null;
  readonly before: Snapshot | null;
}

export function orderOf({ tweets, scenario, weights, heuristics, now, before }: OrderParts): Order {
  if (!now) return { kind: 'waiting' };
  const members = scenarios.find(({ id }) => id === scenario)?.tweets;
  const ids = members && new Set(members.map(({ id }) => id));
  const rows = tweets.flatMap((tweet, row) => (!ids || ids.has(tweet.id) ? [row] : []));
  const shown = rows.map((row) => tweets[row] as Tweet);
  const { steps } = heuristicPreset(heuristics);
  const rankBy = (snapshot: Snapshot): Ranking =>
    rank(shown.map(candidateOf), tableOf(snapshot, rows), weights, steps);
  try {
    const ranking = rankBy(now);
    const places = before && new Map(rankBy(before).ranked.map(({ id, rank: place }) => [id, place]));
    const width = now.tasks.length;
    return {
      kind: 'order',
      tasks: now.tasks,
      entries: ranking.ranked.map((ranked) => {
        const row = rows[ranked.index] as number;
        const place = places?.get(ranked.id);
        return {
          tweet: shown[ranked.index] as Tweet,
          ranked,
          probabilities: now.probabilities.subarray(row * width, (row + 1) * width),
          moved: place === undefined ? null : place - ranked.rank,
        };
      }),
      dropped: ranking.dropped.map(({ index, reason }) => ({ tweet: shown[index] as Tweet, reason })),
    };
  } catch (error) {
    // Predictions that are not numbers, after a run has diverged.
    return { kind: 'problem', message: error instanceof Error ? error.message : String(error) };
  }
}

function tableOf({ tasks, probabilities }: Snapshot, rows: readonly number[]) {
  const width = tasks.length;
  const values = new Float32Array(rows.length * width);
  for (const [i, row] of rows.entries()) {
    values.set(probabilities.subarray(row * width, (row + 1) * width), i * width);
  }
  return { tasks, values };
}
