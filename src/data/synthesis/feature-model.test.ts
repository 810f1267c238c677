import { beforeAll, describe, expect, it } from 'vitest';
import { catalogue, featureByName } from '../catalogue/catalogue.ts';
import { normalQuantile } from '../stable-math.ts';
import { featureLoadings } from './feature-loadings.ts';
import { catalogueIndex, createFeatureModel, typicalValue, valueAt } from './feature-model.ts';
import type { FeatureModel } from './feature-model.ts';
import { createPopulation } from './population.ts';
import { rowRandom } from './streams.ts';

const ROWS = 20000;
const width = catalogue.length;
const rows = new Float32Array(ROWS * width);
const pairs = new Int32Array(ROWS * 2);
const affinities = new Float64Array(ROWS);
let model: FeatureModel;

beforeAll(() => {
  const dims = { userEmbedding: 8, userEngEmbedding: 8, authorEmbedding: 8 };
  // As many authors as rows, so that an author's own features have their marginal too.
  model = createFeatureModel(
    createPopulation({ users: 20000, authors: 20000, clusters: 8, seed: 3 }, dims),
    0.5,
  );
  const pair = new Int32Array(2);
  for (let r = 0; r < ROWS; r++) {
    const random = rowRandom(11, 'train', r, 'example');
    model.drawPair(random, pair);
    pairs.set(pair, r * 2);
    affinities[r] = model.standardAffinity(pair[0]!, pair[1]!);
    model.draw(random, pair[0]!, pair[1]!, rows.subarray(r * width, (r + 1) * width));
  }
});

const column = (name: string) =>
  Float64Array.from({ length: ROWS }, (_, r) => rows[r * width + catalogueIndex.get(name)!]!);

function correlation(a: Float64Array, b: Float64Array): number {
  const mean = (x: Float64Array) => x.reduce((sum, v) => sum + v, 0) / x.length;
  const [ma, mb] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += (a[i]! - ma) * (b[i]! - mb);
    aa += (a[i]! - ma) ** 2;
    bb += (b[i]! - mb) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}

const logged = (name: string) => column(name).map(Math.log1p);

describe('feature model', () => {
  it('knows only features of the catalogue', () => {
    for (const name of Object.keys(featureLoadings)) expect(featureByName(name).name).toBe(name);
  });

  it.each(catalogue.map((feature) => [feature.label, feature] as const))(
    'draws %s by its distribution',
    (_, feature) => {
      const values = column(feature.name);
      const flag = feature.onlyIf === undefined ? null : column(feature.onlyIf);
      const kept = values.filter((_value, r) => flag === null || flag[r] === 1).toSorted();
      if (flag) expect(values.every((value, r) => flag[r] === 1 || value === 0)).toBe(true);
      const { distribution } = feature;
      if (distribution.kind === 'bernoulli') {
        const share = kept.reduce((sum, value) => sum + value, 0) / kept.length;
        expect(Math.abs(share - distribution.probability)).toBeLessThan(0.015);
        return;
      }
      // Shares below the theoretical quantiles: within sampling error and the affinity's own, not quite normal shape.
      for (const p of [0.1, 0.5, 0.9]) {
        const quantile = valueAt(distribution, normalQuantile(p));
        const below = kept.findIndex((value) => value > quantile * 1.000001) / kept.length;
        const under = kept.findIndex((value) => value >= quantile * 0.999999) / kept.length;
        expect(under).toBeLessThan(p + 0.04);
        expect(below < 0 ? 1 : below).toBeGreaterThan(p - 0.04);
      }
    },
  );

  it('correlates what goes together in life', () => {
    expect(
      correlation(logged('author_health.num_followers'), logged('recap.earlybird.fav_count_v2')),
    ).toBeGreaterThan(0.5);
    expect(
      correlation(logged('recap.earlybird.fav_count_v2'), logged('recap.earlybird.retweet_count_v2')),
    ).toBeGreaterThan(0.6);
    expect(correlation(affinities, column('recap.tweetfeature.from_mutual_follow'))).toBeGreaterThan(0.2);
    expect(correlation(affinities, logged('realgraph.num_favorites.ewma'))).toBeGreaterThan(0.35);
    expect(
      correlation(
        column('recap.tweetfeature.is_offensive'),
        column('timelines.earlybird.preported_tweet_score'),
      ),
    ).toBeGreaterThan(0.15);
    expect(
      correlation(column('recap.tweetfeature.has_image'), column('recap.tweetfeature.has_video')),
    ).toBeLessThan(-0.1);
  });

  it('ties duration and views to the video', () => {
    const video = column('recap.tweetfeature.has_video');
    const duration = column('tweetsource.tweet.media.video_duration');
    expect(video.every((flag, r) => (flag === 1) === duration[r]! > 0)).toBe(true);
  });

  it("keeps an author's own features from tweet to tweet", () => {
    const first = new Float32Array(width);
    const second = new Float32Array(width);
    model.draw(rowRandom(1, 'train', 0, 'example'), 3, 9, first);
    model.draw(rowRandom(1, 'train', 1, 'example'), 4, 9, second);
    for (const name of ['author_health.num_followers', 'recap.tweetfeature.user_rep']) {
      expect(second[catalogueIndex.get(name)!]).toBe(first[catalogueIndex.get(name)!]);
    }
    expect(second[0]).not.toBe(first[0]);
  });

  it('has standardized affinity with mean 0 and deviation 1 over its pairs', () => {
    const mean = affinities.reduce((sum, x) => sum + x, 0) / ROWS;
    const square = affinities.reduce((sum, x) => sum + x * x, 0) / ROWS;
    expect(Math.abs(mean)).toBeLessThan(0.05);
    expect(Math.abs(square - mean * mean - 1)).toBeLessThan(0.05);
  });

  it('has typical values inside the controls', () => {
    for (const feature of catalogue) {
      expect(typicalValue(feature)).toBeGreaterThanOrEqual(feature.control.min);
      expect(typicalValue(feature)).toBeLessThanOrEqual(feature.control.max);
    }
  });
});
