/**
 * RankedView: what a list shows of things ranked under one set of weights and heuristics, each with what changed since an
 * earlier order. Page, its lab and the terminal read this one form; what is ranked (tweets, rows of a table) is theirs.
 */
import type { Candidate } from './heuristics/heuristic.ts';
import type { HeuristicStep } from './heuristics/presets.ts';
import { rank } from './rank.ts';
import type { DroppedTweet, RankedTweet } from './rank.ts';
import type { ProbabilityTable } from './score.ts';
import type { ScoreWeights } from './score-weights.ts';

/** Something to rank. */
export interface Rankable {
  /** Unique in the list. */
  readonly key: string;
}

/** Where something stood in an earlier order. */
export interface Place {
  /** 1-based; null where a heuristic dropped it. */
  readonly rank: number | null;
  readonly score: number;
}

/** An earlier order, by key. */
export type Places = ReadonlyMap<string, Place>;

export interface Change {
  /** Positive is up. Null where it was dropped then or is now. */
  readonly places: number | null;
  readonly score: number;
  /** Dropped then and ranked now, or the other way round. */
  readonly status: 'same' | 'returned' | 'dropped';
}

export interface RankedEntry<T extends Rankable = Rankable> {
  readonly item: T;
  readonly scored: RankedTweet | DroppedTweet;
  /** 1-based; null where a heuristic dropped it. */
  readonly rank: number | null;
  readonly score: number;
  /** [tasks] */
  readonly probabilities: Float32Array;
  /** Why it stands elsewhere than by its score alone, or was dropped. */
  readonly reason: string | null;
  /** Since the earlier order; null where that did not have it. */
  readonly change: Change | null;
}

export interface RankedView<T extends Rankable = Rankable> {
  readonly tasks: readonly string[];
  readonly ranked: readonly RankedEntry<T>[];
  readonly dropped: readonly RankedEntry<T>[];
  /** Row i of `table` belongs to items[i]. */
  readonly items: readonly T[];
  readonly table: ProbabilityTable;
}

/**
 * Ranks items.
 * @param table row i belongs to items[i]
 * @param before the order that changes are counted from
 * @throws RangeError when a probability is none, as after a run has diverged
 */
export function rankedView<T extends Rankable>(
  items: readonly T[],
  candidateOf: (item: T) => Candidate,
  table: ProbabilityTable,
  weights: ScoreWeights,
  steps: readonly HeuristicStep[],
  before: Places | null,
): RankedView<T> {
  const candidates = items.map((item) => ({ ...candidateOf(item), id: item.key }));
  const { ranked, dropped } = rank(candidates, table, weights, steps);
  const width = table.tasks.length;
  const values = Float32Array.from(table.values);
  const entry = (scored: RankedTweet | DroppedTweet, place: number | null): RankedEntry<T> => {
    const item = items[scored.index] as T;
    return {
      item,
      scored,
      rank: place,
      score: scored.score,
      probabilities: values.subarray(scored.index * width, (scored.index + 1) * width),
      reason: scored.reason,
      change: changeOf(before?.get(item.key), place, scored.score),
    };
  };
  return {
    tasks: table.tasks,
    ranked: ranked.map((scored) => entry(scored, scored.rank)),
    dropped: dropped.map((scored) => entry(scored, null)),
    items,
    table,
  };
}

/** What ranks something that is no tweet: nothing that a heuristic would touch. */
export function plainCandidate(id: string): Candidate {
  return {
    id,
    authorId: id,
    inNetwork: true,
    isReply: false,
    isRetweet: false,
    verified: false,
    creator: false,
    ageHours: 0,
    feedbackFatigueDays: null,
  };
}

/** The order as something to count later changes from. */
export function placesOf({ ranked, dropped }: Pick<RankedView, 'ranked' | 'dropped'>): Places {
  return new Map(
    [...ranked, ...dropped].map(({ item, rank: place, score }) => [item.key, { rank: place, score }]),
  );
}

/** Chosen rows of a table, in their order. */
export function rowsOfTable({ tasks, values }: ProbabilityTable, rows: readonly number[]): ProbabilityTable {
  const width = tasks.length;
  const chosen = new Float32Array(rows.length * width);
  for (const [i, row] of rows.entries()) {
    for (let column = 0; column < width; column++)
      chosen[i * width + column] = values[row * width + column] ?? NaN;
  }
  return { tasks, values: chosen };
}

function changeOf(before: Place | undefined, place: number | null, score: number): Change | null {
  if (!before) return null;
  return {
    places: before.rank === null || place === null ? null : before.rank - place,
    score: score - before.score,
    status: (before.rank === null) === (place === null) ? 'same' : place === null ? 'dropped' : 'returned',
  };
}
