/**
 * What each label depends on: main effects, products of two features, and affinity, as relative weights. The teacher
 * standardizes the sum to the configured effect size. Several heads share products, as one MaskNet serves them all.
 */
import type { LabelKey } from './tasks.ts';

const likes = 'recap.earlybird.fav_count_v2';
const replies = 'recap.earlybird.reply_count_v2';
const retweets = 'recap.earlybird.retweet_count_v2';
const textScore = 'recap.searchfeature.text_score';
const views = 'recap.tweetfeature.video_view_count';
const quotes = 'timelines.earlybird.quote_count';
const preported = 'timelines.earlybird.preported_tweet_score';
const length = 'tweetsource.tweet.text.length';
const duration = 'tweetsource.tweet.media.video_duration';
const age = 'time_features.time_since_tweet_creation';
const followers = 'author_health.num_followers';
const pairLikes = 'realgraph.num_favorites.ewma';
const pairDwell = 'realgraph.total_dwell_time.ewma';
const pairNow = 'realtime_interaction_graph.fav.count';
const networkLikes = 'engagement_features.in_network.favorites.count';
const viewerLikes = 'user_aggregate_v2.pair.recap.engagement.is_favorited.any_feature.50.days.count';
const similar = 'user_tweet.recommendations.sim_clusters_recent_engagement_similarity.fav_7d_last_10_max';
const image = 'recap.tweetfeature.has_image';
const video = 'recap.tweetfeature.has_video';
const link = 'recap.tweetfeature.has_link';
const news = 'recap.tweetfeature.has_news';
const isReply = 'recap.tweetfeature.is_reply';
const sensitive = 'recap.tweetfeature.is_sensitive';
const offensive = 'recap.tweetfeature.is_offensive';
const mutual = 'recap.tweetfeature.from_mutual_follow';
const verified = 'recap.tweetfeature.from_verified_account';
const spammer = 'recap.tweetfeature.is_author_spam';
const language = 'recap.tweetfeature.match_ui_lang';
const spamLabel = 'timelines.earlybird.label_spam_flag';
const nsfw = 'timelines.earlybird.label_nsfw_hi_prc_flag';
const question = 'tweetsource.tweet.text.has_question';
const recycled = 'time_features.is_tweet_recycled';

/** Stands for the standardized affinity where a feature's name may stand. */
export const AFFINITY = 'affinity';

export interface HeadSignal {
  /** [feature or AFFINITY, weight]. */
  readonly main: readonly (readonly [string, number])[];
  /** [feature or AFFINITY, feature or AFFINITY, weight]. */
  readonly products: readonly (readonly [string, string, number])[];
}

/** By label. For labels that imply another (see labels.ts) it is the signal of the conditional probability. */
export const headSignals: Readonly<Record<LabelKey, HeadSignal>> = {
  favorited: {
    main: [
      [AFFINITY, 0.8],
      [pairLikes, 0.5],
      [viewerLikes, 0.4],
      [similar, 0.4],
      [likes, 0.35],
      [networkLikes, 0.3],
      [age, -0.3],
      [image, 0.2],
      [language, 0.2],
    ],
    products: [
      [AFFINITY, viewerLikes, 0.35],
      [likes, networkLikes, 0.2],
    ],
  },
  retweeted: {
    main: [
      [AFFINITY, 0.5],
      [retweets, 0.6],
      [pairLikes, 0.4],
      [news, 0.35],
      [verified, 0.2],
      [isReply, -0.4],
      [textScore, 0.3],
    ],
    products: [
      [AFFINITY, news, 0.3],
      [retweets, isReply, -0.2],
    ],
  },
  replied: {
    main: [
      [mutual, 0.6],
      [AFFINITY, 0.4],
      [question, 0.5],
      [replies, 0.35],
      [pairNow, 0.35],
      [isReply, 0.3],
      [followers, -0.3],
    ],
    products: [
      [question, mutual, 0.3],
      [replies, isReply, 0.2],
    ],
  },
  replyEngaged: {
    main: [
      [followers, -0.7],
      [mutual, 0.5],
      [pairNow, 0.4],
      [question, 0.3],
    ],
    products: [[mutual, followers, -0.3]],
  },
  profile: {
    main: [
      [similar, 0.5],
      [AFFINITY, 0.4],
      [mutual, -0.5],
      [followers, 0.35],
      [verified, 0.3],
      [pairDwell, 0.25],
    ],
    products: [[AFFINITY, mutual, -0.3]],
  },
  video: {
    main: [
      [duration, -0.6],
      [views, 0.4],
      [AFFINITY, 0.5],
      [pairDwell, 0.45],
      [language, 0.2],
    ],
    products: [[duration, pairDwell, 0.25]],
  },
  goodClick: {
    main: [
      [replies, 0.5],
      [question, 0.4],
      [length, 0.35],
      [quotes, 0.25],
      [AFFINITY, 0.2],
    ],
    products: [[replies, question, 0.3]],
  },
  detailDwelled: {
    main: [
      [pairDwell, 0.6],
      [length, 0.6],
      [AFFINITY, 0.4],
      [replies, 0.35],
      [link, -0.3],
    ],
    products: [[length, pairDwell, 0.3]],
  },
  goodClickV2: {
    main: [
      [replies, 0.6],
      [pairDwell, 0.4],
      [length, 0.35],
      [quotes, 0.2],
    ],
    products: [[AFFINITY, replies, 0.3]],
  },
  negativeFeedback: {
    main: [
      [preported, 0.8],
      [AFFINITY, -0.6],
      [offensive, 0.4],
      [spamLabel, 0.4],
      [spammer, 0.3],
      [mutual, -0.3],
      [recycled, 0.3],
      [sensitive, 0.25],
    ],
    products: [[AFFINITY, preported, -0.25]],
  },
  report: {
    main: [
      [preported, 0.9],
      [AFFINITY, -0.5],
      [offensive, 0.4],
      [spamLabel, 0.3],
      [spammer, 0.2],
      [nsfw, 0.2],
      [followers, 0.2],
    ],
    products: [[AFFINITY, preported, -0.25]],
  },
  bookmarked: {
    main: [
      [length, 0.4],
      [textScore, 0.4],
      [link, 0.4],
      [AFFINITY, 0.35],
      [likes, 0.25],
    ],
    products: [[link, textScore, 0.25]],
  },
  shared: {
    main: [
      [video, 0.35],
      [news, 0.35],
      [AFFINITY, 0.35],
      [likes, 0.35],
      [similar, 0.3],
    ],
    products: [[AFFINITY, news, 0.3]],
  },
};
