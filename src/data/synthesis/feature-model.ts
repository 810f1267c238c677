/** FeatureModel: draws the catalogue's features for a viewer and an author, correlated as feature-loadings.ts says. */
import { catalogue, featureByName } from '../catalogue/catalogue.ts';
import type { CatalogueFeature, Distribution } from '../catalogue/catalogue.ts';
import { Random } from '../random.ts';
import { normalQuantile, stableExp, stableLog } from '../stable-math.ts';
import { FACTORS, featureLoadings, MALICE_OF_AUTHOR } from './feature-loadings.ts';
import type { Factor, Loading } from './feature-loadings.ts';
import { TASTE } from './population.ts';
import type { Population } from './population.ts';
import { normalCdf, normalOf } from './tables.ts';

const FACTOR_INDEX = Object.fromEntries(FACTORS.map((factor, i) => [factor, i])) as Record<Factor, number>;
const STREAM_TRAITS = 4;
const STREAM_AFFINITY = 5;

/** Position of a named feature in arrays of the whole catalogue. */
export const catalogueIndex: ReadonlyMap<string, number> = new Map(
  catalogue.map((feature, i) => [feature.name, i]),
);

/** A feature's raw value at a standard normal z. Deterministic in every JavaScript engine. */
export function valueAt(distribution: Distribution, z: number): number {
  switch (distribution.kind) {
    case 'lognormal': {
      const value = Math.min(stableExp(distribution.mu + distribution.sigma * z), distribution.max);
      // A hair above, so that a median of 5 is 5 and not the 4.999… that rounding leaves.
      return distribution.count ? Math.floor(value * (1 + 1e-9)) : value;
    }
    case 'exponential':
      return Math.min(-distribution.mean * stableLog(1 - normalCdf(z)), distribution.max);
    case 'normal':
      return Math.min(
        Math.max(distribution.mean + distribution.deviation * z, distribution.min),
        distribution.max,
      );
    case 'logitnormal':
      return 1 / (1 + stableExp(-(distribution.mu + distribution.sigma * z)));
    case 'bernoulli':
      return z > normalQuantile(1 - distribution.probability) ? 1 : 0;
  }
}

/** A feature's typical raw value: its median (0 or 1 for a flag), before `onlyIf`. */
export function typicalValue(feature: CatalogueFeature): number {
  return valueAt(feature.distribution, 0);
}

interface CompiledFeature {
  readonly index: number;
  readonly distribution: Distribution;
  /** z above which a flag is 1. */
  readonly threshold: number;
  readonly factors: Int32Array;
  readonly weights: Float64Array;
  readonly rest: number;
  /** Catalogue index of the flag it depends on, or −1. */
  readonly onlyIf: number;
}

function compile(of: Loading['of']): CompiledFeature[] {
  return catalogue.flatMap((feature, index) => {
    const loading: Loading = featureLoadings[feature.name] ?? { of: 'tweet', factors: {} };
    if (loading.of !== of) return [];
    const pairs = Object.entries(loading.factors) as [Factor, number][];
    const explained = pairs.reduce((sum, [, weight]) => sum + weight * weight, 0);
    if (explained > 1 + 1e-9)
      throw new RangeError(`The loadings of ${feature.name} explain ${explained} > 1 of its variance.`);
    const { distribution } = feature;
    return {
      index,
      distribution,
      threshold: distribution.kind === 'bernoulli' ? normalQuantile(1 - distribution.probability) : 0,
      factors: Int32Array.from(pairs, ([factor]) => FACTOR_INDEX[factor]),
      weights: Float64Array.from(pairs, ([, weight]) => weight),
      rest: Math.sqrt(Math.max(0, 1 - explained)),
      onlyIf: feature.onlyIf === undefined ? -1 : catalogueIndex.get(featureByName(feature.onlyIf).name)!,
    };
  });
}

function drawFeature(
  feature: CompiledFeature,
  factors: Float64Array,
  random: Random,
  out: Float32Array,
  at: number,
): void {
  let z = feature.rest === 0 ? 0 : feature.rest * normalOf(random.uint32());
  for (let k = 0; k < feature.factors.length; k++) z += feature.weights[k]! * factors[feature.factors[k]!]!;
  out[at] =
    feature.distribution.kind === 'bernoulli'
      ? z > feature.threshold
        ? 1
        : 0
      : valueAt(feature.distribution, z);
}

export interface FeatureModel {
  /** Affinity minus its mean, over its deviation, over the pairs that examples are made of. */
  standardAffinity(user: number, author: number): number;
  /**
   * Draws all named features of one example into `out` [46], in catalogue order, as float32 raw values.
   * Always takes the same number of draws from `random`.
   */
  draw(random: Random, user: number, author: number, out: Float32Array): void;
  /** Draws the viewer and author of one example, ids of the population, into `out` [2]. */
  drawPair(random: Random, out: Int32Array): void;
}

/** The feature model of a population; `inClusterShare` of the authors come from the viewer's own community. */
export function createFeatureModel(population: Population, inClusterShare: number): FeatureModel {
  const { users, authors, seed, userTastes, authorTastes, authorsByCluster, userCluster } = population;
  const random = new Random(seed, STREAM_TRAITS);
  const factors = new Float64Array(FACTORS.length);

  const authorFeatures = compile('author');
  const authorTraits = new Float64Array(authors * 2);
  const authorValues = new Float32Array(authors * authorFeatures.length);
  for (let a = 0; a < authors; a++) {
    factors[FACTOR_INDEX.popularity] = authorTraits[a * 2] = random.normal();
    factors[FACTOR_INDEX.ill] = authorTraits[a * 2 + 1] = random.normal();
    authorFeatures.forEach((feature, i) =>
      drawFeature(feature, factors, random, authorValues, a * authorFeatures.length + i),
    );
  }
  const userFeatures = compile('user');
  const activity = new Float64Array(users);
  const userValues = new Float32Array(users * userFeatures.length);
  for (let u = 0; u < users; u++) {
    factors[FACTOR_INDEX.activity] = activity[u] = random.normal();
    userFeatures.forEach((feature, i) =>
      drawFeature(feature, factors, random, userValues, u * userFeatures.length + i),
    );
  }
  const tweetFeatures = compile('tweet');
  const dependent = tweetFeatures.filter((feature) => feature.onlyIf >= 0);
  const maliceRest = Math.sqrt(1 - MALICE_OF_AUTHOR * MALICE_OF_AUTHOR);

  function dot(user: number, author: number): number {
    let sum = 0;
    for (let i = 0; i < TASTE; i++) sum += userTastes[user * TASTE + i]! * authorTastes[author * TASTE + i]!;
    return sum;
  }

  function drawPair(source: Random, out: Int32Array): void {
    const user = source.int(users);
    const own = authorsByCluster[userCluster[user]!]!;
    const near = source.double() < inClusterShare && own.length > 0;
    out[0] = user;
    out[1] = near ? own[source.int(own.length)]! : source.int(authors);
  }

  const pair = new Int32Array(2);
  const affinityRandom = new Random(seed, STREAM_AFFINITY);
  const samples = 4096;
  let mean = 0;
  let square = 0;
  for (let i = 0; i < samples; i++) {
    drawPair(affinityRandom, pair);
    const x = dot(pair[0]!, pair[1]!);
    mean += x / samples;
    square += (x * x) / samples;
  }
  const deviation = Math.sqrt(Math.max(square - mean * mean, 1e-12));
  const standardAffinity = (user: number, author: number) => (dot(user, author) - mean) / deviation;

  function draw(source: Random, user: number, author: number, out: Float32Array): void {
    for (let f = 4; f < factors.length; f++) factors[f] = normalOf(source.uint32());
    factors[FACTOR_INDEX.popularity] = authorTraits[author * 2]!;
    const ill = authorTraits[author * 2 + 1]!;
    factors[FACTOR_INDEX.ill] = ill;
    factors[FACTOR_INDEX.activity] = activity[user]!;
    factors[FACTOR_INDEX.affinity] = standardAffinity(user, author);
    factors[FACTOR_INDEX.malice] = MALICE_OF_AUTHOR * ill + maliceRest * factors[FACTOR_INDEX.malice]!;
    for (let i = 0; i < authorFeatures.length; i++)
      out[authorFeatures[i]!.index] = authorValues[author * authorFeatures.length + i]!;
    for (let i = 0; i < userFeatures.length; i++)
      out[userFeatures[i]!.index] = userValues[user * userFeatures.length + i]!;
    for (const feature of tweetFeatures) drawFeature(feature, factors, source, out, feature.index);
    for (const feature of dependent) if (out[feature.onlyIf] === 0) out[feature.index] = 0;
  }

  return { standardAffinity, draw, drawPair };
}
