/** Which probabilities are asked for, and which of them are shown while others are under way. */
import { describe, expect, it } from 'vitest';
import { calmDay } from '../../src/ranking/scenarios/calm-day.ts';
import type { Tweet } from '../../src/ranking/tweets.ts';
import { TweetPredictions } from './predictions.ts';
import type { Moment } from './predictions.ts';
import type { ShownTweet } from './tweets.ts';

const shown = (tweets: readonly Tweet[]): ShownTweet[] =>
  tweets.map((tweet) => ({ key: tweet.id, tweet, original: tweet, edited: false, added: false }));
const [a, b, c] = calmDay.tweets as [Tweet, Tweet, Tweet];
const tasks = ['like'];

/** A model that answers when told to. */
function model() {
  const asked: {
    tweets: readonly string[];
    at: Moment;
    answer: (p: number) => Promise<void>;
    fail: () => Promise<void>;
  }[] = [];
  const settled = () => new Promise<void>((done) => setTimeout(done));
  const predictions = new TweetPredictions(
    (tweets, at) =>
      new Promise((resolve, reject) => {
        asked.push({
          tweets: tweets.map(({ id }) => id),
          at,
          answer: (p) => (resolve(new Float32Array(tweets.length).fill(p)), settled()),
          fail: () => (reject(new Error('gone')), settled()),
        });
      }),
  );
  return { predictions, asked };
}

describe('predictions', () => {
  it('asks for nothing that is known, and for a changed tweet alone', async () => {
    const { predictions, asked } = model();
    predictions.put('yours', [a, b], [a.id, b.id], 1, Float32Array.of(0.1, 0.2));
    predictions.want(shown([a, b]), 'yours');
    expect(asked).toHaveLength(0);
    const edited = { ...b, text: 'Other.' };
    const now = shown([a, edited]);
    expect(predictions.table(now, tasks, 'yours')).toMatchObject({ fresh: false });
    predictions.want(now, 'yours');
    expect(asked.map(({ tweets }) => tweets)).toEqual([[b.id]]);
    await asked[0]?.answer(0.5);
    expect(Array.from(predictions.table(now, tasks, 'yours')?.values ?? [])).toEqual([Math.fround(0.1), 0.5]);
    expect(predictions.store.getState()).toMatchObject({ pending: 0, problem: null, lastMs: { rows: 1 } });
  });

  it('has no table while a tweet was never predicted, and merges what is wanted while an ask is under way', async () => {
    const { predictions, asked } = model();
    predictions.want(shown([a]), 'untrained');
    predictions.want(shown([a, b]), 'untrained');
    predictions.want(shown([a, b, c]), 'untrained');
    expect(asked.map(({ tweets }) => tweets)).toEqual([[a.id]]);
    expect(predictions.table(shown([a]), tasks, 'untrained')).toBeNull();
    await asked[0]?.answer(0.1);
    expect(asked[1]?.tweets).toEqual([b.id, c.id]);
    await asked[1]?.answer(0.2);
    expect(predictions.table(shown([a, b, c]), tasks, 'untrained')?.fresh).toBe(true);
  });

  it('shows rows of an earlier step until those of now are there', () => {
    const { predictions } = model();
    predictions.put('yours', [a], [a.id], 1, Float32Array.of(0.1));
    predictions.advance();
    expect(predictions.table(shown([a]), tasks, 'yours')?.fresh).toBe(false);
    predictions.put('yours', [a], [a.id], 1, Float32Array.of(0.3));
    expect(predictions.table(shown([a]), tasks, 'yours')?.fresh).toBe(true);
  });

  it('drops an answer to the run before, and keeps what the pretrained weights say', async () => {
    const { predictions, asked } = model();
    predictions.put('pretrained', [a], [a.id], 1, Float32Array.of(0.7));
    predictions.want(shown([b]), { checkpoint: 10 });
    predictions.clear();
    await asked[0]?.answer(0.9);
    expect(predictions.table(shown([b]), tasks, { checkpoint: 10 })).toBeNull();
    expect(predictions.table(shown([a]), tasks, 'pretrained')?.fresh).toBe(true);
    expect(predictions.store.getState().pending).toBe(0);
  });

  it('says why an ask failed until one succeeds', async () => {
    const { predictions, asked } = model();
    predictions.want(shown([a]), 'yours');
    await asked[0]?.fail();
    expect(predictions.store.getState()).toMatchObject({ problem: 'gone', pending: 0 });
    predictions.want(shown([a]), 'yours');
    await asked[1]?.answer(0.1);
    expect(predictions.store.getState().problem).toBeNull();
  });
});
