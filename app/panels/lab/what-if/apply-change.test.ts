import { expect, it } from 'vitest';
import { catalogue } from '../../../../src/data/catalogue/catalogue.ts';
import { defaultTeacherConfig } from '../../../../src/data/synthesis/teacher-config.ts';
import { calmDay } from '../../../../src/ranking/scenarios/calm-day.ts';
import { createTweetWorld, typicalViewer } from '../../../../src/ranking/tweet-features.ts';
import { applies, changeValue, tweetValues } from '../../../../src/ranking/tweet-values.ts';
import type { Tweet } from '../../../../src/ranking/tweets.ts';
import { applyChange } from './apply-change.ts';

const world = createTweetWorld(
  { ...defaultTeacherConfig, users: 8, authors: 8 },
  {
    continuous: 40,
    binary: 24,
    discrete: 3,
    userEmbedding: 4,
    userEngEmbedding: 4,
    authorEmbedding: 4,
    tasks: [],
  },
);
const viewer = typicalViewer(world);
const valuesOf = (tweet: Tweet): Float32Array => tweetValues(tweet, world, viewer);

it('makes a tweet of exactly the features that were tried, whichever it is', () => {
  for (const tweet of calmDay.tweets.slice(0, 4)) {
    const values = valuesOf(tweet);
    catalogue.forEach((feature, at) => {
      if (!applies(values, at)) return;
      const value = values[at] === 0 ? 1 : 0;
      const made = applyChange(tweet, values, feature.name, value);
      expect(valuesOf(made), `${tweet.id} ${feature.name}`).toEqual(changeValue(values, at, value));
    });
    // The tweet itself stays as it was.
    expect(valuesOf(tweet)).toEqual(values);
  }
});
