/** Two rankings of the same things: what moved, and which head moved it. */
import type { RankedEntry, RankedView, Rankable } from './ranked-view.ts';
import { scoreBreakdown } from './score.ts';
import type { ScoreWeights } from './score-weights.ts';

export interface MovedEntry<T extends Rankable = Rankable> {
  readonly item: T;
  /** 1-based; null where a heuristic dropped it. */
  readonly before: number | null;
  readonly after: number | null;
  /** Places up; null where it was dropped in one of the two. */
  readonly moved: number | null;
  readonly scoreBefore: number;
  readonly scoreAfter: number;
  /** The head whose contribution to the score changed most. */
  readonly head: { readonly task: string; readonly change: number } | null;
}

/**
 * Every item of both, in the order of `after`, dropped ones last.
 * @throws RangeError when a probability is none
 */
export function movedEntries<T extends Rankable>(
  before: RankedView<T>,
  after: RankedView<T>,
  weights: ScoreWeights,
): MovedEntry<T>[] {
  const known = new Map([...before.ranked, ...before.dropped].map((entry) => [entry.item.key, entry]));
  return [...after.ranked, ...after.dropped].flatMap((entry): MovedEntry<T>[] => {
    const was = known.get(entry.item.key);
    if (!was) return [];
    return [
      {
        item: entry.item,
        before: was.rank,
        after: entry.rank,
        moved: was.rank === null || entry.rank === null ? null : was.rank - entry.rank,
        scoreBefore: was.score,
        scoreAfter: entry.score,
        head: strongest(contributions(before, was, weights), contributions(after, entry, weights)),
      },
    ];
  });
}

function contributions(
  { tasks }: RankedView,
  { probabilities }: RankedEntry,
  weights: ScoreWeights,
): ReadonlyMap<string, number> {
  const { heads } = scoreBreakdown(tasks, probabilities, weights);
  return new Map(heads.map(({ task, contribution }) => [task, contribution]));
}

function strongest(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): MovedEntry['head'] {
  let found: MovedEntry['head'] = null;
  for (const task of new Set([...before.keys(), ...after.keys()])) {
    const change = (after.get(task) ?? 0) - (before.get(task) ?? 0);
    if (change !== 0 && Math.abs(change) > Math.abs(found?.change ?? 0)) found = { task, change };
  }
  return found;
}
