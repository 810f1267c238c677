/** The reference's own RCE, NRCE and AUROC, on its own batches. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Auroc } from './auroc.ts';
import { NO_NEGATIVES, NO_POSITIVES } from './metric-value.ts';
import type { MetricValue } from './metric-value.ts';
import { Nrce } from './nrce.ts';
import { Rce } from './rce.ts';

interface Case {
  name: string;
  batches: number[];
  predictions: number[];
  labels: number[];
  weights: number[];
  expected: { rce: number | string; nrce: number | string; auroc: number | string };
}

const file = new URL('../../test/fixtures/metrics.json', import.meta.url);
const cases = JSON.parse(readFileSync(file, 'utf8')) as Case[];

function check(actual: MetricValue, expected: number | string, tolerance: number, reason: string): void {
  if (typeof expected === 'string') expect(actual).toEqual({ kind: 'undefined', reason });
  else {
    if (actual.kind !== 'value') throw new Error(`expected ${expected}, got no value: ${actual.reason}`);
    expect(Math.abs(actual.value - expected)).toBeLessThanOrEqual(tolerance * Math.abs(expected));
  }
}

describe.each(cases)('metrics of the reference: $name', (fixture) => {
  const positives = fixture.labels.filter((label) => label === 1).length;
  const reason = positives === 0 ? NO_POSITIVES : NO_NEGATIVES;
  const run = (metric: Rce | Nrce | Auroc): MetricValue => {
    let from = 0;
    for (const size of fixture.batches) {
      const to = from + size;
      metric.update(
        fixture.predictions.slice(from, to),
        fixture.labels.slice(from, to),
        fixture.weights.slice(from, to),
      );
      from = to;
    }
    expect(from).toBe(fixture.predictions.length);
    return metric.compute();
  };

  // The reference sums in float32, which is the whole difference.
  it('RCE', () => check(run(new Rce()), fixture.expected.rce, 2e-5, reason));
  it('NRCE', () => check(run(new Nrce()), fixture.expected.nrce, 2e-5, reason));
  it('AUROC', () => check(run(new Auroc()), fixture.expected.auroc, 2e-6, reason));
});

it('NRCE depends on the order of the batches, as the reference has it', () => {
  const rare = cases.find((fixture) => fixture.batches.length === 3);
  if (!rare) throw new Error('no fixture of three batches');
  const of = (starts: number[]) => {
    const metric = new Nrce();
    for (const from of starts) {
      const part = (values: number[]) => values.slice(from, from + 1000);
      metric.update(part(rare.predictions), part(rare.labels), part(rare.weights));
    }
    const value = metric.compute();
    return value.kind === 'value' ? value.value : Number.NaN;
  };
  expect(Math.abs(of([0, 1000, 2000]) - of([2000, 1000, 0]))).toBeGreaterThan(1e-3);
});
