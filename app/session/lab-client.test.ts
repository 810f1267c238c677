/** A worker that dies is told of, leaves nobody waiting, and is followed by another at the next question. */
import { afterEach, expect, it, vi } from 'vitest';
import { calmDay } from '../../src/ranking/scenarios/calm-day.ts';
import { MemoryHome } from '../../src/runs/homes/memory-home.ts';
import { labHandlers } from '../../src/workers/lab-host.ts';
import type { LabProtocol } from '../../src/workers/lab-protocol.ts';
import type { LifeMessage } from '../../src/workers/life.ts';
import { runsHandlers } from '../../src/workers/runs-host.ts';
import type { RunsProtocol } from '../../src/workers/runs-protocol.ts';
import type { WorkerEnd } from '../../src/workers/rpc.ts';
import { serve } from '../../src/workers/rpc.ts';
import { recipe } from '../../src/workers/testing/small-recipe.ts';
import { RunsClient } from './kept-runs.ts';
import { TweetPredictions } from '../stores/predictions.ts';
import { LabClient } from './lab-client.ts';

const heads = Array.from({ length: 10 }, (_, i) => `head ${i}`);
const ports: MessagePort[] = [];
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

/** Workers one after another, each played by the next of `lives`. */
function workers(lives: readonly ((inside: MessagePort) => void)[]): {
  start: () => WorkerEnd;
  started: number;
} {
  const state = {
    started: 0,
    start(): WorkerEnd {
      const { port1, port2 } = new MessageChannel();
      ports.push(port1, port2);
      lives[state.started++]?.(port2);
      port1.start();
      port2.start();
      return Object.assign(port1, { terminate: () => {} });
    },
  };
  return state;
}

/** Dies of the first question, which it never answers. */
function dying(inside: MessagePort): void {
  inside.addEventListener('message', () => {
    inside.postMessage({ type: 'crashed', message: 'out of memory' } satisfies LifeMessage);
  });
}

it('the lab says that its worker has stopped, and one action asks again', async () => {
  const made = workers([dying, (inside) => serve<LabProtocol>(inside, labHandlers())]);
  const own = recipe();
  const calibrated = new Float32Array(10 * calmDay.tweets.length).fill(0.25);
  const predictions = {
    size: calmDay.tweets.length,
    logits: calibrated,
    probabilities: calibrated,
    calibrated,
  };
  const client = new LabClient({ recipe: () => own, predict: async () => predictions }, () => made.start());
  const asked = new TweetPredictions(async (tweets, at) =>
    at === 'teacher'
      ? client.call('teacher', { tweets })
      : (await client.call('predict', { tweets, at: at === 'yours' ? 'now' : 'initial' })).values,
  );
  const tweets = calmDay.tweets.map((tweet) => ({
    key: tweet.id,
    tweet,
    original: tweet,
    edited: false,
    added: false,
  }));
  asked.want(tweets, 'yours');
  await vi.waitFor(() => expect(client.stopped.getState().reason).toContain('out of memory'));
  await vi.waitFor(() =>
    expect(asked.store.getState()).toMatchObject({
      pending: 0,
      problem: expect.stringContaining('out of memory') as string,
    }),
  );
  expect(asked.table(tweets, ['a'], 'yours')).toBeNull();

  client.revive();
  await vi.waitFor(() => expect(made.started).toBe(2));
  asked.retry();
  await vi.waitFor(() => expect(asked.store.getState().problem).toBeNull(), { timeout: 60_000 });
  expect(asked.table(tweets, heads, 'yours')?.values).toHaveLength(calibrated.length);
  expect(client.stopped.getState().reason).toBeNull();
  expect(made.started).toBe(2);

  // Closed by the page: nobody has to be told.
  client.dispose();
  expect(client.stopped.getState().reason).toBeNull();
});

it('a dead runs worker fails what was asked of it, and another one answers the next question', async () => {
  const home = new MemoryHome();
  const made = workers([
    dying,
    (inside) =>
      serve<RunsProtocol>(
        inside,
        runsHandlers(() => Promise.resolve(home)),
      ),
  ]);
  const client = new RunsClient(() => made.start());
  await expect(client.call('list', null)).rejects.toThrow('out of memory');
  expect(await client.call('list', null)).toEqual({ runs: [], broken: [] });
  expect(made.started).toBe(2);
});
