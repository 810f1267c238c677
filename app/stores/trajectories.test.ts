import { expect, it } from 'vitest';
import { heuristicStep } from '../../src/ranking/heuristics/presets.ts';
import { calmDay } from '../../src/ranking/scenarios/calm-day.ts';
import { equalWeights } from '../../src/ranking/score-weights.ts';
import type { Snapshot } from './ranking.ts';
import { agreements, placesByStep, placesTable, rowsOf, topTweets, TrajectoryMaker } from './trajectories.ts';

const watched = calmDay.tweets.slice(0, 4);
const [a, b, c, d] = watched.map(({ id }) => id) as [string, string, string, string];
const tasks = ['like'];
const weights = equalWeights(tasks);
const snapshot = (step: number, ...probabilities: number[]): Snapshot => ({
  step,
  tasks,
  probabilities: Float32Array.from(probabilities),
  untrained: step === 0,
});
const history = [snapshot(0, 0.4, 0.3, 0.2, 0.1), snapshot(10, 0.1, 0.9, 0.2, 0.3)];
const names = new Map([
  [a, 'A'],
  [b, 'B'],
]);

it('follows each tweet’s place over the steps, of those that are shown alone', () => {
  const rows = rowsOf(watched, [watched[0]!, watched[3]!, watched[1]!]);
  expect(rows).toEqual([0, 1, 3]);
  const made = new TrajectoryMaker().make(history, watched, rows, weights, []);
  expect(made.steps).toEqual([0, 10]);
  expect(Object.fromEntries(made.places)).toEqual({ [a]: [1, 3], [b]: [2, 1], [d]: [3, 2] });
  expect(topTweets(made, 2)).toEqual([b, d]);
});

it('remembers what it has ranked until weights, rows or steps are others', () => {
  const maker = new TrajectoryMaker();
  const [rows, none] = [[0, 1, 2, 3], []];
  const first = maker.make(history, watched, rows, weights, none);
  // A row that is ranked no more cannot change: with numbers that are none it would throw.
  const [begun] = history as [Snapshot, Snapshot];
  begun.probabilities.fill(Number.NaN);
  const more = maker.make([...history, snapshot(20, 0.1, 0.2, 0.9, 0.3)], watched, rows, weights, none);
  expect(more.places.get(a)).toEqual([...(first.places.get(a) ?? []), 4]);
  expect(() => maker.make(history, watched, rows, equalWeights(tasks), none)).toThrow(RangeError);
  begun.probabilities.set([0.4, 0.3, 0.2, 0.1]);
});

it('has no place for what a heuristic drops, and tables that say so', () => {
  const top = [heuristicStep('top_n', { limit: 2 })];
  const made = new TrajectoryMaker().make(history, watched, [0, 1, 2, 3], weights, top);
  expect(made.places.get(a)).toEqual([1, null]);
  expect(placesTable(made, [b, a, c], names).rows).toEqual([
    ['B', 2, 1, 1],
    ['A', 1, 1, 'dropped'],
    [c, 'dropped', null, 'dropped'],
  ]);
  const { columns, rows } = placesByStep(made, [b, a], names);
  expect(columns.slice(1)).toEqual(['B', 'A']);
  expect(rows).toEqual([
    [0, 2, 1],
    [10, 1, null],
  ]);
  expect(placesByStep(null, [b], names).rows).toEqual([]);
});

it('measures each order against the teacher’s', () => {
  const teacher = { tasks, values: Float32Array.of(0.1, 0.9, 0.2, 0.3) };
  const [before, now] = agreements(history, [0, 1, 2, 3], teacher, weights);
  expect(now).toMatchObject({ step: 10, spearman: { kind: 'value', value: 1 } });
  const first = before?.spearman;
  expect(first?.kind === 'value' && first.value).toBeLessThan(0.5);
});
