/**
 * What would lift a tweet to the top: the smallest change of a single feature after which the tweet ranks first, all
 * heuristics included. Changes are measured in standard deviations of the feature in the synthetic data, so that a
 * thousand likes and an hour of age compare. Searched over a grid in batches, then refined around what works.
 */
import { catalogue } from '../data/catalogue/catalogue.ts';
import type { CatalogueFeature } from '../data/catalogue/catalogue.ts';
import { baseScores } from './compare.ts';
import { deviationsOf, valueOfDeviations } from './feature-scale.ts';
import type { Candidate } from './heuristics/heuristic.ts';
import type { HeuristicStep } from './heuristics/presets.ts';
import { rank } from './rank.ts';
import type { ProbabilityTable } from './score.ts';
import type { ScoreWeights } from './score-weights.ts';
import type { PredictMany } from './sensitivity.ts';
import type { TweetEncoder } from './tweet-features.ts';
import { applies, changeValue } from './tweet-values.ts';
import { candidateOf } from './tweets.ts';
import type { Tweet } from './tweets.ts';

const GRID_STEP = 0.25;
const REFINEMENTS = 2;
const REFINED_PARTS = 8;
/** Ranking runs on the caller's thread: after so many milliseconds others get their turn. */
const TURN_MS = 10;

export interface FeatureChange {
  readonly feature: CatalogueFeature;
  readonly from: number;
  readonly to: number;
  /** Size of the change in standard deviations. */
  readonly deviations: number;
  /** The score before heuristics after the change. */
  readonly score: number;
  /** 1-based position after the change; null where a heuristic drops the tweet or the change does not raise its score. */
  readonly rank: number | null;
}

export type Lift =
  | { readonly kind: 'already_top' }
  /** `changes`: the smallest one of each feature that can do it, smallest first. */
  | { readonly kind: 'found'; readonly changes: readonly FeatureChange[] }
  /** No single feature does it; `best` is the change that leads highest. */
  | { readonly kind: 'none'; readonly best: FeatureChange | null };

export interface LiftOptions {
  /** The tweet to lift; one of `tweets`. */
  readonly tweet: Tweet;
  readonly tweets: readonly Tweet[];
  /** Row i belongs to tweets[i]. */
  readonly probabilities: ProbabilityTable;
  readonly weights: ScoreWeights;
  readonly steps: readonly HeuristicStep[];
  readonly encoder: TweetEncoder;
  readonly predictMany: PredictMany;
  /** Rows of one predict call at most. */
  readonly batchSize?: number;
}

interface Probe {
  readonly at: number;
  readonly value: number;
  readonly deviations: number;
}

/**
 * Searches the smallest lift.
 * @throws RangeError when the tweet is not among `tweets`
 */
export async function smallestLift(options: LiftOptions): Promise<Lift> {
  const { tweet, tweets, probabilities, weights, steps, encoder } = options;
  const row = tweets.findIndex(({ id }) => id === tweet.id);
  if (row < 0) throw new RangeError(`The tweet "${tweet.id}" is not among the ranked ones.`);
  const candidates = tweets.map(candidateOf);
  const before = rank(candidates, probabilities, weights, steps);
  if (before.ranked[0]?.id === tweet.id) return { kind: 'already_top' };

  const { tasks } = probabilities;
  const table = Float32Array.from(probabilities.values);
  const values = encoder.values(tweet);

  const own = candidates[row]!;
  const ownScore = baseScores(probabilities, weights)[row]!;
  let turn = performance.now();

  /** Where the tweet lands with these probabilities; null without a look where nothing can have lifted it. */
  async function rankWith(
    changed: Candidate,
    score: number,
    predicted: readonly number[],
  ): Promise<number | null> {
    const sameSteps =
      changed.isReply === own.isReply &&
      changed.isRetweet === own.isRetweet &&
      changed.verified === own.verified &&
      changed.ageHours === own.ageHours;
    if (sameSteps && score <= ownScore) return null;
    if (performance.now() - turn > TURN_MS) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      turn = performance.now();
    }
    table.set(predicted, row * tasks.length);
    const { ranked } = rank(candidates.with(row, changed), { tasks, values: table }, weights, steps);
    return ranked.find(({ id }) => id === tweet.id)?.rank ?? null;
  }

  async function evaluate(probes: readonly Probe[]): Promise<FeatureChange[]> {
    const changes: FeatureChange[] = [];
    const size = options.batchSize ?? 512;
    for (let start = 0; start < probes.length; start += size) {
      const part = probes.slice(start, start + size);
      const rows = part.map(({ at, value }) => ({ tweet, values: changeValue(values, at, value) }));
      const predicted = await options.predictMany(encoder.encodeRows(rows));
      const columns = tasks.map((task) => predicted.tasks.indexOf(task));
      const scores = baseScores(predicted, weights);
      for (const [i, { at, value, deviations }] of part.entries()) {
        const feature = catalogue[at]!;
        const changed = candidateOf({ ...tweet, features: { ...tweet.features, [feature.name]: value } });
        const width = predicted.tasks.length;
        const heads = columns.map((column) => predicted.values[i * width + column]!);
        const score = scores[i]!;
        const place = await rankWith(changed, score, heads);
        changes.push({ feature, from: values[at]!, to: value, deviations, score, rank: place });
      }
    }
    return changes;
  }

  const first = await evaluate(grid(encoder, values));
  let tops = smallestPerFeature(first);
  // The nearest value that does not do it bounds the smallest one that does from below.
  let below = nearestFailures(first, tops);
  for (let round = 0; round < REFINEMENTS && tops.length > 0; round++) {
    const probes = tops.flatMap((top) => between(top, below.get(top.feature.name) ?? 0, values));
    if (probes.length === 0) break;
    const refined = [...tops, ...(await evaluate(probes))];
    tops = smallestPerFeature(refined);
    below = nearestFailures([...refined, ...first], tops);
  }
  if (tops.length > 0) return { kind: 'found', changes: tops };
  const reached = first.filter((change) => change.rank !== null);
  const better = (a: FeatureChange, b: FeatureChange) =>
    a.rank! - b.rank! || b.score - a.score || a.deviations - b.deviations;
  return { kind: 'none', best: reached.toSorted(better)[0] ?? null };
}

function grid(encoder: TweetEncoder, values: Float32Array): Probe[] {
  return catalogue.flatMap((feature, at): Probe[] => {
    const value = values[at]!;
    if (!encoder.reads(feature) || !applies(values, at)) return [];
    if (feature.distribution.kind === 'bernoulli') return [probe(at, value, value === 0 ? 1 : 0)];
    const targets = new Set<number>();
    const highest = deviationsOf(feature, feature.control.max);
    for (let z = deviationsOf(feature, feature.control.min); z < highest; z += GRID_STEP) {
      targets.add(valueOfDeviations(feature, z));
    }
    targets.add(Math.fround(feature.control.max));
    targets.delete(value);
    return [...targets].map((target) => probe(at, value, target));
  });
}

function probe(at: number, from: number, to: number): Probe {
  const feature = catalogue[at]!;
  return { at, value: to, deviations: Math.abs(deviationsOf(feature, to) - deviationsOf(feature, from)) };
}

/** New values between the largest known failure and a success, on the success's side of the tweet's own value. */
function between(top: FeatureChange, failure: number, values: Float32Array): Probe[] {
  const { feature } = top;
  if (feature.distribution.kind === 'bernoulli') return [];
  const at = catalogue.indexOf(feature);
  const own = deviationsOf(feature, values[at]!);
  const side = Math.sign(deviationsOf(feature, top.to) - own);
  const targets = new Set<number>();
  for (let part = 1; part < REFINED_PARTS; part++) {
    const size = failure + ((top.deviations - failure) * part) / REFINED_PARTS;
    targets.add(valueOfDeviations(feature, own + side * size));
  }
  targets.delete(top.to);
  targets.delete(values[at]!);
  return [...targets].map((target) => probe(at, values[at]!, target));
}

function smallestPerFeature(changes: readonly FeatureChange[]): FeatureChange[] {
  const best = new Map<string, FeatureChange>();
  for (const change of changes) {
    const rival = best.get(change.feature.name);
    if (change.rank === 1 && (!rival || change.deviations < rival.deviations)) {
      best.set(change.feature.name, change);
    }
  }
  return [...best.values()].toSorted((a, b) => a.deviations - b.deviations);
}

/** Per successful feature the largest change on the same side, smaller than the success, that does not do it. */
function nearestFailures(
  changes: readonly FeatureChange[],
  tops: readonly FeatureChange[],
): Map<string, number> {
  return new Map(
    tops.map((top) => {
      const side = Math.sign(top.to - top.from);
      const smaller = changes.filter(
        (change) =>
          change.feature === top.feature &&
          change.rank !== 1 &&
          Math.sign(change.to - change.from) === side &&
          change.deviations < top.deviations,
      );
      return [top.feature.name, Math.max(0, ...smaller.map((change) => change.deviations))];
    }),
  );
}
