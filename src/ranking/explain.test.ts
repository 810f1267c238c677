import { describe, expect, it } from 'vitest';
import { baseScores, orderAgreement } from './compare.ts';
import { compareTweets, headShares } from './explain.ts';
import type { ExplainedTweet } from './explain.ts';
import type { Candidate } from './heuristics/heuristic.ts';
import { heuristicStep } from './heuristics/presets.ts';
import type { HeuristicStep } from './heuristics/presets.ts';
import { rank } from './rank.ts';
import { scoreBreakdown } from './score.ts';
import type { ScoreWeights } from './score-weights.ts';
import { GOOD_CLICK, GOOD_CLICK_V2, publishedWeights } from './score-weights.ts';

const tasks = [
  'recap.engagement.is_favorited',
  'recap.engagement.is_replied',
  'recap.engagement.is_report_tweet_clicked',
];
const weights: ScoreWeights = {
  id: 'own',
  label: 'Own',
  date: null,
  source: 'test',
  rule: { kind: 'weighted_sum' },
  weights: { [tasks[0]!]: 1, [tasks[1]!]: 10, [tasks[2]!]: -100 },
};

const candidate = (id: string, parts: Partial<Candidate> = {}): Candidate => ({
  id,
  authorId: id,
  inNetwork: true,
  isReply: false,
  isRetweet: false,
  verified: false,
  creator: false,
  ageHours: 1,
  feedbackFatigueDays: null,
  ...parts,
});

function explained(
  rows: number[][],
  steps: HeuristicStep[] = [],
  candidates = rows.map((_, i) => candidate(`t${i}`)),
) {
  const ranking = rank(candidates, { tasks, values: rows.flat() }, weights, steps);
  return rows.map((row, i): ExplainedTweet => ({
    name: candidates[i]!.id,
    ranked: ranking.ranked.find((tweet) => tweet.index === i)!,
    breakdown: scoreBreakdown(tasks, row, weights),
  }));
}

describe('compareTweets', () => {
  it('names the head that decides, alone', () => {
    // 0.3 + 0.1 against 0.1 + 0.4: the reply head gives 0.3 and the sum differs by 0.1.
    const [a, b] = explained([
      [0.3, 0.01, 0],
      [0.1, 0.04, 0],
    ]);
    const comparison = compareTweets(a!, b!);
    expect(comparison.sumDifference).toBeCloseTo(-0.1, 12);
    expect(comparison.decidedBy).toBe('head');
    expect(comparison.deciding).toMatchObject({ task: tasks[1], alone: true });
    expect(comparison.deciding!.difference).toBeCloseTo(-0.3, 12);
    expect(comparison.heads.map((head) => head.task)).toEqual([tasks[1], tasks[0], tasks[2]]);
    const total = comparison.heads.reduce((sum, head) => sum + head.difference, 0);
    expect(total).toBeCloseTo(comparison.sumDifference, 12);
    expect(comparison.sentence).toMatch(
      /^t1 stands above t0 by 0\.1 .*“Reply” says most for it, by 0\.3: without it/,
    );
  });

  it('says when no head decides alone, and when a negative head does', () => {
    const [a, b] = explained([
      [0.3, 0.03, 0],
      [0.1, 0.01, 0],
    ]);
    expect(compareTweets(a!, b!).deciding).toMatchObject({ alone: false });
    const [c, d] = explained([
      [0.2, 0, 0.01],
      [0.1, 0, 0],
    ]);
    expect(compareTweets(c!, d!).deciding).toMatchObject({ task: tasks[2], alone: true });
  });

  it('says when the heuristics decide against the score', () => {
    const rows = [
      [0.4, 0, 0],
      [0.35, 0, 0],
    ];
    const [a, b] = explained(
      rows,
      [heuristicStep('reply')],
      [candidate('a', { isReply: true }), candidate('b')],
    );
    const comparison = compareTweets(a!, b!);
    expect(comparison).toMatchObject({ decidedBy: 'heuristics', deciding: null });
    expect(comparison.sentence).toContain('a: reply × 0.75');
  });

  it('says when the scores are equal', () => {
    const [a, b] = explained([
      [0.4, 0, 0],
      [0.4, 0, 0],
    ]);
    expect(compareTweets(b!, a!).decidedBy).toBe('input_order');
  });
});

describe('headShares', () => {
  it('are mean shares that add up to 1, beside base rates', () => {
    // Row 1: |.2|, |.3|, |−.5|: shares .2 .3 .5. Row 2: |.4|, |.1|, 0: shares .8 .2 0.
    const shares = headShares({ tasks, values: [0.2, 0.03, 0.005, 0.4, 0.01, 0] }, weights, {
      [tasks[0]!]: 0.04,
    });
    expect(shares.map((share) => Number(share.meanShare.toFixed(12)))).toEqual([0.5, 0.25, 0.25]);
    expect(shares[0]).toMatchObject({ baseRate: 0.04, weight: 1 });
    expect(shares[0]!.meanProbability).toBeCloseTo(0.3, 12);
    expect(shares[2]!.meanContribution).toBeCloseTo(-0.25, 12);
    expect(shares[1]!.baseRate).toBeNull();
  });

  it('give nothing for no candidates and for all-zero weights', () => {
    expect(headShares({ tasks, values: [] }, weights)[0]).toMatchObject({ meanShare: 0, meanProbability: 0 });
    expect(headShares({ tasks, values: [0.1, 0.1, 0.1] }, { ...weights, weights: {} })[0]!.meanShare).toBe(0);
  });

  it('count only the larger good click under the max rule', () => {
    const shares = headShares(
      { tasks: [GOOD_CLICK, GOOD_CLICK_V2], values: [0.1, 0.2, 0.4, 0.2] },
      publishedWeights('2023-03-31'),
    );
    expect(shares.map((share) => share.meanShare)).toEqual([0.5, 0.5]);
    expect(shares[0]!.meanContribution).toBeCloseTo(2.2, 12);
  });
});

describe('orders', () => {
  it('agree fully with themselves and not at all reversed', () => {
    const scores = Array.from({ length: 30 }, (_, i) => i / 30);
    expect(orderAgreement(scores, scores)).toEqual({
      spearman: { kind: 'value', value: 1 },
      ndcgAt10: { kind: 'value', value: 1 },
      top10Overlap: { kind: 'value', value: 1 },
    });
    expect(orderAgreement(scores.toReversed(), scores)).toMatchObject({
      spearman: { value: -1 },
      top10Overlap: { value: 0 },
    });
  });

  it('are of scores before heuristics', () => {
    const scores = baseScores({ tasks, values: [0.2, 0.03, 0, 0, 0, 0.5] }, weights);
    expect(scores[0]).toBeCloseTo(0.501, 12);
    expect(scores[1]).toBeCloseTo(((-50 + 100) / 111) * 0.001, 15);
  });
});
