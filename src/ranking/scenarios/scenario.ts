/** What a scenario set is, and short forms to write its tweets. */
import type { Tweet, TweetAuthor, TweetMedia } from '../tweets.ts';

export interface Scenario {
  readonly id: string;
  readonly label: string;
  /** One or two sentences: what to look for in this set. */
  readonly about: string;
  readonly tweets: readonly Tweet[];
}

/** [likes, replies, reposts, quotes, views] */
export type CountsRow = readonly [number, number, number, number, number];

export interface TweetParts {
  /** In network where true, which is the default. */
  readonly network?: boolean;
  readonly media?: TweetMedia;
  readonly reply?: boolean;
  readonly retweet?: boolean;
  readonly fatigue?: number;
  readonly features?: Readonly<Record<string, number>>;
}

/** A writer of one scenario's tweets, numbered from 1 in the order of writing. */
export function tweetWriter(scenario: string) {
  let written = 0;
  return (
    author: TweetAuthor,
    hoursAgo: number,
    counts: CountsRow,
    text: string,
    parts: TweetParts = {},
  ): Tweet => {
    written++;
    const [likes, replies, reposts, quotes, views] = counts;
    return {
      id: `${scenario}-${written}`,
      author,
      text,
      media: parts.media ?? { kind: 'none' },
      createdAtHoursAgo: hoursAgo,
      inNetwork: parts.network ?? true,
      isReply: parts.reply ?? false,
      isRetweet: parts.retweet ?? false,
      counts: { likes, replies, reposts, quotes, views },
      ...(parts.fatigue === undefined ? {} : { feedbackFatigueDays: parts.fatigue }),
      ...(parts.features ? { features: { ...parts.features } } : {}),
    };
  };
}

export const image = (description: string): TweetMedia => ({ kind: 'image', description });

export const video = (description: string, durationSeconds: number, views: number): TweetMedia => ({
  kind: 'video',
  description,
  durationSeconds,
  views,
});

export const link = (title: string): TweetMedia => ({ kind: 'link', title, news: false });

export const newsLink = (title: string): TweetMedia => ({ kind: 'link', title, news: true });
