/**
 * Bootstrap intervals by Poisson resampling: in each replicate every example counts Poisson(1) times, which for many
 * examples is drawing n of n with replacement, but needs one sort in all instead of one for each replicate.
 * (Hanley & MacGibbon 2006; Chamandy et al. 2012.)
 */
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Interval, MetricIntervals } from './metric-value.ts';
import { rankingProblem, sortedAuroc } from './auroc.ts';
import { clippedBce } from './bce.ts';
import type { ScoredSamples } from './scored-samples.ts';

export interface BootstrapOptions {
  readonly seed: number;
  readonly replicates?: number;
  /** Share of replicates inside the interval. */
  readonly level?: number;
}

/** What a mean over examples is taken of, beside the samples' own predictions and labels. */
export interface ExampleValues {
  /** Terms of the task's loss, whose mean takes no weights: they are in the terms. */
  readonly losses: ArrayLike<number>;
  readonly calibrated: ArrayLike<number>;
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
 * Percentile intervals of a head's metrics. The same seed and samples give the same intervals. An interval is null where
 * the metric has no value, or has none in too many replicates (a handful of positives).
 * Replicates default to 200, fewer for very many examples (whose interval is narrow anyway), never below 40.
 */
export function bootstrapIntervals(
  samples: ScoredSamples,
  { losses, calibrated }: ExampleValues,
  options: BootstrapOptions,
): MetricIntervals {
  const length = samples.length;
  const oneClass = length === 0 || rankingProblem(samples) !== null;
  const replicates = options.replicates ?? Math.max(40, Math.min(200, Math.floor(1e6 / length)));
  const random = xoroshiro128plus(options.seed);
  const { predictions, labels, weights } = samples;
  const order = samples.order();
  const entropies = Float64Array.from(predictions, (p, i) => clippedBce(p, labels[i] ?? 0));
  const multiplicity = new Uint8Array(length);
  const found: Record<keyof MetricIntervals, number[]> = {
    loss: [],
    rce: [],
    auroc: [],
    ctr: [],
    pctr: [],
    meanCalibrated: [],
  };
  for (let replicate = 0; replicate < replicates; replicate++) {
    let [count, weight, positive, entropy, loss, predicted, corrected] = [0, 0, 0, 0, 0, 0, 0];
    for (let i = 0; i < length; i++) {
      const times = poisson(random.next() >>> 0);
      multiplicity[i] = times;
      const w = times * (weights[i] ?? 0);
      weight += w;
      positive += w * (labels[i] ?? 0);
      entropy += w * (entropies[i] ?? 0);
      count += times;
      loss += times * (losses[i] ?? 0);
      predicted += w * (predictions[i] ?? 0);
      corrected += w * (calibrated[i] ?? 0);
    }
    if (weight === 0) continue;
    const rate = positive / weight;
    found.loss.push(loss / count);
    found.ctr.push(rate);
    found.pctr.push(predicted / weight);
    found.meanCalibrated.push(corrected / weight);
    if (oneClass || rate === 0 || rate === 1) continue;
    found.rce.push(100 * (1 - entropy / weight / clippedBce(rate, rate)));
    const area = sortedAuroc(order, predictions, labels, weights, multiplicity);
    if (area.kind === 'value') found.auroc.push(area.value);
  }
  const level = options.level ?? 0.95;
  const interval = (name: keyof MetricIntervals) => percentile(found[name], replicates, level);
  return {
    loss: interval('loss'),
    rce: interval('rce'),
    auroc: interval('auroc'),
    ctr: interval('ctr'),
    pctr: interval('pctr'),
    meanCalibrated: interval('meanCalibrated'),
  };
}

function percentile(values: number[], replicates: number, level: number): Interval | null {
  if (
    values.length === 0 ||
    values.length < replicates / 2 ||
    values.some((value) => !Number.isFinite(value))
  )
    return null;
  values.sort((a, b) => a - b);
  const at = (quantile: number): number => {
    const position = quantile * (values.length - 1);
    const below = Math.floor(position);
    const low = values[below] ?? 0;
    return low + (position - below) * ((values[below + 1] ?? low) - low);
  };
  return { low: at((1 - level) / 2), high: at((1 + level) / 2) };
}
