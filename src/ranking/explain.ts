/** Why one tweet stands above another, and what each head contributes over all candidates. */
import { headLabel } from './heads.ts';
import { shortNumber } from './heuristics/heuristic.ts';
import type { RankedTweet } from './rank.ts';
import { scoreBreakdown } from './score.ts';
import type { ProbabilityTable, ScoreBreakdown } from './score.ts';
import { weightOf } from './score-weights.ts';
import type { ScoreWeights } from './score-weights.ts';

export interface HeadDifference {
  readonly task: string;
  readonly first: number;
  readonly second: number;
  /** Contribution to the first tweet's weighted sum minus that to the second's. */
  readonly difference: number;
}

export interface TweetComparison {
  /** By falling size of the difference. Their differences add up to sumDifference. */
  readonly heads: readonly HeadDifference[];
  /** First weighted sum minus second. */
  readonly sumDifference: number;
  /** What puts the upper tweet above the lower one. */
  readonly decidedBy: 'head' | 'heuristics' | 'input_order';
  /**
   * With decidedBy 'head': the head with the largest difference in the upper tweet's favour. `alone` where the order of
   * the scores would turn round, or come to a tie, without it.
   */
  readonly deciding: { readonly task: string; readonly difference: number; readonly alone: boolean } | null;
  /** One or two sentences. */
  readonly sentence: string;
}

/** A ranked tweet with its breakdown under the same weights. */
export interface ExplainedTweet {
  readonly name: string;
  readonly ranked: RankedTweet;
  readonly breakdown: ScoreBreakdown;
}

/**
 * Compares two tweets of one ranking.
 * @throws RangeError when the two breakdowns are of different heads
 */
export function compareTweets(first: ExplainedTweet, second: ExplainedTweet): TweetComparison {
  const [a, b] = [first.breakdown.heads, second.breakdown.heads];
  if (a.length !== b.length || a.some((head, i) => head.task !== b[i]!.task)) {
    throw new RangeError('Two tweets compare only under the same model: their heads differ.');
  }
  const heads = a
    .map((head, i): HeadDifference => {
      const [own, other] = [head.contribution, b[i]!.contribution];
      return { task: head.task, first: own, second: other, difference: own - other };
    })
    .toSorted((x, y) => Math.abs(y.difference) - Math.abs(x.difference));
  const sumDifference = first.breakdown.weightedSum - second.breakdown.weightedSum;
  const firstAbove = first.ranked.rank < second.ranked.rank;
  const [upper, lower] = firstAbove ? [first, second] : [second, first];
  const common = { heads, sumDifference };
  const sign = firstAbove ? 1 : -1;

  if (upper.breakdown.score > lower.breakdown.score) {
    const best = heads.reduce((most, head) =>
      sign * head.difference > sign * most.difference ? head : most,
    );
    const margin = sign * sumDifference;
    const gain = sign * best.difference;
    const alone = gain >= margin;
    const effect = alone
      ? 'without it the order by score would turn round'
      : 'the other heads together would keep the order without it';
    return {
      ...common,
      decidedBy: 'head',
      deciding: { task: best.task, difference: best.difference, alone },
      sentence: `${upper.name} ${upper.name === 'You' ? 'stand' : 'stands'} above ${lower.name} by ${shortNumber(margin)} in the weighted sum. The head “${headLabel(best.task)}” says most for it, by ${shortNumber(gain)}: ${effect}.`,
    };
  }
  const byHeuristics = upper.ranked.rankBefore > lower.ranked.rankBefore;
  if (byHeuristics) {
    return {
      ...common,
      decidedBy: 'heuristics',
      deciding: null,
      sentence: `${lower.name} does not have the lower score by the heads; the steps after the score put ${upper.name} above it: ${steps(upper)}; ${steps(lower)}.`,
    };
  }
  return {
    ...common,
    decidedBy: 'input_order',
    deciding: null,
    sentence: `${upper.name} and ${lower.name} have the same score: the order of the input decides.`,
  };
}

function steps({ name, ranked }: ExplainedTweet): string {
  const factors = Object.entries(ranked.factors)
    .filter(([, factor]) => factor !== 1)
    .map(([step, factor]) => `${step.replaceAll('_', ' ')} × ${shortNumber(factor)}`);
  const moves = ranked.events
    .filter((event) => event.kind === 'moved')
    .map((event) => event.reason.replace(/\.$/, ''));
  const all = [...factors, ...moves];
  return `${name}: ${all.length > 0 ? all.join(', ') : 'untouched'}`;
}

export interface HeadShare {
  readonly task: string;
  readonly weight: number;
  /** How often the act occurs in the data; null where that is not known. */
  readonly baseRate: number | null;
  readonly meanProbability: number;
  /** Mean of weight · probability (0 where the rule passes the head over). */
  readonly meanContribution: number;
  /**
   * Mean over the candidates of |contribution| / Σ over heads of |contribution|: how much of what moves a score is this
   * head's. Shares of all heads add up to 1; 0 where nothing contributes at all.
   */
  readonly meanShare: number;
}

/**
 * What each head does to the scores of these candidates, in the table's task order.
 * @param baseRates by task: a head's share of positives in the data
 */
export function headShares(
  probabilities: ProbabilityTable,
  weights: ScoreWeights,
  baseRates: Readonly<Record<string, number>> = {},
): HeadShare[] {
  const { tasks, values } = probabilities;
  const rows = tasks.length === 0 ? 0 : values.length / tasks.length;
  const sums = tasks.map(() => ({ probability: 0, contribution: 0, share: 0 }));
  const row = new Float64Array(tasks.length);
  let counted = 0;
  for (let r = 0; r < rows; r++) {
    for (let t = 0; t < tasks.length; t++) row[t] = values[r * tasks.length + t]!;
    const { heads } = scoreBreakdown(tasks, row, weights);
    const total = heads.reduce((sum, head) => sum + Math.abs(head.contribution), 0);
    if (total > 0) counted++;
    heads.forEach((head, t) => {
      const sum = sums[t]!;
      sum.probability += head.probability;
      sum.contribution += head.contribution;
      if (total > 0) sum.share += Math.abs(head.contribution) / total;
    });
  }
  const mean = (sum: number, count: number) => (count === 0 ? 0 : sum / count);
  return tasks.map((task, t) => ({
    task,
    weight: weightOf(weights, task),
    baseRate: Object.hasOwn(baseRates, task) ? baseRates[task]! : null,
    meanProbability: mean(sums[t]!.probability, rows),
    meanContribution: mean(sums[t]!.contribution, rows),
    meanShare: mean(sums[t]!.share, counted),
  }));
}
