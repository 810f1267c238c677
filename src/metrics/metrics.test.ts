/** Metrics against their definitions, and the typed absences. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auroc, Auroc } from './auroc.ts';
import { averagePrecision } from './average-precision.ts';
import { bceWithLogits, clippedBce } from './bce.ts';
import { bootstrapIntervals } from './bootstrap.ts';
import { calibrationCurve, calibrationRatio } from './calibration.ts';
import { Ctr } from './ctr.ts';
import {
  absent,
  NO_EXAMPLES,
  NO_POSITIVES,
  NO_VARIATION,
  NOT_BINARY,
  NOT_FINITE,
  present,
} from './metric-value.ts';
import type { MetricValue } from './metric-value.ts';
import { ndcg } from './ndcg.ts';
import { Nrce } from './nrce.ts';
import { Pctr } from './pctr.ts';
import { Rce } from './rce.ts';
import { rocCurve } from './roc.ts';
import { ScoredSamples } from './scored-samples.ts';
import { spearman } from './spearman.ts';
import { StableMean } from './stable-mean.ts';
import { topKOverlap } from './top-k-overlap.ts';

function number(metric: MetricValue): number {
  if (metric.kind === 'undefined') throw new Error(`no value: ${metric.reason}`);
  return metric.value;
}

function samplesOf(predictions: number[], labels: number[], weights: number[] | null = null): ScoredSamples {
  const samples = new ScoredSamples();
  samples.update(predictions, labels, weights);
  return samples;
}

const example = fc.record({
  // Few distinct values, so that ties occur.
  p: fc.integer({ min: 0, max: 20 }).map((n) => n / 20),
  y: fc.constantFrom(0, 1),
  w: fc.integer({ min: 1, max: 8 }),
});
const examples = fc.array(example, { minLength: 1, maxLength: 60 });

describe('StableMean', () => {
  it('is the weighted mean, however the values are batched', () => {
    fc.assert(
      fc.property(examples, fc.integer({ min: 1, max: 10 }), (rows, size) => {
        const mean = new StableMean();
        for (let i = 0; i < rows.length; i += size) {
          const batch = rows.slice(i, i + size);
          mean.update(
            batch.map((row) => row.p),
            batch.map((row) => row.w),
          );
        }
        const weight = rows.reduce((sum, row) => sum + row.w, 0);
        const expected = rows.reduce((sum, row) => sum + row.w * row.p, 0) / weight;
        expect(number(mean.compute())).toBeCloseTo(expected, 12);
        expect(mean.weight).toBe(weight);
      }),
    );
  });

  it('has no value before any weight', () => {
    const mean = new StableMean();
    mean.update([1, 2], [0, 0]);
    expect(mean.compute()).toEqual(absent(NO_EXAMPLES));
  });
});

describe('BCE', () => {
  it('of logits equals the definition and does not overflow', () => {
    for (const [x, y, w] of [
      [0.3, 1, 3],
      [-2, 0, 1],
      [1.5, 0.25, 2],
    ] as const) {
      const p = 1 / (1 + Math.exp(-x));
      expect(bceWithLogits(x, y, w)).toBeCloseTo(-w * y * Math.log(p) - (1 - y) * Math.log(1 - p), 12);
    }
    expect(bceWithLogits(1000, 0)).toBe(1000);
    expect(bceWithLogits(-1000, 1)).toBe(1000);
    expect(bceWithLogits(1000, 1)).toBe(0);
  });

  it('of probabilities is clipped at 1e-7', () => {
    expect(clippedBce(0, 1)).toBeCloseTo(-Math.log(2e-7), 9);
    expect(clippedBce(0.25, 1)).toBeCloseTo(Math.log(4), 5);
  });
});

describe('AUROC', () => {
  it('is the Mann–Whitney statistic with ties ½, by counting all pairs', () => {
    fc.assert(
      fc.property(examples, (rows) => {
        let [won, pairs] = [0, 0];
        for (const a of rows) {
          if (a.y !== 1) continue;
          for (const b of rows) {
            if (b.y !== 0) continue;
            pairs += a.w * b.w;
            won += a.w * b.w * (a.p > b.p ? 1 : a.p === b.p ? 0.5 : 0);
          }
        }
        const metric = new Auroc();
        metric.update(
          rows.map((row) => row.p),
          rows.map((row) => row.y),
          rows.map((row) => row.w),
        );
        const value = metric.compute();
        if (pairs === 0) expect(value.kind).toBe('undefined');
        else expect(number(value)).toBeCloseTo(won / pairs, 10);
      }),
    );
  });

  it('is the area under the points of the ROC curve', () => {
    fc.assert(
      fc.property(examples, (rows) => {
        const samples = samplesOf(
          rows.map((row) => row.p),
          rows.map((row) => row.y),
          rows.map((row) => row.w),
        );
        const { x, y } = rocCurve(samples);
        const exact = auroc(samples);
        if (exact.kind === 'undefined') {
          expect(x).toEqual([]);
          return;
        }
        let area = 0;
        for (let i = 1; i < x.length; i++) {
          area += ((x[i] ?? 0) - (x[i - 1] ?? 0)) * (((y[i] ?? 0) + (y[i - 1] ?? 0)) / 2);
        }
        expect(area).toBeCloseTo(exact.value, 10);
        expect([x[0], y[0], x.at(-1), y.at(-1)]).toEqual([0, 0, 1, 1]);
      }),
    );
  });

  it('names what is wrong instead of returning NaN', () => {
    expect(auroc(samplesOf([], []))).toEqual(absent(NO_EXAMPLES));
    expect(auroc(samplesOf([0.1, Number.NaN], [0, 1]))).toEqual(absent(NOT_FINITE));
    expect(auroc(samplesOf([0.1, 0.2], [0, 7]))).toEqual(absent(NOT_BINARY));
  });

  it('keeps its ends and at most the asked number of points on a long curve', () => {
    const n = 5000;
    const samples = samplesOf(
      Array.from({ length: n }, (_, i) => i / n),
      Array.from({ length: n }, (_, i) => ((i * 7919) % n < i ? 1 : 0)),
    );
    const { x, y } = rocCurve(samples, 50);
    expect(x.length).toBeLessThanOrEqual(50);
    expect(x.length).toBeGreaterThan(30);
    expect([x[0], y[0], x.at(-1), y.at(-1)]).toEqual([0, 0, 1, 1]);
  });
});

describe('RCE and NRCE', () => {
  it('RCE is 0 for always predicting the mean label, NRCE for any constant', () => {
    const labels = [1, 0, 0, 1, 0];
    const [rce, nrce] = [new Rce(), new Nrce()];
    rce.update(
      labels.map(() => 0.4),
      labels,
      null,
    );
    nrce.update(
      labels.map(() => 0.01),
      labels,
      null,
    );
    expect(number(rce.compute())).toBeCloseTo(0, 10);
    expect(number(nrce.compute())).toBeCloseTo(0, 10);
  });

  it('have typed absences', () => {
    const raw = new Rce();
    raw.update([0.5, 0.5], [7, 9], null);
    expect(raw.compute()).toEqual(absent(NOT_BINARY));
    const nan = new Nrce();
    nan.update([0.5, Number.NaN], [0, 1], null);
    expect(nan.compute()).toEqual(absent(NOT_FINITE));
    expect(new Rce().compute()).toEqual(absent(NO_EXAMPLES));
    const zero = new Nrce();
    zero.update([0, 0], [0, 1], null);
    expect(zero.compute().kind).toBe('value');
  });
});

describe('CTR, pCTR and calibration', () => {
  it('are weighted means', () => {
    const [ctr, pctr] = [new Ctr(), new Pctr()];
    ctr.update([1, 0], [1, 3]);
    pctr.update([0.5, 0.1], [1, 3]);
    expect(number(ctr.compute())).toBeCloseTo(0.25, 12);
    expect(number(pctr.compute())).toBeCloseTo(0.2, 12);
    expect(number(calibrationRatio(pctr.compute(), ctr.compute()))).toBeCloseTo(0.8, 12);
    expect(calibrationRatio(present(0.1), present(0))).toEqual(absent(NO_POSITIVES));
  });

  it('the curve lies on the diagonal where labels follow the predictions', () => {
    const predictions: number[] = [];
    const labels: number[] = [];
    for (let step = 1; step <= 9; step++) {
      for (let i = 0; i < 100; i++) {
        predictions.push(step / 10);
        labels.push(i < step * 10 ? 1 : 0);
      }
    }
    const { x, y } = calibrationCurve(samplesOf(predictions, labels), 9);
    expect(x).toHaveLength(9);
    x.forEach((prediction, i) => expect(y[i]).toBeCloseTo(prediction, 6));
  });

  it('covers every example once, in rising order, never splitting ties', () => {
    fc.assert(
      fc.property(examples, (rows) => {
        const { x, y, counts } = calibrationCurve(
          samplesOf(
            rows.map((row) => row.p),
            rows.map((row) => row.y),
          ),
          5,
        );
        expect(x.length).toBeLessThanOrEqual(5);
        expect(y).toHaveLength(x.length);
        expect(counts).toHaveLength(x.length);
        if (x.length > 0) expect(counts.reduce((sum, n) => sum + n, 0)).toBe(rows.length);
        for (let i = 1; i < x.length; i++) expect(x[i]).toBeGreaterThan(x[i - 1] ?? 1);
        const distinct = new Set(rows.map((row) => row.p)).size;
        expect(x.length).toBeLessThanOrEqual(distinct);
      }),
    );
  });
});

describe('bootstrap intervals', () => {
  const n = 800;
  const labels = Array.from({ length: n }, (_, i) => (i % 4 === 0 ? 1 : 0));
  const predictions = labels.map((label, i) => 0.1 + 0.3 * label + (0.5 * ((i * 7919) % n)) / n);
  const samples = samplesOf(predictions, labels);
  const losses = predictions.map((p, i) => (labels[i] === 1 ? -Math.log(p) : -Math.log(1 - p)));
  const calibrated = predictions.map((p) => p / 2);
  const intervalsOf = (options: { seed: number; replicates?: number }) =>
    bootstrapIntervals(samples, { losses, calibrated }, options);

  it('hold the estimate, repeat with the seed and differ with another', () => {
    const a = intervalsOf({ seed: 1 });
    const value = number(auroc(samples));
    if (!a.auroc || !a.rce) throw new Error('no interval');
    expect(a.auroc.low).toBeLessThan(value);
    expect(a.auroc.high).toBeGreaterThan(value);
    expect(intervalsOf({ seed: 1 })).toEqual(a);
    expect(intervalsOf({ seed: 2 })).not.toEqual(a);
  });

  it('are about as wide as Hanley and McNeil (1982) estimate', () => {
    const a = number(auroc(samples));
    const [positives, negatives] = [n / 4, (3 * n) / 4];
    const q1 = a / (2 - a);
    const q2 = (2 * a * a) / (1 + a);
    const variance =
      (a * (1 - a) + (positives - 1) * (q1 - a * a) + (negatives - 1) * (q2 - a * a)) /
      (positives * negatives);
    const interval = intervalsOf({ seed: 3, replicates: 400 }).auroc;
    if (!interval) throw new Error('no interval');
    const ratio = (interval.high - interval.low) / (2 * 1.96 * Math.sqrt(variance));
    expect(ratio).toBeGreaterThan(0.6);
    expect(ratio).toBeLessThan(1.5);
  });

  it('of means are as wide as their standard errors say', () => {
    const { loss, ctr, pctr, meanCalibrated } = intervalsOf({ seed: 4, replicates: 400 });
    const columns = [
      [loss, losses],
      [ctr, labels],
      [pctr, predictions],
      [meanCalibrated, calibrated],
    ] as const;
    for (const [interval, values] of columns) {
      const mean = values.reduce((sum, value) => sum + value, 0) / n;
      const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n);
      if (!interval) throw new Error('no interval');
      expect(interval.low).toBeLessThan(mean);
      expect(interval.high).toBeGreaterThan(mean);
      const ratio = (interval.high - interval.low) / ((2 * 1.96 * deviation) / Math.sqrt(n));
      expect(ratio).toBeGreaterThan(0.8);
      expect(ratio).toBeLessThan(1.25);
    }
  });

  it('of AUROC and RCE are absent with one class only, all with no example', () => {
    const one = { losses: [0.1, 0.2], calibrated: [0.1, 0.2] };
    const found = bootstrapIntervals(samplesOf([0.1, 0.2], [0, 0]), one, { seed: 1 });
    expect(found).toMatchObject({ auroc: null, rce: null, ctr: { low: 0, high: 0 } });
    const none = bootstrapIntervals(new ScoredSamples(), { losses: [], calibrated: [] }, { seed: 1 });
    expect(Object.values(none)).toEqual(Object.values(none).map(() => null));
  });
});

describe('orders', () => {
  it('Spearman by hand: with ties, reversed, constant', () => {
    expect(number(spearman([1, 2, 3, 4], [10, 20, 30, 40]))).toBeCloseTo(1, 12);
    expect(number(spearman([1, 2, 3, 4], [4, 3, 2, 1]))).toBeCloseTo(-1, 12);
    // Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4.
    expect(number(spearman([1, 2, 2, 3], [1, 2, 3, 4]))).toBeCloseTo(4.5 / Math.sqrt(4.5 * 5), 12);
    expect(spearman([1, 1], [1, 2])).toEqual(absent(NO_VARIATION));
    expect(() => spearman([1], [1, 2])).toThrow(/1 values against 2/);
  });

  it('NDCG@k by hand', () => {
    // Order by score: relevance 3, 0, 2; the best: 3, 2, 0.
    const expected = (3 + 2 / Math.log2(4)) / (3 + 2 / Math.log2(3));
    expect(number(ndcg([0.9, 0.5, 0.1], [3, 0, 2], 3))).toBeCloseTo(expected, 12);
    expect(number(ndcg([0.9, 0.5, 0.1], [3, 0, 2], 1))).toBe(1);
    expect(ndcg([1, 2], [0, 0], 2)).toEqual(absent('nothing is relevant'));
    expect(() => ndcg([1], [-1], 1)).toThrow(/relevance 0 is -1/);
  });

  it('top-k overlap by hand', () => {
    expect(number(topKOverlap([5, 4, 3, 2], [1, 4, 3, 5], 2))).toBe(0.5);
    expect(number(topKOverlap([5, 4], [4, 5], 10))).toBe(1);
    expect(topKOverlap([], [], 3)).toEqual(absent(NO_EXAMPLES));
  });
});

describe('average precision', () => {
  const of = (predictions: number[], labels: number[], weights: number[] | null = null) => {
    const samples = new ScoredSamples();
    samples.update(predictions, labels, weights);
    return averagePrecision.of(samples);
  };

  it('is 1 for a perfect order, the base rate where all predictions are equal, and by steps between', () => {
    expect(of([0.9, 0.8, 0.1], [1, 1, 0])).toEqual({ kind: 'value', value: 1 });
    expect(of([0.5, 0.5, 0.5, 0.5], [1, 0, 0, 0])).toEqual({ kind: 'value', value: 0.25 });
    // Positives at ranks 1 and 3: (1/1 + 2/3) / 2.
    expect(of([0.9, 0.8, 0.7, 0.1], [1, 0, 1, 0])).toEqual({ kind: 'value', value: (1 + 2 / 3) / 2 });
    expect(of([0.9, 0.8], [1, 0], [1, 3])).toEqual(of([0.9, 0.8, 0.8, 0.8], [1, 0, 0, 0]));
  });

  it('has no value without positives', () => {
    expect(of([0.4, 0.6], [0, 0])).toEqual({ kind: 'undefined', reason: 'no positives yet' });
  });
});
