/**
 * How named features hang together: each feature's standard normal is a mix of shared factors and a rest of its own.
 * Weights are correlations with the factor. An author's or viewer's features are the same in all their examples.
 */

/** Shared standard normal factors. The first three stay with an author or a viewer, the others change with the tweet. */
export const FACTORS = [
  'popularity',
  'ill',
  'activity',
  'affinity',
  'engagement',
  'malice',
  'talk',
  'medium',
  'link',
  'length',
  'age',
] as const;

export type Factor = (typeof FACTORS)[number];

export interface Loading {
  /** Whose feature it is: drawn once per author or viewer, or for each tweet. */
  readonly of: 'author' | 'user' | 'tweet';
  readonly factors: Partial<Readonly<Record<Factor, number>>>;
}

const tweet = (factors: Loading['factors']): Loading => ({ of: 'tweet', factors });
const author = (factors: Loading['factors']): Loading => ({ of: 'author', factors });
const user = (factors: Loading['factors']): Loading => ({ of: 'user', factors });

/** By feature name. A feature that is not here is independent of all others. */
export const featureLoadings: Readonly<Record<string, Loading>> = {
  'recap.earlybird.fav_count_v2': tweet({ popularity: 0.6, engagement: 0.65 }),
  'recap.earlybird.reply_count_v2': tweet({ popularity: 0.5, engagement: 0.45, talk: 0.4 }),
  'recap.earlybird.retweet_count_v2': tweet({ popularity: 0.55, engagement: 0.6 }),
  'recap.searchfeature.text_score': tweet({ engagement: 0.3, malice: -0.4 }),
  'recap.searchfeature.blender_score': tweet({ engagement: 0.4, affinity: 0.25 }),
  'recap.tweetfeature.num_hashtags': tweet({ malice: 0.2 }),
  'recap.tweetfeature.num_mentions': tweet({ talk: 0.4 }),
  'recap.tweetfeature.user_rep': author({ popularity: 0.7, ill: -0.4 }),
  'recap.tweetfeature.video_view_count': tweet({ popularity: 0.6, engagement: 0.5 }),
  'timelines.earlybird.quote_count': tweet({ popularity: 0.5, engagement: 0.5, talk: 0.2 }),
  'timelines.earlybird.decayed_favorite_count': tweet({ popularity: 0.55, engagement: 0.65, age: -0.2 }),
  'timelines.earlybird.weighted_fav_count': tweet({ popularity: 0.6, engagement: 0.6 }),
  'timelines.earlybird.preported_tweet_score': tweet({ malice: 0.7 }),
  'tweetsource.tweet.text.length': tweet({ length: 0.8 }),
  'tweetsource.tweet.text.num_caps': tweet({ length: 0.5, malice: 0.3 }),
  'time_features.time_since_tweet_creation': tweet({ age: 1 }),
  'time_features.tweet_age_ratio': tweet({ age: 0.7, activity: -0.3 }),
  'author_health.num_followers': author({ popularity: 1 }),
  'realgraph.num_favorites.ewma': tweet({ affinity: 0.5, activity: 0.5 }),
  'realgraph.total_dwell_time.ewma': tweet({ affinity: 0.5, activity: 0.4 }),
  'realtime_interaction_graph.fav.count': tweet({ affinity: 0.45, activity: 0.4 }),
  'engagement_features.in_network.favorites.count': tweet({ affinity: 0.3, engagement: 0.5 }),
  'user_aggregate_v2.pair.recap.engagement.is_favorited.any_feature.50.days.count': user({ activity: 0.95 }),
  'user_tweet.recommendations.sim_clusters_recent_engagement_similarity.fav_7d_last_10_max': tweet({
    affinity: 0.65,
  }),
  'recap.tweetfeature.has_image': tweet({ medium: -0.6 }),
  'recap.tweetfeature.has_video': tweet({ medium: 0.6 }),
  'recap.tweetfeature.has_link': tweet({ link: 0.85 }),
  'recap.tweetfeature.has_card': tweet({ link: 0.8 }),
  'recap.tweetfeature.has_news': tweet({ link: 0.75, engagement: 0.2 }),
  'recap.tweetfeature.has_trend': tweet({ engagement: 0.25 }),
  'recap.tweetfeature.is_reply': tweet({ talk: 0.5, engagement: -0.3 }),
  'recap.tweetfeature.is_retweet': tweet({ engagement: 0.35 }),
  'recap.tweetfeature.is_sensitive': tweet({ malice: 0.5 }),
  'recap.tweetfeature.is_offensive': tweet({ malice: 0.6, talk: 0.2 }),
  'recap.tweetfeature.from_mutual_follow': tweet({ affinity: 0.5, popularity: -0.35 }),
  'recap.tweetfeature.from_verified_account': author({ popularity: 0.65, ill: -0.2 }),
  'recap.tweetfeature.is_author_new': author({ popularity: -0.4, ill: 0.4 }),
  'recap.tweetfeature.is_author_spam': author({ ill: 0.8, popularity: -0.2 }),
  'recap.tweetfeature.match_ui_lang': tweet({ affinity: 0.3 }),
  'timelines.earlybird.has_quote': tweet({ talk: 0.3 }),
  'timelines.earlybird.label_spam_flag': tweet({ malice: 0.6 }),
  'timelines.earlybird.label_nsfw_hi_prc_flag': tweet({ malice: 0.5 }),
  'tweetsource.tweet.text.has_question': tweet({ talk: 0.5 }),
  'time_features.is_tweet_recycled': tweet({ age: 0.5 }),
};

/** How much of a tweet's malice comes with its author: correlation of `malice` with `ill`. */
export const MALICE_OF_AUTHOR = 0.6;
