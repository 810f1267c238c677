import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../data/catalogue/catalogue.ts';
import { sampleTweets, scenarios } from './scenarios/index.ts';
import { parseTweets, tweetsToJson } from './tweets-file.ts';
import { problemsText } from '../config/text/text-problem.ts';
import { countsOf, mediaOf } from './tweets.ts';
import { tweetListSchema } from './tweet-schema.ts';
import type { Tweet } from './tweets.ts';

const text = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' });
const whole = fc.nat({ max: 1_000_000 });
const anyTweet: fc.Arbitrary<Tweet> = fc.record(
  {
    id: text,
    author: fc.record({
      id: text,
      name: text,
      handle: fc.stringMatching(/^\w{1,20}$/),
      verified: fc.boolean(),
      creator: fc.boolean(),
      followers: whole,
      cluster: fc.nat({ max: 63 }),
    }),
    text: fc.string({ maxLength: 280, unit: 'grapheme' }),
    media: fc.oneof(
      fc.constant({ kind: 'none' as const }),
      fc.record({ kind: fc.constant('image' as const), description: text }),
      fc.record({
        kind: fc.constant('video' as const),
        description: text,
        durationSeconds: fc.integer({ min: 1, max: 8_000 }),
        views: whole,
      }),
      fc.record({ kind: fc.constant('link' as const), title: text, news: fc.boolean() }),
    ),
    createdAtHoursAgo: fc.integer({ min: 0, max: 1_000 }).map((x) => x / 8),
    inNetwork: fc.boolean(),
    isReply: fc.boolean(),
    isRetweet: fc.boolean(),
    counts: fc.record({ likes: whole, replies: whole, reposts: whole, quotes: whole, views: whole }),
    feedbackFatigueDays: fc.nat({ max: 400 }),
    features: fc.dictionary(fc.constantFrom(...catalogue.map(({ name }) => name)), fc.constantFrom(0, 1)),
  },
  {
    requiredKeys: [
      'id',
      'author',
      'text',
      'media',
      'createdAtHoursAgo',
      'inNetwork',
      'isReply',
      'isRetweet',
      'counts',
    ],
  },
);
const anyTweets = fc.uniqueArray(anyTweet, { selector: (tweet) => tweet.id, minLength: 1, maxLength: 5 });

/** Paths of all leaves. */
const leaves = (value: unknown, path: (string | number)[] = []): (string | number)[][] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) =>
        leaves(inner, [...path, Array.isArray(value) ? Number(key) : key]),
      )
    : [path];

describe('tweets JSON', () => {
  it('round-trips', () => {
    fc.assert(
      fc.property(anyTweets, (tweets) => {
        for (const app of [undefined, '1.2.3'])
          expect(parseTweets(tweetsToJson(tweets, app))).toEqual({ value: tweets, problems: [] });
        expect(parseTweets(JSON.stringify(tweets)).value).toEqual(tweets);
      }),
    );
  });

  it('names path, line and column of any one value of the wrong type', () => {
    const marker = '<<here>>';
    fc.assert(
      fc.property(anyTweets, fc.nat(), fc.integer({ min: 0, max: 4 }), (tweets, pick, indent) => {
        // Through JSON, as a structured clone keeps objects shared that fast-check gave to several tweets.
        const copy: unknown = JSON.parse(JSON.stringify({ tweets }));
        const paths = leaves(copy);
        const path = paths[pick % paths.length]!;
        let parent = copy as Record<string | number, unknown>;
        for (const key of path.slice(0, -1)) parent = parent[key] as Record<string | number, unknown>;
        parent[path.at(-1)!] = marker;
        // An object fits no leaf, and stands where the marker stood.
        const marked = JSON.stringify(copy, null, indent);
        const before = marked.slice(0, marked.indexOf(JSON.stringify(marker)));
        const lines = before.split('\n');
        const broken = marked.replace(JSON.stringify(marker), '{"not": ["here"]}');
        const { value, problems } = parseTweets(broken);
        expect(value).toBeNull();
        expect(problems.map(({ path: at, line, column }) => ({ at, line, column }))).toContainEqual({
          at: path,
          line: lines.length,
          column: lines.at(-1)!.length + 1,
        });
      }),
    );
  });

  it('says what is wrong and where', () => {
    const tweet = {
      id: 'a',
      author: { id: 'p', name: 'P', handle: 'p', followers: 1 },
      text: 'Hello',
      createdAtHoursAgo: 1,
      inNetwork: true,
    };
    expect(parseTweets(JSON.stringify([tweet])).value).toMatchObject([
      { media: { kind: 'none' }, isReply: false, counts: { likes: 0, views: 0 } },
    ]);
    const errors = (...tweets: object[]) =>
      problemsText(parseTweets(JSON.stringify(tweets, null, 1)).problems);
    expect(errors(tweet, tweet)).toMatch(
      /^line 15, column 9: \[1\]\.id: the id "a" already belongs to tweet 0/,
    );
    expect(errors({ ...tweet, featuers: {} })).toMatch(
      /^line 13, column 3: \[0\].featuers: there is no such key/,
    );
    expect(errors({ ...tweet, features: { 'recap.fav': 1 } })).toMatch(/line 14, .*no feature "recap\.fav"/);
    expect(errors({ ...tweet, features: { 'recap.tweetfeature.is_reply': 2 } })).toMatch(
      /is a flag: 0 or 1, not 2/,
    );
    expect(errors({ ...tweet, inNetwork: undefined })).toMatch(/\[0\]\.inNetwork: is missing: add it/);
    expect(errors({ ...tweet, media: { kind: 'gif' } })).toMatch(/\[0\]\.media\.kind/);
    expect(problemsText(parseTweets('[{]').problems)).toMatch(/^line 1, column 3/);
    expect(problemsText(parseTweets('3').problems)).toMatch(
      /^line 1, column 1: These are no tweets: write a list/,
    );
  });
});

describe('a card', () => {
  const tweet: Tweet = { ...sampleTweets[0]!, media: { kind: 'none' } };

  it('shows the counts that the model is given', () => {
    expect(countsOf(tweet)).toEqual(tweet.counts);
    const edited = { ...tweet, features: { 'recap.earlybird.fav_count_v2': 900_000 } };
    expect(countsOf(edited)).toEqual({ ...tweet.counts, likes: 900_000 });
  });

  it('shows media that a flag adds, and none that a flag takes away', () => {
    const video = {
      ...tweet,
      features: { 'recap.tweetfeature.has_video': 1, 'tweetsource.tweet.media.video_duration': 12 },
    };
    expect(mediaOf(tweet)).toEqual({ kind: 'none' });
    expect(mediaOf(video)).toMatchObject({ kind: 'video', durationSeconds: 12 });
    const image: Tweet = { ...tweet, media: { kind: 'image', description: 'A cat' } };
    expect(mediaOf(image)).toEqual(image.media);
    expect(mediaOf({ ...image, features: { 'recap.tweetfeature.has_image': 0 } })).toEqual({ kind: 'none' });
  });
});

describe('sample tweets', () => {
  it('are at least 60 in six sets, valid, with ids that differ', () => {
    expect(scenarios).toHaveLength(6);
    expect(sampleTweets.length).toBeGreaterThanOrEqual(60);
    expect(tweetListSchema.parse(sampleTweets)).toEqual(sampleTweets);
    for (const scenario of scenarios) expect(scenario.tweets.length).toBeGreaterThanOrEqual(10);
  });

  it('vary: both networks, every kind of media, replies, retweets, fatigue, badges', () => {
    const some = (test: (tweet: Tweet) => boolean) => sampleTweets.filter(test).length;
    expect(some((tweet) => tweet.inNetwork)).toBeGreaterThan(25);
    expect(some((tweet) => !tweet.inNetwork)).toBeGreaterThan(25);
    for (const kind of ['none', 'image', 'video', 'link'])
      expect(some((tweet) => tweet.media.kind === kind)).toBeGreaterThan(3);
    expect(some((tweet) => tweet.isReply)).toBeGreaterThan(3);
    expect(some((tweet) => tweet.isRetweet)).toBeGreaterThan(0);
    expect(some((tweet) => tweet.author.creator)).toBeGreaterThan(5);
    const fatigue = sampleTweets.map((tweet) => tweet.feedbackFatigueDays);
    for (const days of [9, 14, 60, 154]) expect(fatigue).toContain(days);
    expect(new Set(sampleTweets.map((tweet) => tweet.text)).size).toBe(sampleTweets.length);
  });

  it('fit into 280 characters', () => {
    for (const tweet of sampleTweets) expect(Array.from(tweet.text).length).toBeLessThanOrEqual(280);
  });
});

describe('case 17: posts as they are', () => {
  const read = (file: string) =>
    parseTweets(readFileSync(new URL(`../../test/cases/17-real-posts/${file}`, import.meta.url), 'utf8'));

  it.each<[string, object]>([
    ['long.json', { text: expect.stringMatching(/^.{12000}$/s) as string }],
    ['video.json', { media: { kind: 'video', durationSeconds: 10_800, views: 5 } }],
    ['old.json', { createdAtHoursAgo: 131_400 }],
    ['views-null.json', { counts: { likes: 1, views: 0 } }],
    ['numeric-id.json', { id: '1640000000000000001' }],
  ])('%s', (file, expected) => {
    const { value, problems } = read(file);
    expect(problems).toEqual([]);
    expect(value).toMatchObject([expected]);
  });

  it('names value, place and mend in words of our own', () => {
    const tweet = (changes: object) =>
      problemsText(
        parseTweets(
          JSON.stringify([
            {
              id: 'a',
              author: { id: 'p', name: 'P', handle: 'p', followers: 1 },
              text: 'Hello',
              createdAtHoursAgo: 1,
              inNetwork: true,
              ...changes,
            },
          ]),
        ).problems,
      );
    expect(tweet({ id: 1.5 })).toMatch(/: \[0\]\.id: must be a text, but is 1.5; put it in quotes: "1.5"$/);
    expect(tweet({ createdAtHoursAgo: '3,5' })).toMatch(
      /must be a number, but is the text "3,5"; write 3.5$/,
    );
    expect(tweet({ inNetwork: 'yes' })).toMatch(
      /must be true or false, but is the text "yes"; write true, without quotes$/,
    );
    expect(tweet({ counts: { likes: 1.5 } })).toMatch(
      /likes: must be a whole number, but is 1.5; write 1 or 2$/,
    );
    expect(tweet({ counts: { likes: -1 } })).toMatch(/likes: must be at least 0, but is -1$/);
    expect(tweet({ counts: { likes: 1e12 } })).toMatch(/must be at most 1000000000, but is 1000000000000$/);
    expect(tweet({ media: { kind: 'gif' } })).toMatch(
      /kind: media has a kind: none, image, video or link; this is the text "gif"$/,
    );
    expect(tweet({ author: { id: 'p', name: 'P', handle: '@p', followers: 1 } })).toMatch(
      /without @; this is the text "@p"$/,
    );
    expect(tweet({ text: null })).toMatch(/text: must be a text, but is empty; write "" for an empty text$/);
  });
});

describe("posts in X's own forms", () => {
  const NOW = Date.parse('2023-04-06T00:00:00Z');
  const parse = (value: unknown, before = '') => parseTweets(before + JSON.stringify(value, null, 1), NOW);

  it('reads a page of API v2 with its includes', () => {
    const { value, notes } = parse({
      data: [
        {
          id: '1640000000000000001',
          author_id: '7',
          text: 'short…',
          note_tweet: { text: 'the whole long post' },
          created_at: '2023-04-05T12:00:00.000Z',
          public_metrics: {
            like_count: 3,
            reply_count: 1,
            retweet_count: 2,
            quote_count: 4,
            impression_count: 99,
          },
          referenced_tweets: [{ type: 'replied_to', id: '5' }],
          attachments: { media_keys: ['13_1'] },
        },
        { id: '2', text: 'no more than this', edit_history_tweet_ids: ['2'] },
      ],
      includes: {
        users: [
          {
            id: '7',
            name: 'Ann',
            username: 'ann_x',
            verified: true,
            public_metrics: { followers_count: 50 },
          },
        ],
        media: [
          { media_key: '13_1', type: 'video', duration_ms: 7_200_000, public_metrics: { view_count: 8 } },
        ],
      },
    });
    expect(value).toMatchObject([
      {
        id: '1640000000000000001',
        author: { id: '7', handle: 'ann_x', verified: true, followers: 50 },
        text: 'the whole long post',
        media: { kind: 'video', durationSeconds: 7200, views: 8 },
        createdAtHoursAgo: 12,
        isReply: true,
        isRetweet: false,
        counts: { likes: 3, replies: 1, reposts: 2, quotes: 4, views: 99 },
      },
      { id: '2', createdAtHoursAgo: 0, author: { handle: 'you' } },
    ]);
    expect(notes?.join(' ')).toMatch(
      /taken as followed.*no author for 1 of the 2 posts.*created_at in 1 of the 2 posts/,
    );
  });

  it("reads the archive's tweets.js, whose counts are texts", () => {
    const { value } = parse(
      [
        {
          tweet: {
            id_str: '1050118621198921728',
            full_text: 'RT @ann: hello',
            created_at: 'Wed Oct 10 20:19:24 +0000 2018',
            favorite_count: '12',
            retweet_count: '3',
            extended_entities: { media: [{ type: 'photo', ext_alt_text: 'A cat' }] },
          },
        },
      ],
      'window.YTD.tweets.part0 = ',
    );
    expect(value).toMatchObject([
      {
        id: '1050118621198921728',
        isRetweet: true,
        counts: { likes: 12, reposts: 3 },
        media: { kind: 'image' },
      },
    ]);
    expect(value?.[0]?.createdAtHoursAgo).toBeCloseTo(
      (NOW - Date.UTC(2018, 9, 10, 20, 19, 24)) / 3_600_000,
      9,
    );
  });

  it('reads an embedded post and a status of API v1.1', () => {
    const user = {
      id_str: '7',
      name: 'Ann',
      screen_name: 'ann_x',
      followers_count: 9,
      is_blue_verified: true,
    };
    const { value } = parse({
      id_str: '20',
      text: 'just setting up',
      created_at: '2023-04-05T23:00:00.000Z',
      favorite_count: 5,
      conversation_count: 6,
      user,
      entities: { urls: [{ display_url: 'example.org' }] },
    });
    expect(value).toMatchObject([
      {
        id: '20',
        author: { verified: true, followers: 9 },
        counts: { likes: 5, replies: 6 },
        media: { kind: 'link', title: 'example.org' },
        createdAtHoursAgo: 1,
      },
    ]);
  });

  it('refuses one without an id at its place', () => {
    const { problems } = parse([{ full_text: 'x', created_at: '2023-04-05T23:00:00Z' }]);
    expect(problems).toMatchObject([{ line: 2, column: 2, message: '[0].id: is missing: add it, a text' }]);
  });
});
