import { expect, it } from 'vitest';
import { heuristicStep } from '../../src/ranking/heuristics/presets.ts';
import { rankedView } from '../../src/ranking/ranked-view.ts';
import { calmDay } from '../../src/ranking/scenarios/calm-day.ts';
import { equalWeights } from '../../src/ranking/score-weights.ts';
import { candidateOf } from '../../src/ranking/tweets.ts';
import { conditionsText, pinned } from './pins.ts';
import type { ShownTweet } from './tweets.ts';

const tasks = ['like'];
const weights = equalWeights(tasks);
const items = calmDay.tweets
  .slice(0, 3)
  .map((tweet): ShownTweet => ({ key: tweet.id, tweet, original: tweet, edited: false, added: false }));
const conditions = {
  moment: 'step 20',
  weights,
  weightsLabel: 'Equal',
  steps: [],
  heuristicsLabel: 'None',
};

it('keeps the places of an order and its tweets as they were', () => {
  const table = { tasks, values: Float32Array.of(0.1, 0.3, 0.2) };
  const view = rankedView(items, ({ tweet }) => candidateOf(tweet), table, weights, [], null);
  const { places, tweets, chosen, moment } = pinned(view, conditions, true);
  const [a, b, c] = items.map(({ key }) => key) as [string, string, string];
  expect([a, b, c].map((key) => places.get(key)?.rank)).toEqual([3, 1, 2]);
  expect(places.get(b)?.score).toBeGreaterThan(places.get(c)?.score ?? Infinity);
  expect(tweets.get(a)).toBe(items[0]?.tweet);
  expect([chosen, moment]).toEqual([true, 'step 20']);
  // What comes later is told against it.
  const later = { tasks, values: Float32Array.of(0.9, 0.3, 0.2) };
  const moved = rankedView(items, ({ tweet }) => candidateOf(tweet), later, weights, [], places);
  expect(moved.ranked.map(({ item, change }) => [item.key, change?.places])).toEqual([
    [a, 2],
    [b, -1],
    [c, -1],
  ]);
});

it('says what it was made under, heuristics only where there are any', () => {
  expect(conditionsText(conditions)).toBe('step 20, Equal');
  expect(conditionsText({ ...conditions, steps: [heuristicStep('reply')] })).toBe('step 20, Equal, None');
});
