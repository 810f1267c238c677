/** What kept runs are asked: of tweets, or where one was trained on a table of rows of that. */
import { expect, it } from 'vitest';
import type { RecapBatch } from '../../src/data/recap-batch.ts';
import type { RunManifest } from '../../src/runs/manifest.ts';
import type { RunStatus } from '../../src/runs/run-folder.ts';
import type { TableRows } from '../../src/workers/protocol.ts';
import { History } from '../stores/history.ts';
import { sampleTweets } from './built-in.ts';
import type { KeptRuns } from './kept-runs.ts';
import { RunLibrary } from './run-library.ts';
import { SessionInputError } from './draft-recipe.ts';

it('asks each run of what it reads, and says what is missing for it', async () => {
  const asked: unknown[] = [];
  const runs: KeptRuns = {
    call: (_name, params) => {
      asked.push(params);
      const { run } = params as { run: string };
      return Promise.resolve({ run, step: 3, tasks: ['buys'], probabilities: null, teacher: null } as never);
    },
  };
  const rows: TableRows = { names: ['age'], rows: [{ number: 7, cells: ['41'] }] };
  const batch = {} as RecapBatch;
  const library = new RunLibrary(
    runs,
    new History(),
    () => null,
    ({ id }) =>
      id === 'absent'
        ? Promise.reject(new SessionInputError('This run reads customers.csv.'))
        : Promise.resolve(id === 'table' ? { rows, batch } : null),
    { label: () => {}, takeAway: () => () => {} },
    null,
  );
  const entries = ['tweets', 'table', 'absent'].map((id) => ({
    manifest: { id } as RunManifest,
    status: { step: 3 } as RunStatus,
  }));
  await library.askTweets(entries, sampleTweets);
  expect(asked).toEqual([
    { run: 'tweets', tweets: sampleTweets },
    { run: 'table', batch },
  ]);
  const { tweets, problem, asking } = library.store.getState();
  expect([tweets.get('tweets')?.rows, tweets.get('table')?.rows, asking]).toEqual([null, rows, null]);
  expect(problem).toBe('This run reads customers.csv.');
  // What is known is not asked again.
  await library.askTweets(entries.slice(0, 2), sampleTweets);
  expect(asked).toHaveLength(2);
});
