/**
 * Tweets as the ranking lab shows, edits and saves them. The zod schema is the source of the type; it also checks
 * features by the catalogue's names. Tweets hold what a person sees; `tweet-features.ts` turns them into columns.
 */
import { z } from '../config/zod.ts';
import { catalogue } from '../data/catalogue/catalogue.ts';
import type { Candidate } from './heuristics/heuristic.ts';

const count = (what: string) =>
  z
    .int()
    .min(0)
    .max(1_000_000_000)
    .meta({ description: `Number of ${what}.` });
/** A count that may be left out or null: posts before December 2022 have no views. */
const countOrZero = (what: string) =>
  count(what)
    .nullish()
    .transform((value) => value ?? 0);
const shortText = (max: number) => z.string().min(1).max(max);

export const mediaSchema = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('none') }),
    z.strictObject({ kind: z.literal('image'), description: z.string().max(1_000) }),
    z.strictObject({
      kind: z.literal('video'),
      description: z.string().max(1_000),
      // A week: longer than any upload or broadcast.
      durationSeconds: z.number().positive().max(604_800),
      views: countOrZero('views of the video'),
    }),
    z.strictObject({
      kind: z.literal('link'),
      /** What the card shows as its title. */
      title: z.string().max(200),
      news: z.boolean().default(false),
    }),
  ],
  'media has a kind: none, image, video or link',
);

export const authorSchema = z.strictObject({
  id: shortText(80),
  name: shortText(50),
  handle: z.string().regex(/^\w{1,20}$/, 'a handle has 1 to 20 letters, digits or underscores, without @'),
  verified: z.boolean().default(false),
  creator: z.boolean().default(false).meta({ description: 'In the creator programme.' }),
  followers: count('followers'),
  cluster: z.int().min(0).max(63).default(0).meta({ description: "The author's interest cluster." }),
});

export const countsSchema = z.strictObject({
  likes: countOrZero('likes'),
  replies: countOrZero('replies'),
  reposts: countOrZero('reposts'),
  quotes: countOrZero('quotes'),
  views: countOrZero('views'),
});

const flags = new Set(catalogue.filter((feature) => feature.tensor === 'binary').map(({ name }) => name));
const names = new Set(catalogue.map(({ name }) => name));

/** Raw values by the catalogue's names, in place of what the tweet's own fields give. */
export const featureOverridesSchema = z.record(z.string(), z.number()).superRefine((features, context) => {
  for (const [name, value] of Object.entries(features)) {
    if (!names.has(name)) {
      context.addIssue({
        code: 'custom',
        path: [name],
        message: `the catalogue has no feature "${name}"; names are the reference's full names`,
      });
    } else if (flags.has(name) && value !== 0 && value !== 1) {
      context.addIssue({ code: 'custom', path: [name], message: `${name} is a flag: 0 or 1, not ${value}` });
    }
  }
});

export const tweetSchema = z.strictObject({
  id: shortText(80),
  author: authorSchema,
  // X allows 25,000 characters in a post and 100,000 in an article.
  text: z.string().max(100_000),
  media: mediaSchema.default({ kind: 'none' }),
  // Half a century: older than any post.
  createdAtHoursAgo: z.number().min(0).max(438_000),
  inNetwork: z.boolean().meta({ description: 'The viewer follows the author.' }),
  isReply: z.boolean().default(false),
  isRetweet: z.boolean().default(false),
  counts: countsSchema.prefault({}),
  feedbackFatigueDays: z
    .number()
    .min(0)
    .max(3_650)
    .optional()
    .meta({ description: 'Days since the viewer gave negative feedback on this author.' }),
  features: featureOverridesSchema.optional(),
});

export type Tweet = z.output<typeof tweetSchema>;
export type TweetAuthor = Tweet['author'];
export type TweetMedia = Tweet['media'];
export type TweetCounts = Tweet['counts'];

/** A list of tweets with ids that differ. */
export const tweetListSchema = z
  .array(tweetSchema)
  .max(20_000)
  .superRefine((tweets, context) => {
    const rows = new Map<string, number>();
    for (const [row, { id }] of tweets.entries()) {
      const first = rows.get(id);
      if (first === undefined) rows.set(id, row);
      else {
        context.addIssue({
          code: 'custom',
          path: [row, 'id'],
          message: `the id "${id}" already belongs to tweet ${first}; ids must differ`,
        });
      }
    }
  });

/** The counts that a card shows. A feature that the tweet overrides holds here too. */
export function countsOf({ counts, features = {} }: Tweet): TweetCounts {
  const count = (name: string, otherwise: number) => Math.round(features[name] ?? otherwise);
  return {
    likes: count('recap.earlybird.fav_count_v2', counts.likes),
    replies: count('recap.earlybird.reply_count_v2', counts.replies),
    reposts: count('recap.earlybird.retweet_count_v2', counts.reposts),
    quotes: count('timelines.earlybird.quote_count', counts.quotes),
    views: counts.views,
  };
}

/** The media that a card shows: a flag that the tweet overrides adds or takes away an image or a video. */
export function mediaOf({ media, features = {} }: Tweet): TweetMedia {
  const own = (kind: 'image' | 'video') => features[`recap.tweetfeature.has_${kind}`];
  if (own('video') === 1 || (media.kind === 'video' && own('video') !== 0)) {
    const video = media.kind === 'video' ? media : { description: 'A video', durationSeconds: 0, views: 0 };
    return {
      kind: 'video',
      description: video.description,
      durationSeconds: features['tweetsource.tweet.media.video_duration'] ?? video.durationSeconds,
      views: Math.round(features['recap.tweetfeature.video_view_count'] ?? video.views),
    };
  }
  if (own('image') === 1 && media.kind !== 'image') return { kind: 'image', description: 'An image' };
  const gone = (media.kind === 'image' || media.kind === 'video') && own(media.kind) === 0;
  return gone ? { kind: 'none' } : media;
}

/** What the heuristics read of a tweet. A feature that the tweet overrides holds here too. */
export function candidateOf(tweet: Tweet): Candidate {
  const own = tweet.features ?? {};
  const flag = (name: string, otherwise: boolean) => (Object.hasOwn(own, name) ? own[name] !== 0 : otherwise);
  return {
    id: tweet.id,
    authorId: tweet.author.id,
    inNetwork: tweet.inNetwork,
    isReply: flag('recap.tweetfeature.is_reply', tweet.isReply),
    isRetweet: flag('recap.tweetfeature.is_retweet', tweet.isRetweet),
    verified: flag('recap.tweetfeature.from_verified_account', tweet.author.verified),
    creator: tweet.author.creator,
    ageHours: own['time_features.time_since_tweet_creation'] ?? tweet.createdAtHoursAgo,
    feedbackFatigueDays: tweet.feedbackFatigueDays ?? null,
  };
}
