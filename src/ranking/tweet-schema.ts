/**
 * What a tweet may say: the zod schema is the source of the type, and checks features by the catalogue's names. Only who
 * reads tweets from outside needs it; a page shows its own before it is loaded.
 */
import { z } from '../config/zod.ts';
import { catalogue } from '../data/catalogue/catalogue.ts';

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
