/**
 * The named features of a tweet. What the tweet shows (counts, text, media, age, badges) is taken from it; what it does
 * not show (how viewer and author have dealt with each other) is drawn by the synthetic data's own feature model, from
 * the tweet's id, so that values lie where a trained model has seen them. A tweet's own `features` win over both.
 */
import { catalogue } from '../data/catalogue/catalogue.ts';
import { stableExp, stableLog } from '../data/stable-math.ts';
import { catalogueIndex, typicalValue } from '../data/synthesis/feature-model.ts';
import type { FeatureModel } from '../data/synthesis/feature-model.ts';
import type { Population } from '../data/synthesis/population.ts';
import { MAX_EXAMPLES, rowRandom } from '../data/synthesis/streams.ts';
import type { TeacherConfig } from '../data/synthesis/teacher-config.ts';
import type { Tweet } from './tweets.ts';

/** Who lives where: a teacher is one. */
export interface TweetWorld {
  readonly config: TeacherConfig;
  readonly population: Population;
  readonly featureModel: FeatureModel;
}

/** The seed of everything drawn for tweets; not the training data's, so that no candidate is a training example. */
export const TWEET_SEED = 20_230_331;

const OUT_OF_NETWORK_HISTORY = 0.2;
const IN_NETWORK_HISTORY = 1.5;

/** A number below 2^27 from a text (FNV-1a): the number of its random stream. */
export function streamOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  return ((hash ^ (hash >>> 27)) >>> 0) % MAX_EXAMPLES;
}

/** The population's author who lends a tweet's author their embedding: always the same, from the author's cluster. */
export function populationAuthor(population: Population, author: Tweet['author']): number {
  const stream = streamOf(author.id);
  const own = population.authorsByCluster[author.cluster % population.clusters];
  return own && own.length > 0 ? own[stream % own.length]! : stream % population.authors;
}

/** A flag to 1 or 0 by name, a value by name: what is known for sure of the tweet. */
type Known = Readonly<Record<string, number>>;

function countMatches(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

function textLength(text: string): number {
  return Array.from(text).length;
}

/** Likes halve every eleven hours or so. */
function decayed(likes: number, hours: number): number {
  return likes * stableExp(-Math.min(hours, 500) / 16);
}

function reputation(followers: number): number {
  const deviations = (stableLog(1 + followers) - stableLog(3_000)) / 2.1;
  return Math.min(100, Math.max(0, 45 + 18 * 0.8 * deviations));
}

/** Long enough, readable, no shouting, few hashtags: 0.05 … 0.95. */
function textScore(text: string): number {
  const length = textLength(text);
  const capitals = countMatches(text, /\p{Lu}/gu) / Math.max(1, length);
  const score =
    0.35 +
    0.35 * Math.min(1, length / 120) -
    1.5 * Math.max(0, capitals - 0.06) -
    0.06 * countMatches(text, /#\w/g) -
    0.04 * countMatches(text, /!/g);
  return Math.min(0.95, Math.max(0.05, score));
}

function known(tweet: Tweet): Known {
  const { author, counts, media, text } = tweet;
  const hours = tweet.createdAtHoursAgo;
  const isVideo = media.kind === 'video';
  const isLink = media.kind === 'link';
  const hashtags = countMatches(text, /#[\p{L}\p{N}_]+/gu);
  return {
    'recap.earlybird.fav_count_v2': counts.likes,
    'recap.earlybird.reply_count_v2': counts.replies,
    'recap.earlybird.retweet_count_v2': counts.reposts,
    'recap.searchfeature.text_score': textScore(text),
    'recap.searchfeature.blender_score': 0.5 + stableLog(1 + counts.likes) / 4,
    'recap.tweetfeature.num_hashtags': hashtags,
    'recap.tweetfeature.num_mentions': countMatches(text, /@\w+/g),
    'recap.tweetfeature.user_rep': reputation(author.followers),
    'recap.tweetfeature.video_view_count': isVideo ? media.views : 0,
    'timelines.earlybird.quote_count': counts.quotes,
    'timelines.earlybird.decayed_favorite_count': decayed(counts.likes, hours),
    'timelines.earlybird.weighted_fav_count': counts.likes * (0.3 + reputation(author.followers) / 150),
    'tweetsource.tweet.text.length': Math.min(280, textLength(text)),
    'tweetsource.tweet.text.num_caps': countMatches(text, /\p{Lu}/gu),
    'tweetsource.tweet.media.video_duration': isVideo ? media.durationSeconds : 0,
    'time_features.time_since_tweet_creation': hours,
    'time_features.tweet_age_ratio': hours / (hours + 9),
    'author_health.num_followers': author.followers,
    'recap.tweetfeature.has_image': media.kind === 'image' ? 1 : 0,
    'recap.tweetfeature.has_video': isVideo ? 1 : 0,
    'recap.tweetfeature.has_link': isLink || /https?:\/\//.test(text) ? 1 : 0,
    'recap.tweetfeature.has_card': isLink ? 1 : 0,
    'recap.tweetfeature.has_news': isLink && media.news ? 1 : 0,
    'recap.tweetfeature.has_trend': 0,
    'recap.tweetfeature.has_hashtag': hashtags > 0 ? 1 : 0,
    'recap.tweetfeature.is_reply': tweet.isReply ? 1 : 0,
    'recap.tweetfeature.is_retweet': tweet.isRetweet ? 1 : 0,
    'recap.tweetfeature.is_sensitive': 0,
    'recap.tweetfeature.is_offensive': 0,
    'recap.tweetfeature.from_verified_account': author.verified ? 1 : 0,
    'recap.tweetfeature.is_author_new': 0,
    'recap.tweetfeature.is_author_spam': 0,
    'recap.tweetfeature.match_ui_lang': 1,
    'timelines.earlybird.has_quote': 0,
    'timelines.earlybird.label_spam_flag': 0,
    'timelines.earlybird.label_nsfw_hi_prc_flag': 0,
    'tweetsource.tweet.text.has_question': text.includes('?') ? 1 : 0,
    'time_features.is_tweet_recycled': 0,
  };
}

const index = (name: string): number => catalogueIndex.get(name)!;
const historyFeatures = [
  'realgraph.num_favorites.ewma',
  'realgraph.total_dwell_time.ewma',
  'realtime_interaction_graph.fav.count',
].map(index);
const mutual = index('recap.tweetfeature.from_mutual_follow');
const networkLikes = index('engagement_features.in_network.favorites.count');
const preported = index('timelines.earlybird.preported_tweet_score');

/**
 * All named features of a tweet as `viewer` meets it, in catalogue order, float32: [catalogue.length].
 * @throws RangeError naming a feature in `tweet.features` that the catalogue lacks, or whose value is not finite
 */
export function tweetValues(tweet: Tweet, world: TweetWorld, viewer: number): Float32Array {
  const values = new Float32Array(catalogue.length);
  const author = populationAuthor(world.population, tweet.author);
  world.featureModel.draw(
    rowRandom(TWEET_SEED, 'candidates', streamOf(tweet.id), 'example'),
    viewer,
    author,
    values,
  );
  for (const [name, value] of Object.entries(known(tweet))) values[index(name)] = value;
  for (const at of historyFeatures) {
    const scaled = values[at]! * (tweet.inNetwork ? IN_NETWORK_HISTORY : OUT_OF_NETWORK_HISTORY);
    values[at] =
      catalogue[at]!.distribution.kind === 'lognormal' && isCount(at) ? Math.floor(scaled) : scaled;
  }
  if (!tweet.inNetwork) values[mutual] = 0;
  values[networkLikes] = Math.min(values[networkLikes]!, tweet.counts.likes);
  const own = tweet.features ?? {};
  for (const [name, value] of Object.entries(own)) {
    const at = catalogueIndex.get(name);
    if (at === undefined)
      throw new RangeError(`Tweet "${tweet.id}": the catalogue has no feature "${name}".`);
    if (!Number.isFinite(value)) {
      throw new RangeError(`Tweet "${tweet.id}": ${name} must be a finite number, it is ${value}.`);
    }
    values[at] = value;
  }
  if (!Object.hasOwn(own, 'timelines.earlybird.preported_tweet_score')) {
    values[preported] = predictedReport(values, values[preported]!);
  }
  return limitToDistributions(values, own);
}

function isCount(at: number): boolean {
  const { distribution } = catalogue[at]!;
  return distribution.kind === 'lognormal' && distribution.count;
}

/** An upstream estimate that follows the flags, with a little of the drawn value's own luck. */
function predictedReport(values: Float32Array, drawn: number): number {
  const flag = (name: string) => values[index(name)]!;
  const luck = stableLog(Math.max(drawn, 1e-9) / Math.max(1 - drawn, 1e-9)) + 4;
  const logit =
    -4.3 +
    0.3 * luck +
    2 * flag('recap.tweetfeature.is_offensive') +
    1.6 * flag('timelines.earlybird.label_spam_flag') +
    1 * flag('recap.tweetfeature.is_sensitive');
  return 1 / (1 + stableExp(-logit));
}

/** Keeps what a tweet implies within the range that synthetic data has; a person's own values stay as they are. */
function limitToDistributions(values: Float32Array, own: Readonly<Record<string, number>>): Float32Array {
  catalogue.forEach(({ name, distribution }, at) => {
    if (Object.hasOwn(own, name)) return;
    if (distribution.kind === 'lognormal' || distribution.kind === 'exponential') {
      values[at] = Math.min(values[at]!, distribution.max);
    }
  });
  return values;
}

/**
 * One feature changed, with what hangs on it: without its flag a feature is 0, with the flag it takes its typical value
 * where it was 0. Returns new values [catalogue.length].
 */
export function changeValue(values: Float32Array, at: number, value: number): Float32Array {
  const changed = values.slice();
  changed[at] = value;
  const { name } = catalogue[at]!;
  catalogue.forEach((feature, dependent) => {
    if (feature.onlyIf !== name) return;
    if (value === 0) changed[dependent] = 0;
    else if (changed[dependent] === 0) changed[dependent] = typicalValue(feature);
  });
  return changed;
}

/** False for a feature that means nothing on these values: a video's duration without a video. */
export function applies(values: Float32Array, at: number): boolean {
  const { onlyIf } = catalogue[at]!;
  return onlyIf === undefined || values[index(onlyIf)] !== 0;
}
