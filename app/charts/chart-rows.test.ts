import { describe, expect, it } from 'vitest';
import { Curve } from '../../src/runs/curve.ts';
import { chartRows, rawKey } from './chart-rows.ts';

const line = (key: string, values: readonly number[], smoothing = 0) => {
  const raw = Float64Array.from(values);
  return { key, values: raw, drawn: new Curve(smoothing).follow(raw) };
};

describe('chartRows', () => {
  it('gives smoothed and raw values on shared rows', () => {
    const rows = chartRows([0, 1], [line('loss', [1, 3], 0.5)], true, 100);
    expect(rows.map((row) => row.x)).toEqual([0, 1]);
    expect(rows[1]?.['loss']).toBeCloseTo(1.75 / 0.75, 12);
    expect(rows[1]?.[rawKey('loss')]).toBe(3);
  });

  it('leaves out what a logarithmic axis cannot show, and what is no number', () => {
    const rows = chartRows([0, 1, 2], [line('a', [0, NaN, 2])], false, 100, true);
    expect(rows.map((row) => row['a'])).toEqual([undefined, undefined, 2]);
  });

  it('never hands recharts more than 500 rows', () => {
    const x = Array.from({ length: 5000 }, (_, i) => i);
    expect(chartRows(x, [line('a', x, 0.9)], true, 10_000)).toHaveLength(500);
  });

  it('looks at a few thousand rows of a long run, and loses no peak of any line', () => {
    const x = Array.from({ length: 131_072 }, (_, row) => row);
    const lines = Array.from({ length: 10 }, (_, head) =>
      line(
        `head${head}`,
        x.map((row) =>
          row === 12_000 * head + 7_777 ? 50 : Math.exp(-row / 20_000) + Math.sin(row + head) / 50,
        ),
      ),
    );
    let read = 0;
    const counted = new Proxy(x, {
      get(target, key) {
        read++;
        return Reflect.get(target, key) as unknown;
      },
    });
    const rows = chartRows(counted, lines, false, 60);
    expect(read).toBeLessThan(8000);
    expect(rows).toHaveLength(60);
    expect([rows[0]?.x, rows.at(-1)?.x]).toEqual([0, 131_071]);
    const peaks = lines.filter(({ key }) => rows.some((row) => row[key] === 50));
    expect(peaks).toHaveLength(10);
  });
});
