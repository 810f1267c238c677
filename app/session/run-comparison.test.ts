/** Which runs find room beside the current one, and how the list of runs is looked at from one visit to the next. */
import { expect, it } from 'vitest';
import type { RunManifest } from '../../src/runs/manifest.ts';
import { MAX_RUNS, shownRuns } from '../stores/compared-runs.ts';
import { createRunsStore } from '../stores/runs.ts';
import { memoryRun } from './testing.ts';

it('are as many as a chart holds, whether the current one is chosen itself or not', async () => {
  const session = await memoryRun(['1', '2', '3', '4', '5', '6']);
  await session.library.refresh();
  const [current, ...others] = (session.library.store.getState().runs ?? []).map(({ manifest }) => manifest);
  session.run.setState({ manifest: current as RunManifest });
  const { comparison } = session;
  for (const { id } of [current!, ...others]) await comparison.toggle(id);
  const { chosen, runs, problem } = comparison.store.getState();
  expect(chosen).toEqual([current!, ...others.slice(0, MAX_RUNS - 1)].map(({ id }) => id));
  expect(problem).toContain(String(MAX_RUNS));
  const shown = shownRuns(runs[0]!, { runs });
  expect(shown.map(({ id }) => id)).toEqual(chosen);
});

it('brings back those of the last visit, beside what is chosen and without what is taken away meanwhile', async () => {
  const session = await memoryRun(['1', '2', '3']);
  await session.library.refresh();
  const [a, b, c] = (session.library.store.getState().runs ?? []).map(({ manifest }) => manifest.id);
  const { comparison } = session;
  comparison.store.getState().set({ chosen: [a!, b!, 'gone'] });
  const back = comparison.start();
  const more = comparison.toggle(c!);
  await comparison.toggle(b!);
  await Promise.all([back, more]);
  const { chosen, runs } = comparison.store.getState();
  expect(chosen).toEqual([a, c]);
  expect(runs.map(({ manifest }) => manifest.id).toSorted()).toEqual([a, c].toSorted());
});

it('keeps which run the others are compared with, and which two stand against each other', () => {
  const kept = new Map([
    [
      'heavy-ranker-playground/1/runs',
      '{"baseline":"a","metric":"rce","everyHead":true,"first":"b","second":7}',
    ],
  ]);
  const storage = { getItem: (key: string) => kept.get(key) ?? null, setItem: () => {} };
  const { baseline, look } = createRunsStore(storage).getState();
  expect(baseline).toBe('a');
  expect(look).toMatchObject({ metric: 'rce', everyHead: true, first: 'b', second: null, text: '' });
  const store = createRunsStore(null);
  store.getState().setLook({ text: 'rate' });
  expect(store.getState().look).toMatchObject({ text: 'rate', metric: 'auroc', first: null });
});
