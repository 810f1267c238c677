/** Spam and abuse: tasteful stand-ins for what the two negative heads and the filters are there for. */
import { authors as by } from './authors.ts';
import { image, link, tweetWriter, video } from './scenario.ts';
import type { Scenario } from './scenario.ts';

const tweet = tweetWriter('spam-and-abuse');
const spam = {
  'recap.tweetfeature.is_author_spam': 1,
  'timelines.earlybird.label_spam_flag': 1,
  'timelines.earlybird.preported_tweet_score': 0.35,
};

export const spamAndAbuse: Scenario = {
  id: 'spam-and-abuse',
  label: 'Spam and abuse',
  about:
    'Giveaways, shouting and miracle cures among ordinary tweets. A likely report makes the weighted sum negative: such tweets share a band below 0.001, and no factor lifts them out of it.',
  tweets: [
    tweet(
      by.giveaway,
      0.5,
      [2_900, 1_800, 3_300, 20, 88_000],
      'WIN a FREE phone!!! Retweet, follow, tag 12 friends and send us your shoe size #free #win #phone #luck #now',
      {
        network: false,
        media: link('Claim your prize before midnight'),
        features: { ...spam, 'recap.tweetfeature.is_author_new': 1 },
      },
    ),
    tweet(
      by.crypto,
      1,
      [640, 410, 720, 9, 31_000],
      'GUARANTEED 40x by FRIDAY. My uncle retired twice. Link in bio, ask me how, do NOT ask my uncle #moon #moon #moon',
      { network: false, media: link('The coin they do not want you to read about'), features: spam },
    ),
    tweet(
      by.diet,
      3,
      [1_400, 230, 510, 88, 160_000],
      'Doctors are SPEECHLESS: one cup of broth a day and your knees will be nineteen again.',
      {
        network: false,
        media: image('A glowing cup of soup'),
        features: { 'timelines.earlybird.preported_tweet_score': 0.2 },
      },
    ),
    tweet(
      by.rant,
      0.7,
      [310, 960, 75, 140, 92_000],
      'You people who walk slowly on the left are the REASON for everything. EVERYTHING. Go home and be ASHAMED',
      {
        network: false,
        fatigue: 14,
        features: {
          'recap.tweetfeature.is_offensive': 1,
          'timelines.earlybird.preported_tweet_score': 0.28,
        },
      },
    ),
    tweet(
      by.clip,
      4,
      [9_400, 610, 1_200, 230, 1_100_000],
      'Not for the faint-hearted: a knee, a trampoline, a lesson.',
      {
        network: false,
        media: video('A blurred clip behind a warning', 9, 870_000),
        features: {
          'recap.tweetfeature.is_sensitive': 1,
          'timelines.earlybird.label_nsfw_hi_prc_flag': 1,
          'timelines.earlybird.preported_tweet_score': 0.12,
        },
      },
    ),
    tweet(
      by.dad,
      50,
      [5_100, 260, 640, 58, 210_000],
      'I told my plants about the weather. They are growing concerned.',
      { fatigue: 154 },
    ),
    tweet(
      by.lotte,
      2.5,
      [3_300, 150, 1_400, 120, 130_000],
      'How to spot a fake giveaway in ten seconds: new account, five hashtags, and it would like your shoe size.',
      { network: false },
    ),
    tweet(
      by.priya,
      1.8,
      [71, 19, 4, 1, 2_200],
      'My grandmother won a phone from Free Gifts Hub. She would like to know why it is a photograph of a phone.',
    ),
    tweet(
      by.rafi,
      7,
      [52, 8, 6, 1, 1_700],
      'Measured the miracle broth in the lab after hours. Result: broth. Confidence: 0.97.',
      { media: image('A beaker of soup on a magnetic stirrer') },
    ),
    tweet(
      by.glacier,
      19,
      [1_250, 70, 310, 26, 44_000],
      'Day 2,114. The tongue has moved back another arm’s length since spring. The new pond at its foot has its first frog.',
      { media: image('A grey glacier front and a small turquoise pond') },
    ),
    tweet(
      by.harbour,
      9,
      [3_700, 540, 390, 61, 240_000],
      'We have reported the abuse sent to our goalkeeper after Saturday. He would like you to know his mother reads the replies.',
      { network: false },
    ),
  ],
};
