import { describe, expect, it } from 'vitest';
import { catalogue, featureAt, featureByName, featureColumn } from './catalogue.ts';

describe('feature catalogue', () => {
  it('names 46 features once each, on distinct columns', () => {
    expect(new Set(catalogue.map((feature) => feature.name)).size).toBe(catalogue.length);
    expect(catalogue.length).toBe(46);
    expect(new Set(catalogue.map((feature) => `${feature.tensor}.${feature.column}`)).size).toBe(
      catalogue.length,
    );
  });

  it('keeps to columns that the playground and production sizes both read', () => {
    for (const feature of catalogue)
      expect(feature.column).toBeLessThan(feature.tensor === 'binary' ? 32 : 96);
  });

  it('pins columns, because saved models depend on them', () => {
    expect(featureColumn('recap.earlybird.fav_count_v2')).toBe(0);
    expect(featureColumn('author_health.num_followers')).toBe(18);
    expect(
      featureColumn(
        'user_tweet.recommendations.sim_clusters_recent_engagement_similarity.fav_7d_last_10_max',
      ),
    ).toBe(24);
    expect(featureColumn('recap.tweetfeature.has_video')).toBe(1);
    expect(featureColumn('time_features.is_tweet_recycled')).toBe(20);
  });

  it('conditions only on flags of its own', () => {
    for (const feature of catalogue) {
      if (feature.onlyIf) expect(featureByName(feature.onlyIf).tensor).toBe('binary');
    }
  });

  it('gives flags Bernoulli distributions, and only flags', () => {
    for (const feature of catalogue) {
      expect(feature.distribution.kind === 'bernoulli').toBe(feature.tensor === 'binary');
    }
  });

  it('finds features by column and refuses unknown names', () => {
    expect(featureAt('binary', 1)?.label).toBe('Video');
    expect(featureAt('continuous', 25)).toBeUndefined();
    expect(() => featureByName('recap.fav')).toThrow(/"recap\.fav"/);
  });
});
