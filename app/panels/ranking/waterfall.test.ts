import fc from 'fast-check';
import { expect, it } from 'vitest';
import { heuristicStep } from '../../../src/ranking/heuristics/presets.ts';
import { rank } from '../../../src/ranking/rank.ts';
import { plainCandidate } from '../../../src/ranking/ranked-view.ts';
import { scoreBreakdown } from '../../../src/ranking/score.ts';
import type { ScoreWeights } from '../../../src/ranking/score-weights.ts';
import { waterfall } from './waterfall.ts';

const tasks = ['a', 'b', 'c'];
const set = (weights: Record<string, number>): ScoreWeights => ({
  id: 'own',
  label: 'Own',
  date: null,
  source: '',
  rule: { kind: 'weighted_sum' },
  weights,
});

function fallOf(probabilities: readonly number[], weights: ScoreWeights, factor: number) {
  const candidate = { ...plainCandidate('t'), inNetwork: false };
  const step = heuristicStep('out_of_network', { factor, spare_retweets: 0 });
  const { ranked } = rank([candidate], { tasks, values: probabilities }, weights, [step]);
  const scored = ranked[0]!;
  return { scored, ...waterfall(scoreBreakdown(tasks, probabilities, weights), scored) };
}

it('goes from head to head, over the sum, to the score and through the factors, each from where the last ended', () => {
  const { rows, scored, low, high, digits } = fallOf([0.5, 0.25, 0.1], set({ a: 2, b: -1, c: 10 }), 0.75);
  expect(rows.map(({ kind, from, to }) => [kind, from, to])).toEqual([
    ['head', 0, 1],
    ['head', 1, 0.75],
    ['head', 0.75, 1.75],
    ['sum', 0, 1.75],
    ['offset', 1.75, 1.751],
    ['score', 0, 1.751],
    ['factor', 1.751, 1.751 * 0.75],
    ['final', 0, scored.score],
  ]);
  expect([low, high, digits]).toEqual([0, 1.751, 4]);
  // A factor of 1 is no step, nor is a score before it.
  expect(fallOf([0.5, 0.25, 0.1], set({ a: 2 }), 1).rows.map(({ kind }) => kind)).toEqual([
    'head',
    'head',
    'head',
    'sum',
    'offset',
    'final',
  ]);
});

it('ends at the score of the ranking whatever the weights, and holds every row between its ends', () => {
  const probability = fc.double({ min: 0, max: 1, noNaN: true });
  const weight = fc.double({ min: -400, max: 400, noNaN: true });
  fc.assert(
    fc.property(
      fc.tuple(probability, probability, probability),
      fc.tuple(weight, weight, weight),
      fc.double({ min: 0.1, max: 4, noNaN: true }),
      (probabilities, [a, b, c], factor) => {
        const { rows, scored, low, high, digits } = fallOf(probabilities, set({ a, b, c }), factor);
        const last = rows.at(-1)!;
        expect(last.to).toBe(scored.score);
        const before = rows.findLast(({ kind }) => kind === 'factor' || kind === 'offset');
        expect(before?.to).toBeCloseTo(last.to, 9);
        for (const { from, to } of rows) {
          expect(Math.min(from, to)).toBeGreaterThanOrEqual(low);
          expect(Math.max(from, to)).toBeLessThanOrEqual(high);
        }
        expect(digits).toBe(Math.abs(scored.score) < 0.01 ? 6 : 4);
      },
    ),
    { seed: 7, numRuns: 100 },
  );
});
