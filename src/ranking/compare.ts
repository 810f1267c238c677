/** Orders against each other: how alike two are. */
import type { MetricValue } from '../metrics/metric-value.ts';
import { ndcg } from '../metrics/ndcg.ts';
import { spearman } from '../metrics/spearman.ts';
import { topKOverlap } from '../metrics/top-k-overlap.ts';
import { scoreFunction } from './score.ts';
import type { ProbabilityTable } from './score.ts';
import type { ScoreWeights } from './score-weights.ts';

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
