/**
 * Sensitivity: how a tweet's score answers to each of its features, by finite differences through the model, all rows in
 * one batch. A value moves half a standard deviation down and up on its natural scale; a flag is 0 and 1.
 */
import { catalogue } from '../data/catalogue/catalogue.ts';
import type { CatalogueFeature } from '../data/catalogue/catalogue.ts';
import type { RecapBatch } from '../data/recap-batch.ts';
import { deviationsOf, valueOfDeviations } from './feature-scale.ts';
import { scoreFunction } from './score.ts';
import type { ProbabilityTable } from './score.ts';
import type { ScoreWeights } from './score-weights.ts';
import type { TweetEncoder, TweetRow } from './tweet-features.ts';
import { applies, changeValue } from './tweet-values.ts';
import type { Tweet } from './tweets.ts';

/** Predicts a batch of any size: [batch.size, tasks]. */
export type PredictMany = (batch: RecapBatch) => Promise<ProbabilityTable>;

const HALF_STEP = 0.5;

export interface FeatureSensitivity {
  readonly feature: CatalogueFeature;
  /** The tweet's own value. */
  readonly value: number;
  /** The two values tried, and the scores (before heuristics) they give. */
  readonly low: number;
  readonly high: number;
  readonly scoreLow: number;
  readonly scoreHigh: number;
  /** scoreHigh − scoreLow: the effect of one standard deviation upwards, or of a flag being 1 and not 0. */
  readonly change: number;
  /** The same of the weighted sum, which the serving map does not press together where it is negative. */
  readonly sumChange: number;
}

/**
 * The effect of every feature that the model reads and that means something on this tweet, the strongest by sumChange first;
 * equal ones in catalogue order. One call of `predictMany`.
 */
export async function sensitivity(
  tweet: Tweet,
  encoder: TweetEncoder,
  predictMany: PredictMany,
  weights: ScoreWeights,
): Promise<FeatureSensitivity[]> {
  const values = encoder.values(tweet);
  const probes = catalogue.flatMap((feature, at) => {
    if (!encoder.reads(feature) || !applies(values, at)) return [];
    return [{ feature, at, value: values[at]!, ...bounds(feature, values[at]!) }];
  });
  const rows = probes.flatMap(({ at, low, high }): TweetRow[] => [
    { tweet, values: changeValue(values, at, low) },
    { tweet, values: changeValue(values, at, high) },
  ]);
  if (rows.length === 0) return [];
  const probabilities = await predictMany(encoder.encodeRows(rows));
  const scorer = scoreFunction(probabilities.tasks, weights);
  const sums = rows.map((_, row) => scorer.weightedSum(probabilities.values, row));
  return probes
    .map(({ feature, value, low, high }, i): FeatureSensitivity => {
      const [sumLow, sumHigh] = [sums[2 * i]!, sums[2 * i + 1]!];
      const [scoreLow, scoreHigh] = [scorer.offset(sumLow), scorer.offset(sumHigh)];
      const change = scoreHigh - scoreLow;
      return { feature, value, low, high, scoreLow, scoreHigh, change, sumChange: sumHigh - sumLow };
    })
    .toSorted((a, b) => Math.abs(b.sumChange) - Math.abs(a.sumChange));
}

function bounds(feature: CatalogueFeature, value: number): { low: number; high: number } {
  if (feature.distribution.kind === 'bernoulli') return { low: 0, high: 1 };
  const middle = deviationsOf(feature, value);
  const low = valueOfDeviations(feature, middle - HALF_STEP);
  const high = valueOfDeviations(feature, middle + HALF_STEP);
  // Small counts round to themselves: they move by one.
  if (high > low) return { low, high };
  return { low, high: low + feature.control.step };
}
