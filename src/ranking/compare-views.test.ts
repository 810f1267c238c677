/** Two rankings of the same tweets: what moved, and by which head. */
import { expect, it } from 'vitest';
import { movedEntries } from './compare-views.ts';
import { plainCandidate, rankedView } from './ranked-view.ts';
import { equalWeights, withWeight } from './score-weights.ts';

const items = ['a', 'b', 'c'].map((key) => ({ key }));
const tasks = ['like', 'report'];
const weights = withWeight(equalWeights(tasks), 'report', -2);
const view = (...values: number[]) =>
  rankedView(items, ({ key }) => plainCandidate(key), { tasks, values }, weights, [], null);

it('names places, scores and the head that moved each', () => {
  const before = view(0.9, 0, 0.5, 0, 0.4, 0);
  const after = view(0.9, 0.4, 0.55, 0, 0.4, 0);
  const moved = movedEntries(before, after, weights);
  expect(moved.map(({ item, before: was, after: is, moved: places }) => [item.key, was, is, places])).toEqual(
    [
      ['b', 2, 1, 1],
      ['c', 3, 2, 1],
      ['a', 1, 3, -2],
    ],
  );
  const byKey = new Map(moved.map((entry) => [entry.item.key, entry]));
  expect(byKey.get('a')?.head?.task).toBe('report');
  expect(byKey.get('a')?.head?.change).toBeCloseTo(-0.8, 6);
  expect(byKey.get('b')?.head?.task).toBe('like');
  expect(byKey.get('c')?.head).toBeNull();
  expect(byKey.get('a')!.scoreAfter).toBeLessThan(byKey.get('a')!.scoreBefore);
});

it('compares models with other heads by what each head adds', () => {
  const before = rankedView(
    items,
    ({ key }) => plainCandidate(key),
    { tasks: ['like'], values: [0.9, 0.5, 0.4] },
    weights,
    [],
    null,
  );
  const moved = movedEntries(before, view(0.9, 0.3, 0.5, 0, 0.4, 0), weights);
  expect(moved.find(({ item }) => item.key === 'a')?.head?.task).toBe('report');
});
