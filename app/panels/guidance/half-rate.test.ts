import { expect, it } from 'vitest';
import type { LiveChange } from '../../../src/training/live-changes.ts';
import type { HalfRateSession } from './half-rate.ts';
import { backAtHalfRate } from './half-rate.ts';

it('goes back first, halves the rate that held there, and trains on; where it can go nowhere it begins nothing', async () => {
  const done: unknown[] = [];
  const changes: LiveChange[] = [
    { step: 10, key: 'learning_rate', value: 0.5 },
    { step: 90, key: 'learning_rate', value: 8 },
  ];
  let failed = false;
  const session: HalfRateSession = {
    restore: async (step: number) => void done.push(['restore', step]),
    change: async (key: string, value: number) => void done.push([key, value]),
    train: async () => void done.push('train'),
    run: { getState: () => ({ phase: failed ? 'failed' : 'paused', manifest: { recipe: { changes } } }) },
  };
  await backAtHalfRate(session, 50);
  expect(done).toEqual([['restore', 50], ['learning_rate', 0.25], 'train']);
  failed = true;
  await backAtHalfRate(session, 20);
  expect(done.slice(3)).toEqual([['restore', 20]]);
});
