/** The catalogue's flags, in column order of the `binary` tensor (see catalogue.ts for the mapping). */
import type { CatalogueFeature } from './feature.ts';

const flag = (name: string, probability: number, label: string, meaning: string) => ({
  name,
  unit: 'flag',
  distribution: { kind: 'bernoulli', probability } as const,
  label,
  meaning,
  control: { min: 0, max: 1, step: 1, scale: 'linear' } as const,
});

const list = [
  flag('recap.tweetfeature.has_image', 0.3, 'Image', 'An image is attached.'),
  flag('recap.tweetfeature.has_video', 0.25, 'Video', 'A video is attached.'),
  flag('recap.tweetfeature.has_link', 0.22, 'Link', 'The text holds a link.'),
  flag('recap.tweetfeature.has_card', 0.12, 'Card', 'A link preview card is shown.'),
  flag('recap.tweetfeature.has_news', 0.08, 'News link', 'The link leads to a news site.'),
  flag('recap.tweetfeature.has_trend', 0.1, 'Trend', 'The text names a current trend.'),
  flag('recap.tweetfeature.has_hashtag', 0.2, 'Hashtag', 'The text holds at least one hashtag.'),
  flag('recap.tweetfeature.is_reply', 0.25, 'Reply', 'The tweet is a reply.'),
  flag('recap.tweetfeature.is_retweet', 0.2, 'Retweet', 'The tweet is shown because someone retweeted it.'),
  flag('recap.tweetfeature.is_sensitive', 0.04, 'Sensitive', 'The media is marked as sensitive.'),
  flag('recap.tweetfeature.is_offensive', 0.03, 'Offensive', 'A text model finds the wording offensive.'),
  flag(
    'recap.tweetfeature.from_mutual_follow',
    0.25,
    'Mutual follow',
    'Viewer and author follow each other.',
  ),
  flag('recap.tweetfeature.from_verified_account', 0.15, 'Verified author', 'The author is verified.'),
  flag('recap.tweetfeature.is_author_new', 0.05, 'New author', "The author's account is new."),
  flag('recap.tweetfeature.is_author_spam', 0.03, 'Spammy author', 'A health model finds the author spammy.'),
  flag(
    'recap.tweetfeature.match_ui_lang',
    0.85,
    "Viewer's language",
    "The tweet is in the language of the viewer's interface.",
  ),
  flag('timelines.earlybird.has_quote', 0.12, 'Quote', 'The tweet quotes another tweet.'),
  flag('timelines.earlybird.label_spam_flag', 0.03, 'Spam label', 'The tweet carries a spam label.'),
  flag(
    'timelines.earlybird.label_nsfw_hi_prc_flag',
    0.03,
    'NSFW label',
    'The tweet carries an NSFW label from the high-precision model.',
  ),
  flag('tweetsource.tweet.text.has_question', 0.15, 'Question', 'The text asks a question.'),
  flag(
    'time_features.is_tweet_recycled',
    0.08,
    'Seen before',
    'The tweet was already served to this viewer and comes back.',
  ),
];

export const binaryFeatures: readonly CatalogueFeature[] = list.map((feature, column) => ({
  ...feature,
  tensor: 'binary',
  column,
}));
