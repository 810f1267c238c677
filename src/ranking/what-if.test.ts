/** Sensitivity and smallest lift against a model small enough to work out by hand. */
import { describe, expect, it } from 'vitest';
import { featureByName, featureColumn } from '../data/catalogue/catalogue.ts';
import type { BatchLayout, RecapBatch } from '../data/recap-batch.ts';
import { defaultTeacherConfig } from '../data/synthesis/teacher-config.ts';
import { deviationsOf, valueOfDeviations } from './feature-scale.ts';
import { heuristicPreset, heuristicStep } from './heuristics/presets.ts';
import { rank } from './rank.ts';
import { calmDay } from './scenarios/calm-day.ts';
import { sensitivity } from './sensitivity.ts';
import { smallestLift } from './smallest-lift.ts';
import type { ScoreWeights } from './score-weights.ts';
import { createTweetEncoder, createTweetWorld } from './tweet-features.ts';
import { candidateOf } from './tweets.ts';

const task = 'recap.engagement.is_favorited';
const layout: BatchLayout = {
  continuous: 30,
  binary: 24,
  discrete: 0,
  userEmbedding: 4,
  userEngEmbedding: 4,
  authorEmbedding: 4,
  tasks: [task],
};
const weights: ScoreWeights = {
  id: 'own',
  label: 'Own',
  date: null,
  source: 'test',
  rule: { kind: 'weighted_sum' },
  weights: { [task]: 1 },
};
const encoder = createTweetEncoder(createTweetWorld(defaultTeacherConfig, layout), layout);
const likes = featureColumn('recap.earlybird.fav_count_v2');
const isVideo = featureColumn('recap.tweetfeature.has_video');
const hours = featureColumn('time_features.time_since_tweet_creation');

/** Likes count, an image in half as much as e-fold likes, age against; nothing else. */
let calls = 0;
const predictMany = (batch: RecapBatch) => {
  calls++;
  const values = Float32Array.from({ length: batch.size }, (_, r) => {
    const logit =
      -4 +
      0.4 * Math.log1p(batch.continuous[r * layout.continuous + likes]!) +
      0.8 * batch.binary[r * layout.binary + isVideo]! -
      0.05 * batch.continuous[r * layout.continuous + hours]!;
    return 1 / (1 + Math.exp(-logit));
  });
  return Promise.resolve({ tasks: [task], values });
};

const tweets = calmDay.tweets;
const tweet = tweets.find((entry) => entry.author.handle === 'priya_misplaced')!;

describe('feature scale', () => {
  it('inverts values of every continuous kind', () => {
    for (const name of [
      'author_health.num_followers',
      'recap.tweetfeature.user_rep',
      'recap.searchfeature.text_score',
      'time_features.time_since_tweet_creation',
    ]) {
      const feature = featureByName(name);
      for (const z of [-1, 0, 0.5, 1.5])
        expect(deviationsOf(feature, valueOfDeviations(feature, z))).toBeCloseTo(z, 2);
    }
  });
});

describe('sensitivity', () => {
  it('ranks what the model reads and leaves the rest at 0, in one call', async () => {
    calls = 0;
    const result = await sensitivity(tweet, encoder, predictMany, weights);
    expect(calls).toBe(1);
    const moved = result.filter((entry) => entry.change !== 0);
    expect(new Set(moved.map((entry) => entry.feature.label))).toEqual(
      new Set(['Likes', 'Video', 'Tweet age']),
    );
    expect(result.slice(0, 3)).toEqual(moved);
    const video = moved.find((entry) => entry.feature.label === 'Video')!;
    expect(video).toMatchObject({ low: 0, high: 1, value: 0 });
    const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
    const logit = -4 + 0.4 * Math.log1p(57) - 0.05 * 6;
    expect(video.change).toBeCloseTo(sigmoid(logit + 0.8) - sigmoid(logit), 6);
    expect(moved.find((entry) => entry.feature.label === 'Tweet age')!.change).toBeLessThan(0);
  });

  it('tells a net-negative tweet by its weighted sum, where scores lie within a thousandth', async () => {
    const negative = { ...weights, weights: { [task]: -1 } };
    const result = await sensitivity(tweet, encoder, predictMany, negative);
    const video = result.find((entry) => entry.feature.label === 'Video')!;
    // All weights −1: P + N = 1, so the score is (c + 1)·0.001.
    expect(video.sumChange).toBeLessThan(-0.01);
    expect(video.change).toBeCloseTo(video.sumChange * 0.001, 12);
  });

  it('passes over features that mean nothing on the tweet or that the layout has not', async () => {
    const names = (await sensitivity(tweet, encoder, predictMany, weights)).map(
      (entry) => entry.feature.name,
    );
    expect(names).not.toContain('tweetsource.tweet.media.video_duration');
    const narrow = createTweetEncoder(createTweetWorld(defaultTeacherConfig, layout), {
      ...layout,
      continuous: 2,
      binary: 1,
    });
    const seen: number[] = [];
    const few = await sensitivity(
      tweet,
      narrow,
      (batch) => {
        seen.push(batch.size);
        return Promise.resolve({ tasks: [task], values: new Float32Array(batch.size).fill(0.5) });
      },
      weights,
    );
    expect(few).toHaveLength(3);
    expect(seen).toEqual([6]);
  });
});

describe('smallestLift', () => {
  const predicted = predictMany(encoder.encode(tweets));

  it('finds the smallest change that ranks first, and the change does it', async () => {
    const probabilities = await predicted;
    const lift = await smallestLift({
      tweet,
      tweets,
      probabilities,
      weights,
      steps: [],
      encoder,
      predictMany,
    });
    if (lift.kind !== 'found') throw new Error(lift.kind);
    const change = lift.changes[0]!;
    expect(change.feature.label).toBe('Likes');
    // The rival: the owl's 18,400 likes and video, 1.2 h old. Priya's tweet is 6 h old and has no video.
    const needed = Math.expm1((0.4 * Math.log1p(18_400) + 0.8 - 0.05 * 1.2 + 0.05 * 6) / 0.4);
    expect(change.to).toBeGreaterThan(needed);
    expect(change.to).toBeLessThan(needed * 1.15);

    const changed = { ...tweet, features: { [change.feature.name]: change.to } };
    const list = tweets.with(tweets.indexOf(tweet), changed);
    const again = rank(list.map(candidateOf), await predictMany(encoder.encode(list)), weights, []);
    expect(again.ranked[0]!.id).toBe(tweet.id);
  });

  it('says when the tweet is on top already, and when nothing lifts it', async () => {
    const probabilities = await predicted;
    const top = rank(tweets.map(candidateOf), probabilities, weights, []).ranked[0]!;
    const options = { tweets, probabilities, weights, steps: [], encoder, predictMany };
    expect(await smallestLift({ ...options, tweet: tweets[top.index]! })).toEqual({ kind: 'already_top' });
    // A model that reads nothing of the tweet: no change helps.
    const deaf = (batch: RecapBatch) =>
      Promise.resolve({ tasks: [task], values: new Float32Array(batch.size).fill(0.01) });
    const lift = await smallestLift({ ...options, tweet, predictMany: deaf });
    expect(lift.kind).toBe('none');
    await expect(smallestLift({ ...options, tweet: { ...tweet, id: 'gone' } })).rejects.toThrow(
      /"gone" is not among/,
    );
  });

  it('counts what a changed feature does to the heuristics', async () => {
    // All alike for the model; only the verified step tells tweets apart.
    const same = (batch: RecapBatch) =>
      Promise.resolve({ tasks: [task], values: new Float32Array(batch.size).fill(0.1) });
    const plain = tweets.filter((entry) => !entry.author.verified).slice(0, 4);
    const lift = await smallestLift({
      tweet: plain[3]!,
      tweets: plain,
      probabilities: await same(encoder.encode(plain)),
      weights,
      steps: [heuristicStep('verified')],
      encoder,
      predictMany: same,
    });
    expect(lift).toMatchObject({
      kind: 'found',
      changes: [{ feature: { label: 'Verified author' }, to: 1, rank: 1 }],
    });
  });

  it('stays within its batch size and under the presets', async () => {
    const sizes: number[] = [];
    const counting = (batch: RecapBatch) => {
      sizes.push(batch.size);
      return predictMany(batch);
    };
    await smallestLift({
      tweet,
      tweets,
      probabilities: await predicted,
      weights,
      steps: heuristicPreset('2023-07').steps,
      encoder,
      predictMany: counting,
      batchSize: 100,
    });
    expect(Math.max(...sizes)).toBe(100);
  });
});
