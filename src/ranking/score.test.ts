import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { heads } from './heads.ts';
import { offsetScore, scoreBreakdown, scoreFunction } from './score.ts';
import {
  defaultWeights,
  GOOD_CLICK,
  GOOD_CLICK_V2,
  publishedScoreWeights,
  publishedWeights,
  weightOf,
  weightsCaution,
  weightTotals,
  withWeight,
} from './score-weights.ts';
import type { ScoreWeights } from './score-weights.ts';

const tasks = heads.map((head) => head.task);
// like .1, retweet .02, reply .01, profile .005, video .2, reply engaged .004, good click .03, v2 .04, negative .001, report .0001
const row = [0.1, 0.02, 0.01, 0.005, 0.2, 0.004, 0.03, 0.04, 0.001, 0.0001];
const march = publishedWeights('2023-03-31');
const april = publishedWeights('2023-04-05');

const own = (weights: Record<string, number>): ScoreWeights => ({
  id: 'own',
  label: 'Own',
  date: null,
  source: 'test',
  rule: { kind: 'weighted_sum' },
  weights,
});

describe('default weights', () => {
  it("are the latest published ones for heads that they weigh, and 1 each for a table's own", () => {
    expect(defaultWeights(tasks)).toBe(april);
    expect(defaultWeights(['rich', tasks[0]!])).toEqual({
      ...april,
      weights: { ...april.weights, rich: 1 },
    });
    expect(defaultWeights(['rich', 'single'])).toMatchObject({
      id: 'equal',
      weights: { rich: 1, single: 1 },
    });
    expect(scoreBreakdown(['rich', 'single'], [0.25, 0.5], defaultWeights(['rich', 'single']))).toMatchObject(
      {
        weightedSum: 0.75,
        missingHeads: [],
      },
    );
  });

  it('say which two heads a rule chooses between', () => {
    const rule = { kind: 'larger_of_two', heads: ['a', 'b'], weight: 3 } as const;
    expect(scoreBreakdown(['c'], [0.5], { ...own({ c: 1 }), rule }).substitution).toBe(
      'The model has neither of the two heads a and b.',
    );
  });
});

describe('published weights', () => {
  it('sum to the totals worked out by hand', () => {
    expect(weightTotals(march)).toEqual({ positive: 126.505, negative: 443 });
    expect(weightTotals(april).positive).toBeCloseTo(123.005, 12);
    expect(weightTotals(april).negative).toBe(443);
  });

  it('give every head a weight, 27 and 13.5 for replies', () => {
    for (const set of publishedScoreWeights)
      for (const task of tasks) expect(weightOf(set, task)).not.toBe(0);
    expect(weightOf(march, 'recap.engagement.is_replied')).toBe(27);
    expect(weightOf(april, 'recap.engagement.is_replied')).toBe(13.5);
    expect(() => publishedWeights('2023-04-06')).toThrow(/2023-03-31, 2023-04-05/);
  });

  it('share one weight between the two good-click heads of the max rule', () => {
    const changed = withWeight(march, GOOD_CLICK_V2, 20);
    expect(weightOf(changed, GOOD_CLICK)).toBe(20);
    expect(weightTotals(changed).positive).toBeCloseTo(135.505, 12);
    expect(weightOf(withWeight(april, GOOD_CLICK_V2, 20), GOOD_CLICK)).toBe(11);
  });

  it('are never explained as exchange rates', () => {
    expect(weightsCaution).toMatch(/not exchange rates/);
    const rate =
      /\b(?:like|repl(?:y|ie)|retweet|report|click|follow)s?\s*(?:=|≈|equals?|(?:is|are) worth|counts? (?:as|for)|cancels?)\s*(?:\d|a |one |two |twelve )/i;
    expect('A report cancels 468 likes').toMatch(rate);
    expect('one reply = 27 likes').toMatch(rate);
    const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' });
    for (const file of files.filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))) {
      expect(readFileSync(join(import.meta.dirname, file), 'utf8'), file).not.toMatch(rate);
    }
  });
});

describe('score', () => {
  it('is the plain weighted sum of 2023-04-05, plus ε', () => {
    // .05 + .02 + .135 + .06 + .001 + .3 + .33 + .4 − .074 − .0369
    const breakdown = scoreBreakdown(tasks, row, april);
    expect(breakdown.weightedSum).toBeCloseTo(1.1851, 12);
    expect(breakdown.score).toBeCloseTo(1.1861, 12);
    expect(breakdown.substitution).toBeNull();
    expect(breakdown.offset).toMatchObject({ branch: 'positive', negative: 443, epsilon: 0.001 });
  });

  it('takes the larger good-click prediction × 11 on 2023-03-31, and only that one', () => {
    // .05 + .02 + .27 + .06 + .001 + .3 + 11·.04 − .074 − .0369
    const breakdown = scoreBreakdown(tasks, row, march);
    expect(breakdown.weightedSum).toBeCloseTo(1.0301, 12);
    expect(breakdown.score).toBeCloseTo(1.0311, 12);
    const [first, second] = [GOOD_CLICK, GOOD_CLICK_V2].map((task) =>
      breakdown.heads.find((head) => head.task === task)!,
    );
    expect(first).toMatchObject({ contribution: 0, substitution: 'passed_over', weight: 11 });
    expect(second).toMatchObject({ substitution: 'counted', weight: 11 });
    expect(second!.contribution).toBeCloseTo(0.44, 12);
    expect(breakdown.substitution).toMatch(/larger of the two/);
  });

  it('counts the first good-click head where both predictions are equal or it is larger', () => {
    for (const v2 of [0.03, 0.02]) {
      const equal = row.with(7, v2);
      const breakdown = scoreBreakdown(tasks, equal, march);
      expect(breakdown.heads[6]).toMatchObject({ substitution: 'counted' });
      expect(breakdown.heads[7]).toMatchObject({ substitution: 'passed_over', contribution: 0 });
      expect(breakdown.weightedSum).toBeCloseTo(1.0301 - 0.44 + 0.33, 12);
    }
  });

  it('adds up: contributions in order give the weighted sum exactly', () => {
    for (const set of publishedScoreWeights) {
      const { heads: parts, weightedSum, offset, score } = scoreBreakdown(tasks, row, set);
      expect(parts.reduce((sum, head) => sum + head.contribution, 0)).toBe(weightedSum);
      expect(weightedSum + offset.delta).toBeCloseTo(score, 15);
    }
  });

  it('maps a negative sum into [0, ε): (c + N)/(P + N)·ε', () => {
    // negative feedback .5, all else 0: c = −37; (−37 + 443)/(123.005 + 443)·.001
    const negative = tasks.map((_, column): number => (column === 8 ? 0.5 : 0));
    const breakdown = scoreBreakdown(tasks, negative, april);
    expect(breakdown.weightedSum).toBe(-37);
    expect(breakdown.score).toBeCloseTo((406 / 566.005) * 0.001, 15);
    expect(breakdown.offset.branch).toBe('negative');
    // The worst possible tweet: both negative heads certain.
    expect(scoreBreakdown(tasks, negative.with(8, 1).with(9, 1), april).score).toBe(0);
    // Exactly 0 is not negative.
    expect(scoreBreakdown(tasks, negative.with(8, 0), april).score).toBe(0.001);
  });

  it('is max(c, 0) where all weights are 0', () => {
    expect(scoreBreakdown(tasks, row, own({})).score).toBe(0);
    expect(offsetScore(2, 0, 0)).toBe(2);
    expect(offsetScore(-2, 0, 0)).toBe(0);
    expect(scoreBreakdown(tasks, row, own({})).offset.branch).toBe('no_weights');
  });

  it('keeps to [0, ε) with negative weights alone', () => {
    const set = own({ [tasks[8]!]: -2 });
    expect(scoreBreakdown(tasks, row.with(8, 0.25), set).score).toBeCloseTo(0.00075, 15);
  });

  it('names weighted heads that the model lacks, and weighs unknown heads 0', () => {
    const breakdown = scoreBreakdown(['recap.engagement.is_favorited', 'constructor'], [0.5, 0.9], april);
    expect(breakdown.weightedSum).toBe(0.25);
    expect(breakdown.missingHeads).toHaveLength(9);
  });

  it('reads rows of a table and refuses probabilities that are none, by head and row', () => {
    const scorer = scoreFunction(['recap.engagement.is_favorited', 'recap.engagement.is_retweeted'], april);
    expect(scorer.weightedSum([0, 0, 0.5, 0.25], 1)).toBe(0.5);
    expect(() => scorer.weightedSum([0, 0, 0.5, Number.NaN], 1)).toThrow(/Row 1.*is_retweeted is NaN/);
    expect(() => scorer.weightedSum([1.5, 0], 0)).toThrow(/Row 0.*is_favorited/);
  });
});
