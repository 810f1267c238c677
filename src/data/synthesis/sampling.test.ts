import { describe, expect, it } from 'vitest';
import { Random } from '../random.ts';
import { createSampling, keepRow } from './sampling.ts';
import type { Weighting } from './sampling.ts';

const tasks = ['a', 'b'];
const rates = {
  a: { pos_downsampling_rate: 0.8, neg_downsampling_rate: 0.1 },
  b: { pos_downsampling_rate: 1, neg_downsampling_rate: 0.3 },
};

/** Rows of two independent labels with the given rates, sampled. */
function simulate(weighting: Weighting, deciding: string[] = []) {
  const sampling = createSampling(tasks, rates, deciding, weighting)!;
  const random = new Random(1);
  const weights = new Float32Array(2);
  const rows: { labels: number[]; weights: number[] }[] = [];
  for (let i = 0; i < 400000; i++) {
    const labels = Uint8Array.of(random.bernoulli(0.02), random.bernoulli(0.1));
    if (keepRow(sampling, labels, random.double(), weights, 0))
      rows.push({ labels: [...labels], weights: [...weights] });
  }
  return rows;
}

/** Σ weight·label / Σ weight. */
function rate(rows: ReturnType<typeof simulate>, column: number): number {
  let positive = 0;
  let all = 0;
  for (const row of rows) {
    positive += row.weights[column]! * row.labels[column]!;
    all += row.weights[column]!;
  }
  return positive / all;
}

const calibrated = (p: number, pos: number, neg: number) => ((neg / pos) * p) / (1 - p + (neg / pos) * p);

describe('downsampling', () => {
  it('shows each head, without weights, its own downsampled rate, which calibration brings back', () => {
    const rows = simulate('none');
    const expected = (p: number, pos: number, neg: number) => (p * pos) / (p * pos + (1 - p) * neg);
    expect(rate(rows, 0)).toBeCloseTo(expected(0.02, 0.8, 0.1), 2);
    expect(rate(rows, 1)).toBeCloseTo(expected(0.1, 1, 0.3), 2);
    expect(Math.abs(calibrated(rate(rows, 0), 0.8, 0.1) / 0.02 - 1)).toBeLessThan(0.05);
    expect(Math.abs(calibrated(rate(rows, 1), 1, 0.3) / 0.1 - 1)).toBeLessThan(0.05);
  });

  it('gives, with inverse weights, the rate before downsampling', () => {
    const rows = simulate('inverse');
    expect(Math.abs(rate(rows, 0) / 0.02 - 1)).toBeLessThan(0.05);
    expect(Math.abs(rate(rows, 1) / 0.1 - 1)).toBeLessThan(0.05);
    const kept = rows.find((row) => row.labels[0] === 1 && row.weights[0]! > 0)!;
    expect(kept.weights[0]).toBeCloseTo(1 / 0.8, 6);
  });

  it('leaves out rows that no deciding task keeps', () => {
    expect(simulate('none').every((row) => row.weights[0]! + row.weights[1]! > 0)).toBe(true);
    expect(simulate('none', ['a']).every((row) => row.weights[0] === 1)).toBe(true);
    expect(simulate('none').length).toBeLessThan(400000 * 0.4);
  });

  it('needs no weights where all rates are 1', () => {
    const one = { pos_downsampling_rate: 1, neg_downsampling_rate: 1 };
    expect(createSampling(tasks, {}, [], 'none')).toBeNull();
    expect(createSampling(tasks, { a: one, b: one }, ['a'], 'inverse')).toBeNull();
  });

  it('names a rate or a deciding task that makes no sense', () => {
    const bad = { a: { pos_downsampling_rate: 1, neg_downsampling_rate: 0 } };
    expect(() => createSampling(tasks, bad, [], 'none')).toThrow(
      'neg_downsampling_rate of a must lie in (0, 1], it is 0.',
    );
    expect(() => createSampling(tasks, rates, ['c'], 'none')).toThrow(/"c"/);
  });
});
