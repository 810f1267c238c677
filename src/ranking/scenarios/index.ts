/** The scenario sets of the ranking lab, and the sample tweets in one list. */
import type { Tweet } from '../tweets.ts';
import { breakingNews } from './breaking-news.ts';
import { busyCreator } from './busy-creator.ts';
import { calmDay } from './calm-day.ts';
import { replyFight } from './reply-fight.ts';
import type { Scenario } from './scenario.ts';
import { spamAndAbuse } from './spam-and-abuse.ts';
import { videoFeed } from './video-feed.ts';

export const scenarios: readonly Scenario[] = [
  calmDay,
  breakingNews,
  busyCreator,
  replyFight,
  videoFeed,
  spamAndAbuse,
];

/** Every sample tweet, scenario by scenario; ids differ across scenarios. */
export const sampleTweets: readonly Tweet[] = scenarios.flatMap((scenario) => scenario.tweets);
