/** Tweets as the ranking lab shows, edits and saves them. They hold what a person sees; `tweet-features.ts` turns them into columns. */
import type { z } from 'zod';
import type { Candidate } from './heuristics/heuristic.ts';
import type { tweetSchema } from './tweet-schema.ts';

export type Tweet = z.output<typeof tweetSchema>;
export type TweetAuthor = Tweet['author'];
export type TweetMedia = Tweet['media'];
export type TweetCounts = Tweet['counts'];

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
