/**
 * Bootstrap intervals by Poisson resampling: in each replicate every example counts Poisson(1) times, which for many
 * examples is drawing n of n with replacement, but needs one sort in all instead of one for each replicate.
 * (Hanley & MacGibbon 2006; Chamandy et al. 2012.)
 */
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Interval } from '../training/events.ts';
import { rankingProblem, sortedAuroc } from './auroc.ts';
import { clippedBce } from './bce.ts';
import type { ScoredSamples } from './scored-samples.ts';

export interface BootstrapOptions {
  readonly seed: number;
  readonly replicates?: number;
  /** Share of replicates inside the interval. */
  readonly level?: number;
}

export interface BootstrapIntervals {
  /** Null where the metric has no value, or has none in too many replicates (a handful of positives). */
  readonly auroc: Interval | null;
  readonly rce: Interval | null;
}

/** Cumulative probabilities of Poisson(1) as thresholds on a 32-bit draw. */
const POISSON_THRESHOLDS = (() => {
  const thresholds: number[] = [];
  let probability = Math.exp(-1);
  let cumulative = 0;
  for (let k = 0; k < 12; k++) {
    cumulative += probability;
    thresholds.push(cumulative * 2 ** 32);
    probability /= k + 1;
  }
  return thresholds;
})();

function poisson(draw: number): number {
  let k = 0;
  while (k < POISSON_THRESHOLDS.length && draw >= (POISSON_THRESHOLDS[k] ?? 0)) k++;
  return k;
}

/**
 * Percentile intervals of AUROC and RCE. The same seed and samples give the same intervals.
 * Replicates default to 200, fewer for very many examples (whose interval is narrow anyway), never below 40.
 */
export function bootstrapIntervals(samples: ScoredSamples, options: BootstrapOptions): BootstrapIntervals {
  const length = samples.length;
  if (length === 0 || rankingProblem(samples)) return { auroc: null, rce: null };
  const replicates = options.replicates ?? Math.max(40, Math.min(200, Math.floor(1e6 / length)));
  const random = xoroshiro128plus(options.seed);
  const { predictions, labels, weights } = samples;
  const order = samples.order();
  const losses = Float64Array.from(predictions, (p, i) => clippedBce(p, labels[i] ?? 0));
  const multiplicity = new Uint8Array(length);
  const aurocs: number[] = [];
  const rces: number[] = [];
  for (let replicate = 0; replicate < replicates; replicate++) {
    let [weight, positive, loss] = [0, 0, 0];
    for (let i = 0; i < length; i++) {
      const times = poisson(random.next() >>> 0);
      multiplicity[i] = times;
      const w = times * (weights[i] ?? 0);
      weight += w;
      positive += w * (labels[i] ?? 0);
      loss += w * (losses[i] ?? 0);
    }
    if (positive === 0 || positive === weight) continue;
    const rate = positive / weight;
    rces.push(100 * (1 - loss / weight / clippedBce(rate, rate)));
    const area = sortedAuroc(order, predictions, labels, weights, multiplicity);
    if (area.kind === 'value') aurocs.push(area.value);
  }
  const level = options.level ?? 0.95;
  return { auroc: percentile(aurocs, replicates, level), rce: percentile(rces, replicates, level) };
}

function percentile(values: number[], replicates: number, level: number): Interval | null {
  if (values.length < replicates / 2 || values.some((value) => !Number.isFinite(value))) return null;
  values.sort((a, b) => a - b);
  const at = (quantile: number): number => {
    const position = quantile * (values.length - 1);
    const below = Math.floor(position);
    const low = values[below] ?? 0;
    return low + (position - below) * ((values[below + 1] ?? low) - low);
  };
  return { low: at((1 - level) / 2), high: at((1 + level) / 2) };
}
