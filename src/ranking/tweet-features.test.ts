import { describe, expect, it } from 'vitest';
import { catalogue, featureColumn } from '../data/catalogue/catalogue.ts';
import type { BatchLayout } from '../data/recap-batch.ts';
import { catalogueIndex } from '../data/synthesis/feature-model.ts';
import { authorEmbedding, userEmbedding } from '../data/synthesis/population.ts';
import { defaultTeacherConfig } from '../data/synthesis/teacher-config.ts';
import { heads } from './heads.ts';
import { calmDay } from './scenarios/calm-day.ts';
import { sampleTweets } from './scenarios/index.ts';
import { createTweetEncoder, createTweetWorld, typicalViewer } from './tweet-features.ts';
import { applies, changeValue, populationAuthor, streamOf } from './tweet-values.ts';

const layout: BatchLayout = {
  continuous: 40,
  binary: 24,
  discrete: 3,
  userEmbedding: 8,
  userEngEmbedding: 8,
  authorEmbedding: 8,
  tasks: heads.map((head) => head.task),
};
const world = createTweetWorld(defaultTeacherConfig, layout);
const encoder = createTweetEncoder(world, layout);
const value = (values: Float32Array, name: string) => values[catalogueIndex.get(name)!]!;

describe('tweet features', () => {
  const owl = calmDay.tweets.find((tweet) => tweet.author.handle === 'owlcam_nine')!;

  it('take from the tweet what it shows', () => {
    const values = encoder.values(owl);
    expect(value(values, 'recap.earlybird.fav_count_v2')).toBe(18_400);
    expect(value(values, 'recap.earlybird.reply_count_v2')).toBe(320);
    expect(value(values, 'recap.tweetfeature.has_video')).toBe(1);
    expect(value(values, 'tweetsource.tweet.media.video_duration')).toBe(24);
    expect(value(values, 'recap.tweetfeature.video_view_count')).toBe(512_000);
    expect(value(values, 'time_features.time_since_tweet_creation')).toBeCloseTo(1.2, 6);
    expect(value(values, 'recap.tweetfeature.from_verified_account')).toBe(1);
    expect(value(values, 'recap.tweetfeature.from_mutual_follow')).toBe(0);
    expect(value(values, 'recap.tweetfeature.has_image')).toBe(0);
    expect(value(values, 'tweetsource.tweet.text.length')).toBe(owl.text.length);
  });

  it('let a tweet’s own features win', () => {
    const own = {
      ...owl,
      features: { 'recap.earlybird.fav_count_v2': 3, 'recap.tweetfeature.is_offensive': 1 },
    };
    expect(value(encoder.values(own), 'recap.earlybird.fav_count_v2')).toBe(3);
    const plain = value(encoder.values(owl), 'timelines.earlybird.preported_tweet_score');
    expect(value(encoder.values(own), 'timelines.earlybird.preported_tweet_score')).toBeGreaterThan(
      2 * plain,
    );
    expect(() => encoder.values({ ...owl, features: { nonsense: 1 } })).toThrow(/calm-day-4.*"nonsense"/);
    expect(() =>
      encoder.values({ ...owl, features: { 'recap.earlybird.fav_count_v2': Number.NaN } }),
    ).toThrow(/finite number, it is NaN/);
  });

  it('are finite, whole for counts, 0 or 1 for flags, and within their distributions, for every sample', () => {
    for (const tweet of sampleTweets) {
      const values = encoder.values(tweet);
      catalogue.forEach(({ name, distribution }, at) => {
        const x = values[at]!;
        expect(Number.isFinite(x), `${tweet.id} ${name}`).toBe(true);
        if (distribution.kind === 'bernoulli') expect([0, 1]).toContain(x);
        if (distribution.kind === 'logitnormal') expect(x > -1e-9 && x < 1).toBe(true);
        if (distribution.kind === 'lognormal') {
          expect(x).toBeLessThanOrEqual(distribution.max);
          if (distribution.count) expect(Number.isInteger(x)).toBe(true);
        }
      });
    }
  });

  it('stand on the catalogue’s columns, with embeddings of viewer and author, and noise by tweet id', () => {
    const batch = encoder.encode([owl, { ...owl, id: 'another' }, owl]);
    expect(batch.size).toBe(3);
    expect(batch.continuous[featureColumn('author_health.num_followers')]).toBe(503_000);
    expect(batch.binary[featureColumn('recap.tweetfeature.has_video')]).toBe(1);
    expect(batch.userEmbedding.subarray(0, 8)).toEqual(userEmbedding(world.population, encoder.viewer));
    const author = populationAuthor(world.population, owl.author);
    expect(world.population.authorCluster[author]).toBe(owl.author.cluster);
    expect(batch.authorEmbedding.subarray(8, 16)).toEqual(authorEmbedding(world.population, author));
    const row = (r: number) => batch.continuous.slice(r * 40, (r + 1) * 40);
    expect(row(2)).toEqual(row(0));
    expect(row(1).subarray(25)).not.toEqual(row(0).subarray(25));
    expect(new Set(row(0).subarray(25)).size).toBeGreaterThan(5);
    expect(batch.labels.every((label) => label === 0)).toBe(true);
  });

  it('fit layouts narrower than the catalogue, and masks', () => {
    const narrow = { ...layout, continuous: 3, binary: 2, discrete: 0 };
    const batch = createTweetEncoder(world, narrow).encode([owl]);
    expect([...batch.continuous]).toEqual([18_400, 320, 2_900]);
    expect([...batch.binary]).toEqual([0, 1]);
    const masks = { continuous: Int32Array.of(18, 0), binary: Int32Array.of(1) };
    const masked = createTweetEncoder(world, { ...narrow, continuous: 2, binary: 1, masks }).encode([owl]);
    expect([...masked.continuous]).toEqual([503_000, 18_400]);
    expect([...masked.binary]).toEqual([1]);
  });

  it('refuse a layout of other embeddings and an unknown viewer', () => {
    expect(() => createTweetEncoder(world, { ...layout, authorEmbedding: 4 })).toThrow(
      /authorEmbedding is 4 wide/,
    );
    expect(() => createTweetEncoder(world, layout, { viewer: -1 })).toThrow(/no viewer -1/);
  });

  it('carry what hangs on a flag along when it changes', () => {
    const values = encoder.values(owl);
    const video = catalogueIndex.get('recap.tweetfeature.has_video')!;
    const duration = catalogueIndex.get('tweetsource.tweet.media.video_duration')!;
    const without = changeValue(values, video, 0);
    expect(without[duration]).toBe(0);
    expect(applies(without, duration)).toBe(false);
    expect(changeValue(without, video, 1)[duration]).toBeCloseTo(35, 4);
    expect(values[duration]).toBe(24);
  });

  it('give tweets streams of their own', () => {
    expect(new Set(sampleTweets.map((tweet) => streamOf(tweet.id))).size).toBe(sampleTweets.length);
  });

  it('are for an ordinary viewer, in a population of one too', () => {
    const likes = value(
      encoder.values(owl),
      'user_aggregate_v2.pair.recap.engagement.is_favorited.any_feature.50.days.count',
    );
    expect(Math.abs(likes - 20)).toBeLessThan(8);
    expect(typicalViewer(createTweetWorld({ ...defaultTeacherConfig, users: 1 }, layout))).toBe(0);
  });

  it('give the teacher the same rows', () => {
    const [row] = encoder.teacherRows([owl]);
    expect(row).toMatchObject({
      userId: encoder.viewer,
      authorId: populationAuthor(world.population, owl.author),
    });
    expect(Object.keys(row!.features)).toHaveLength(catalogue.length);
  });
});
