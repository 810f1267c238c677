/** A change that the library tried on a tweet's features, made to the tweet itself, so that it ranks as was foretold. */
import { catalogue } from '../../../../src/data/catalogue/catalogue.ts';
import { changeValue } from '../../../../src/ranking/tweet-values.ts';
import type { Tweet } from '../../../../src/ranking/tweets.ts';
import { withFeature } from '../../../stores/tweets.ts';

const PREPORTED = 'timelines.earlybird.preported_tweet_score';
/** The flags that the predicted report score follows when it is not set itself. */
const REPORT_FLAGS = [
  'recap.tweetfeature.is_offensive',
  'recap.tweetfeature.is_sensitive',
  'timelines.earlybird.label_spam_flag',
];

/** @param values the tweet's features before the change, in catalogue order */
export function applyChange(tweet: Tweet, values: Float32Array, name: string, value: number): Tweet {
  const at = catalogue.findIndex((feature) => feature.name === name);
  const changed = changeValue(values, at, value);
  let next = withFeature(tweet, name, value);
  catalogue.forEach((feature, i) => {
    if (i !== at && changed[i] !== values[i]) next = withFeature(next, feature.name, changed[i]);
  });
  if (REPORT_FLAGS.includes(name)) {
    const preported = catalogue.findIndex((feature) => feature.name === PREPORTED);
    next = withFeature(next, PREPORTED, values[preported]);
  }
  return next;
}
