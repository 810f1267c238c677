import { describe, expect, it } from 'vitest';
import { chartRows, rawKey } from './chart-rows.ts';

describe('chartRows', () => {
  it('gives smoothed and raw values on shared rows', () => {
    const rows = chartRows([0, 1], [{ key: 'loss', values: [1, 3] }], 0.5, 100);
    expect(rows.map((row) => row.x)).toEqual([0, 1]);
    expect(rows[1]?.['loss']).toBeCloseTo(1.75 / 0.75, 12);
    expect(rows[1]?.[rawKey('loss')]).toBe(3);
  });

  it('leaves out what a logarithmic axis cannot show, and what is no number', () => {
    const rows = chartRows([0, 1, 2], [{ key: 'a', values: [0, NaN, 2] }], 0, 100, true);
    expect(rows.map((row) => row['a'])).toEqual([undefined, undefined, 2]);
  });

  it('never hands recharts more than 500 rows', () => {
    const x = Array.from({ length: 5000 }, (_, i) => i);
    expect(chartRows(x, [{ key: 'a', values: x }], 0.9, 10_000)).toHaveLength(500);
  });
});
