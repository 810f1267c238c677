/** RankedView: the same order as the ranking library's, with what changed since an earlier one. */
import { describe, expect, it } from 'vitest';
import { heuristicPreset } from './heuristics/presets.ts';
import { rank } from './rank.ts';
import { placesOf, plainCandidate, rankedView, rowsOfTable } from './ranked-view.ts';
import { equalWeights, publishedWeights, withWeight } from './score-weights.ts';
import { calmDay } from './scenarios/calm-day.ts';
import { candidateOf } from './tweets.ts';
import type { Tweet } from './tweets.ts';

const LIKE = 'recap.engagement.is_favorited';
const REPLY = 'recap.engagement.is_replied';
const tasks = [LIKE, REPLY];
const items = calmDay.tweets.map((tweet) => ({ key: tweet.id, tweet }));
const candidate = ({ tweet }: { readonly tweet: Tweet }) => candidateOf(tweet);
const values = Float32Array.from(items.flatMap((_, i) => [0.9 - i * 0.05, 0.01 + i * 0.02]));
const table = { tasks, values };
const weights = publishedWeights('2023-04-05');

describe('rankedView', () => {
  it('is the library’s ranking, with each item’s own probabilities', () => {
    const { steps } = heuristicPreset('2023-07');
    const expected = rank(items.map(candidate), table, weights, steps);
    const view = rankedView(items, candidate, table, weights, steps, null);
    expect(view.ranked.map(({ item, rank: place, score }) => [item.key, place, score])).toEqual(
      expected.ranked.map(({ id, rank: place, score }) => [id, place, score]),
    );
    expect(view.dropped.map(({ item, reason }) => [item.key, reason])).toEqual(
      expected.dropped.map(({ id, reason }) => [id, reason]),
    );
    for (const { item, probabilities, change } of view.ranked) {
      const row = items.indexOf(item);
      expect([...probabilities]).toEqual([...values.subarray(row * 2, row * 2 + 2)]);
      expect(change).toBeNull();
    }
  });

  it('counts changes from an earlier order: places up, scores, dropped and returned, new ones not at all', () => {
    const before = rankedView(
      items.slice(1),
      candidate,
      rowsOfTable(table, items.map((_, i) => i).slice(1)),
      weights,
      [],
      null,
    );
    const after = rankedView(items, candidate, table, withWeight(weights, LIKE, 500), [], placesOf(before));
    const places = placesOf(before);
    for (const { item, rank: place, score, change } of after.ranked) {
      const was = places.get(item.key);
      if (!was) expect([item.key, change]).toEqual([items[0]?.key, null]);
      else
        expect(change).toEqual({
          places: (was.rank ?? NaN) - (place ?? NaN),
          score: score - was.score,
          status: 'same',
        });
    }
    const { steps } = heuristicPreset('2023-03');
    const short = steps.map((step) => (step.id === 'top_n' ? { ...step, constants: { limit: 3 } } : step));
    const cut = rankedView(items, candidate, table, weights, short, placesOf(before));
    const old = cut.dropped.filter(({ item }) => places.has(item.key));
    expect(old.length).toBeGreaterThan(0);
    for (const { change } of old) expect(change).toMatchObject({ places: null, status: 'dropped' });
    const back = rankedView(items, candidate, table, weights, [], placesOf(cut));
    const gone = new Set(cut.dropped.map(({ item }) => item.key));
    for (const { item, change } of back.ranked) {
      expect(change?.status).toBe(gone.has(item.key) ? 'returned' : 'same');
    }
  });

  it('ranks what is no tweet by its heads alone', () => {
    const rows = [0, 1, 2].map((index) => ({ key: String(index), index }));
    const own = { tasks: ['buys', 'leaves'], values: [0.1, 0.5, 0.9, 0, 0.2, 0.2] };
    const view = rankedView(rows, ({ key }) => plainCandidate(key), own, equalWeights(own.tasks), [], null);
    expect(view.ranked.map(({ item }) => item.index)).toEqual([1, 0, 2]);
  });

  it('refuses what is no probability', () => {
    expect(() =>
      rankedView(items, candidate, { tasks, values: values.fill(NaN, 0, 1) }, weights, [], null),
    ).toThrow(RangeError);
  });
});
