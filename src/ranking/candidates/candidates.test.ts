import { describe, expect, it } from 'vitest';
import { createTweetEncoder, createTweetWorld } from '../tweet-features.ts';
import { defaultTeacherConfig } from '../../data/synthesis/teacher-config.ts';
import { heuristicPreset } from '../heuristics/presets.ts';
import { heads } from '../heads.ts';
import { rank } from '../rank.ts';
import { publishedWeights } from '../score-weights.ts';
import { candidateOf } from '../tweets.ts';
import { tweetListSchema } from '../tweet-schema.ts';
import { CANDIDATES, generateCandidates } from './candidates.ts';

describe('generateCandidates', () => {
  const tweets = generateCandidates(1);

  it('makes 1,500 valid tweets, the same for a seed and others for another', () => {
    expect(tweets).toHaveLength(CANDIDATES);
    expect(tweetListSchema.parse(tweets)).toEqual(tweets);
    expect(generateCandidates(1)).toEqual(tweets);
    expect(generateCandidates(1, 10)).toEqual(tweets.slice(0, 10));
    expect(generateCandidates(2)).not.toEqual(tweets);
    expect(generateCandidates(1, 0)).toEqual([]);
    expect(() => generateCandidates(1, -1)).toThrow(/at least 0, it is -1/);
  });

  it('fills every slot, varies, and mixes networks, media and authors', () => {
    for (const tweet of tweets) expect(tweet.text).not.toMatch(/[{}]/);
    expect(new Set(tweets.map((tweet) => tweet.text)).size).toBeGreaterThan(900);
    const share = (test: (tweet: (typeof tweets)[number]) => boolean) =>
      tweets.filter(test).length / tweets.length;
    expect(Math.abs(share((tweet) => tweet.inNetwork) - 0.5)).toBeLessThan(0.12);
    expect(share((tweet) => tweet.media.kind === 'video')).toBeGreaterThan(0.1);
    const byAuthor = new Map<string, typeof tweets>();
    for (const tweet of tweets)
      byAuthor.set(tweet.author.id, [...(byAuthor.get(tweet.author.id) ?? []), tweet]);
    expect(Math.max(...[...byAuthor.values()].map((list) => list.length))).toBeGreaterThan(15);
    for (const list of byAuthor.values()) {
      expect(new Set(list.map((tweet) => tweet.inNetwork)).size).toBe(1);
    }
  });

  it('encodes and ranks under every preset', () => {
    const tasks = heads.map((head) => head.task);
    const layout = {
      continuous: 40,
      binary: 24,
      discrete: 0,
      userEmbedding: 4,
      userEngEmbedding: 4,
      authorEmbedding: 4,
      tasks,
    };
    const batch = createTweetEncoder(createTweetWorld(defaultTeacherConfig, layout), layout).encode(tweets);
    expect(batch.continuous.every(Number.isFinite)).toBe(true);
    const values = Float32Array.from(
      { length: tweets.length * tasks.length },
      (_, i) => ((i * 7919) % 997) / 9970,
    );
    const candidates = tweets.map(candidateOf);
    for (const preset of ['2023-03', '2023-07', '2025-09', 'none']) {
      const ranking = rank(
        candidates,
        { tasks, values },
        publishedWeights('2023-04-05'),
        heuristicPreset(preset).steps,
      );
      expect(ranking.ranked.length + ranking.dropped.length).toBe(CANDIDATES);
    }
  });
});
