/** Orders against each other: how far each tweet moved, and how alike two orders are. */
import type { MetricValue } from '../metrics/metric-value.ts';
import { ndcg } from '../metrics/ndcg.ts';
import { spearman } from '../metrics/spearman.ts';
import { topKOverlap } from '../metrics/top-k-overlap.ts';
import { scoreFunction } from './score.ts';
import type { ProbabilityTable } from './score.ts';
import type { ScoreWeights } from './score-weights.ts';

export interface RankDelta {
  readonly id: string;
  /** 1-based positions; null where the order does not have the tweet. */
  readonly before: number | null;
  readonly after: number | null;
  /** before − after: positive is up; null unless both orders have the tweet. */
  readonly delta: number | null;
}

/** By id, the tweets of `after` in its order, then those that only `before` has. */
export function rankDeltas(before: readonly string[], after: readonly string[]): Map<string, RankDelta> {
  const old = new Map(before.map((id, position) => [id, position + 1]));
  const deltas = new Map<string, RankDelta>();
  after.forEach((id, position) => {
    const from = old.get(id) ?? null;
    const to = position + 1;
    deltas.set(id, { id, before: from, after: to, delta: from === null ? null : from - to });
  });
  for (const [id, from] of old) {
    if (!deltas.has(id)) deltas.set(id, { id, before: from, after: null, delta: null });
  }
  return deltas;
}

export interface OrderAgreement {
  /** Correlation of ranks over all tweets, −1 … 1. */
  readonly spearman: MetricValue;
  /** Gain of the first ten by score, with the reference score as relevance, over the best possible. */
  readonly ndcgAt10: MetricValue;
  /** Share of the reference's first ten that are among the first ten by score. */
  readonly top10Overlap: MetricValue;
}

/**
 * How well scores order tweets as reference scores do (the teacher's, or a pinned moment's).
 * @param reference ≥ 0, as scores after the serving map are
 * @throws RangeError when the lengths differ or a reference is negative
 */
export function orderAgreement(scores: ArrayLike<number>, reference: ArrayLike<number>): OrderAgreement {
  return {
    spearman: spearman(scores, reference),
    ndcgAt10: ndcg(scores, reference, 10),
    top10Overlap: topKOverlap(scores, reference, 10),
  };
}

/** The scores before heuristics of every row: [rows]. @throws RangeError on a probability outside [0, 1]. */
export function baseScores(probabilities: ProbabilityTable, weights: ScoreWeights): Float64Array {
  const { tasks, values } = probabilities;
  const scorer = scoreFunction(tasks, weights);
  return Float64Array.from({ length: tasks.length === 0 ? 0 : values.length / tasks.length }, (_, row) =>
    scorer.offset(scorer.weightedSum(values, row)),
  );
}
