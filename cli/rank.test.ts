import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleTweets } from '../src/ranking/scenarios/index.ts';
import { tweetsToJson } from '../src/ranking/tweets-file.ts';
import { readOptions } from './command.ts';
import { rank } from './rank.ts';

interface Entry {
  id: string;
  rank: number;
  score: number;
  weighted_sum: number;
  heads: Record<string, { probability: number; weight: number; contribution: number }>;
  factors: Record<string, number>;
}

const fixture = 'test/fixtures/parallel-share-all';
const model = ['--config', `${fixture}/config.yaml`, '--weights', `${fixture}/final.safetensors`];
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rank-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const run = (...args: string[]) => rank.run(readOptions(rank, [...model, ...args]));

async function ranked(...args: string[]): Promise<{ tweets: Entry[]; dropped: Entry[] }> {
  const out = join(folder, 'ranked.json');
  await run(...args, '--out', out);
  return JSON.parse(await readFile(out, 'utf8')) as { tweets: Entry[]; dropped: Entry[] };
}

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

describe('rank', () => {
  it('ranks the sample tweets; the printed contributions add up to the printed score', async () => {
    const { tweets, dropped } = await ranked();
    expect(dropped).toEqual([]);
    expect(tweets.map((tweet) => tweet.id).toSorted()).toEqual(
      sampleTweets.map((tweet) => tweet.id).toSorted(),
    );
    expect(tweets.map((tweet) => tweet.rank)).toEqual(tweets.map((_, i) => i + 1));
    const scores = tweets.map((tweet) => tweet.score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    for (const tweet of tweets) {
      const heads = Object.values(tweet.heads);
      expect(heads).toHaveLength(10);
      for (const { probability, weight, contribution } of heads) {
        expect(contribution).toBeCloseTo(probability * weight, 12);
      }
      const sum = heads.reduce((total, head) => total + head.contribution, 0);
      expect(sum).toBeCloseTo(tweet.weighted_sum, 12);
      const offset = sum < 0 ? ((sum + 443) / (123.005 + 443)) * 0.001 : sum + 0.001;
      expect(tweet.score).toBeCloseTo(offset, 12);
      expect(tweet.factors).toEqual({});
    }
  });

  it('applies a preset, the max rule and own tweets', async () => {
    const tweets = await file('tweets.json', tweetsToJson(sampleTweets.slice(0, 14)));
    const result = await ranked(
      '--tweets',
      tweets,
      '--score-weights',
      '2023-03-31',
      '--heuristics',
      '2023-07',
    );
    expect(result.tweets.length + result.dropped.length).toBe(14);
    for (const tweet of result.tweets) {
      const clicks = ['favorited_or_replied', 'v2'].map(
        (end) => tweet.heads[`recap.engagement.is_good_clicked_convo_desc_${end}`]!,
      );
      expect(clicks.map((head) => head.weight)).toEqual([11, 11]);
      expect(clicks.filter((head) => head.contribution === 0)).toHaveLength(1);
    }
    const boosted = result.tweets.find((tweet) => tweet.factors['verified']);
    expect([2, 4]).toContain(boosted?.factors['verified']);
  });

  it('takes own score weights', async () => {
    const path = await file('own.yaml', 'weights:\n  recap.engagement.is_replied: 2\n');
    const { tweets } = await ranked('--score-weights', path);
    const [first] = tweets;
    expect(first!.weighted_sum).toBeCloseTo(2 * first!.heads['recap.engagement.is_replied']!.probability, 12);
  });

  it('names the place of bad input and leaves no output', async () => {
    const out = ['--out', join(folder, 'none.json')];
    await expect(run(...out, '--heuristics', '2024-01')).rejects.toThrow(/--heuristics must be 2023-03 or/);
    await expect(run(...out, '--score-weights', '2023-04-06')).rejects.toThrow(
      /2023-03-31 or 2023-04-05 or a file/,
    );
    const weights = await file('bad.yaml', 'weights:\n  recap.engagement.is_liked: 1\n');
    await expect(run(...out, '--score-weights', weights)).rejects.toThrow(/bad\.yaml:2:30: .*no head "recap/);
    const tweets = await file('bad.json', '[\n  {"id": 3}\n]');
    await expect(run(...out, '--tweets', tweets)).rejects.toThrow(
      /bad\.json:2:3: .*author: is missing.*more\)/,
    );
    await expect(run(...out, '--tweets', await file('empty.json', '[]'))).rejects.toThrow(/holds no tweet/);
    expect((await readdir(folder)).filter((name) => name.startsWith('none'))).toEqual([]);
  });
});
