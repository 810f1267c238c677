/** TeacherConfig: the settings of synthetic data that teaches, as a zod schema (types, defaults, descriptions). */
import { z } from '../../config/zod.ts';
import { LABEL } from './tasks.ts';

const rate = (value: number, what: string) =>
  z
    .number()
    .gt(0)
    .lt(1)
    .default(value)
    .meta({ description: `Share of examples where ${what}.` });

const baseRates = z.strictObject({
  [LABEL.bookmarked]: rate(0.004, 'the viewer bookmarks the tweet'),
  [LABEL.favorited]: rate(0.04, 'the viewer likes the tweet'),
  [LABEL.goodClick]: rate(0.006, 'the viewer opens the conversation and likes or replies'),
  [LABEL.goodClickV2]: rate(0.015, 'the viewer opens the conversation and stays two minutes'),
  [LABEL.negativeFeedback]: rate(0.006, 'the viewer asks for less of this, mutes or blocks'),
  [LABEL.profile]: rate(0.004, "the viewer opens the author's profile and engages there"),
  [LABEL.replied]: rate(0.008, 'the viewer replies'),
  [LABEL.replyEngaged]: rate(0.002, "the author engages with the viewer's reply"),
  [LABEL.report]: rate(0.0008, 'the viewer reports the tweet'),
  [LABEL.retweeted]: rate(0.007, 'the viewer retweets'),
  [LABEL.shared]: rate(0.003, 'the viewer shares the tweet elsewhere'),
  [LABEL.detailDwelled]: rate(0.06, 'the viewer stays on the opened tweet for 15 seconds'),
  [LABEL.video]: rate(0.06, 'half of the video is played'),
});

/** Rates of the labels that imply another must fit below it, whatever the features say: [label, bounds, factor, why]. */
const FITS: readonly (readonly [string, readonly string[], string])[] = [
  [LABEL.replyEngaged, [LABEL.replied], 'a reply engaged by the author is a reply'],
  [LABEL.goodClick, [LABEL.favorited, LABEL.replied], 'this good click is a like or a reply as well'],
  [LABEL.goodClickV2, [LABEL.detailDwelled], 'two minutes in the conversation are more than 15 seconds'],
];

/** Share of tweets with a video, which bounds video playback (the catalogue's probability of has_video). */
export const VIDEO_SHARE = 0.25;

const HEADROOM = 0.9;

export const teacherConfigSchema = z.strictObject({
  seed: z.int().min(0).max(4294967295).default(7).meta({
    description:
      'Draws users, authors, their clusters and the columns of noise: another seed is another world.',
  }),
  users: z
    .int()
    .min(1)
    .max(50000)
    .default(2000)
    .meta({ description: 'Number of viewers, each with two embeddings.' }),
  authors: z
    .int()
    .min(1)
    .max(50000)
    .default(1000)
    .meta({ description: 'Number of authors, each with an embedding, followers and a reputation.' }),
  clusters: z.int().min(1).max(256).default(8).meta({
    description:
      'Communities that users and authors come from. Embeddings of one community lie close together.',
  }),
  in_cluster_share: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .meta({ description: "Share of examples whose author is drawn from the viewer's own community." }),
  effect_size: z.number().min(0).max(6).default(1.5).meta({
    description:
      "Standard deviation of a head's logit over the examples: how much the features say. 0: nothing.",
  }),
  interactions: z.number().min(0).max(3).default(0.8).meta({
    description: 'Strength of products of two features against single features. 0: single features only.',
  }),
  affinity: z.number().min(0).max(3).default(1).meta({
    description: 'Strength of the closeness of viewer and author, which only the embeddings show in full.',
  }),
  noise: z.number().min(0).max(1).default(0).meta({
    description:
      'Share of examples whose labels are drawn at the base rates, whatever the features. 1: pure noise.',
  }),
  base_rates: baseRates
    .prefault({})
    .check((context) => {
      const rates: Readonly<Record<string, number>> = context.value;
      const report = (task: string, bound: number, why: string) => {
        if (rates[task]! <= bound) return;
        context.issues.push({
          code: 'custom',
          input: rates[task],
          path: [task],
          message: `${rates[task]} is too high: ${why}, so it must be at most ${Number(bound.toPrecision(3))}`,
        });
      };
      for (const [task, bounds, why] of FITS) {
        report(task, HEADROOM * Math.max(...bounds.map((bound) => rates[bound]!)), why);
      }
      report(LABEL.video, HEADROOM * VIDEO_SHARE, `only ${VIDEO_SHARE * 100} % of tweets have a video`);
    })
    .meta({ description: 'How often each label is 1. The logits are shifted until these rates hold.' }),
});

export type TeacherConfig = z.infer<typeof teacherConfigSchema>;

/** The settings when a file says nothing: rare events as in life, the realistic preset. */
export const defaultTeacherConfig: TeacherConfig = teacherConfigSchema.parse({});
