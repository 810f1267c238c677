/** What a plot draws of lines with their own steps, where it stands on its axes, and what is read under the crosshair. */
import { describe, expect, it, vi } from 'vitest';
import { Curve } from '../../src/runs/curve.ts';
import { linesTable, lowerBound, pointsOf, rowNear, valueRange } from './plot-lines.ts';
import type { PlotLine } from './plot-lines.ts';
import { padded, panned, pinched, scaleOf, ticksOf, within, zoomed } from './plot-scale.ts';
import { chartTexts } from '../texts/chart.ts';

const line = (x: ArrayLike<number>, values: ArrayLike<number>, more: Partial<PlotLine> = {}): PlotLine => ({
  key: 'a',
  label: 'A',
  color: 'red',
  x,
  values,
  ...more,
});

/** A long noisy line with one peak. */
function long(rows: number, peak: number) {
  const values = Float64Array.from({ length: rows }, (_, i) =>
    i === peak ? 50 : 1 + Math.sin(i * 12.9898) * 0.1,
  );
  return line(
    Float64Array.from({ length: rows }, (_, i) => i),
    values,
    { drawn: new Curve(0).follow(values) },
  );
}

describe('pointsOf', () => {
  it('draws a short line whole, with its ghost, and leaves out what is no number', () => {
    const raw = Float64Array.of(1, NaN, 3, -1);
    const smooth = new Curve(0.5).follow(raw);
    const points = pointsOf(line([0, 10, 20, 30], raw, { drawn: smooth }), null, 100);
    expect(points.x).toEqual([0, 20, 30]);
    expect(points.ghost).toEqual([1, 3, -1]);
    const positive = pointsOf(line([0, 10, 20, 30], raw), null, 100, { x: true, y: true });
    expect(positive.x).toEqual([20]);
    expect(positive.ghost).toBeNull();
  });

  it('keeps a peak of a long line, within the limit, its ends among it', () => {
    const points = pointsOf(long(131_072, 77_777), null, 160);
    expect(points.x.length).toBeLessThanOrEqual(160);
    expect(Math.max(...points.y)).toBe(50);
    expect([points.x[0], points.x.at(-1)]).toEqual([0, 131_071]);
  });

  it('shows a window with every row that it has room for, and one on each side', () => {
    const points = pointsOf(long(131_072, 77_777), [77_770, 77_780], 160);
    expect(points.x).toEqual(Array.from({ length: 13 }, (_, i) => 77_769 + i));
    const wide = pointsOf(long(131_072, 77_777), [50_000, 100_000], 160);
    expect(wide.x.length).toBeLessThanOrEqual(160);
    expect(Math.max(...wide.y)).toBe(50);
    expect(wide.x[0]).toBe(49_999);
  });

  it('thins a line again only where it has grown, or is looked at in another way', () => {
    const values = Float64Array.from({ length: 4001 }, (_, i) => Math.sin(i));
    const curve = new Curve(0);
    const steps = Float64Array.from({ length: 4001 }, (_, i) => i);
    let looked = 0;
    const drawnAt = (rows: number, window: readonly [number, number] | null = null) => {
      const drawn = curve.follow(values.subarray(0, rows));
      const extremes = vi.spyOn(drawn, 'extremes');
      const points = pointsOf(line(steps.subarray(0, rows), drawn.values, { drawn }), window, 60);
      looked = extremes.mock.calls.length;
      extremes.mockRestore();
      return points;
    };
    const first = drawnAt(4000);
    expect(looked).toBe(1);
    expect(drawnAt(4000)).toEqual(first);
    expect(looked).toBe(0);
    expect(drawnAt(4000, [1000, 3000]).x[0]).toBe(999);
    expect(looked).toBe(1);
    expect(drawnAt(4001).x.at(-1)).toBe(4000);
    expect(looked).toBe(1);
  });
});

describe('the crosshair', () => {
  it('reads each line at its own nearest step, and none beyond its end', () => {
    const even = line([0, 10, 20], [1, 2, 3]);
    const odd = line([5, 15, 100], [4, 5, 6]);
    expect([rowNear(even, 14), rowNear(odd, 14)]).toEqual([1, 1]);
    expect([rowNear(even, 4.9), rowNear(even, 5.1)]).toEqual([0, 1]);
    expect([rowNear(even, 90), rowNear(odd, 90)]).toEqual([null, 2]);
    expect(rowNear(line([], []), 0)).toBeNull();
    expect(lowerBound([1, 2, 2, 3], 2)).toBe(1);
  });
});

describe('valueRange', () => {
  it('leaves outliers out where that is wanted', () => {
    const points = [pointsOf(long(100, 50), null, 100)];
    expect(valueRange(points, false)?.[1]).toBe(50);
    expect(valueRange(points, true)?.[1]).toBeLessThan(1.2);
    expect(valueRange([], false)).toBeNull();
  });
});

describe('linesTable', () => {
  it('has a row for every step of any run, and nothing where a run has none', () => {
    const table = linesTable(chartTexts.axisColumns.step, [
      line([0, 1, 2], [1, 2, NaN], { run: 'one' }),
      line([0, 2, 4], [3, 4, 5], { key: 'b', run: 'two' }),
    ]);
    expect(table.columns).toEqual([chartTexts.axisColumns.step, 'A, one', 'A, two']);
    expect(table.rows).toEqual([
      [0, 1, 3],
      [1, 2, null],
      [2, null, 4],
      [4, null, 5],
    ]);
    const few = linesTable(
      chartTexts.axisColumns.step,
      [
        line(
          Array.from({ length: 1000 }, (_, i) => i),
          Array.from({ length: 1000 }, () => 1),
        ),
      ],
      100,
    );
    expect(few.rows).toHaveLength(100);
    expect(few.rows.at(-1)?.[0]).toBe(999);
  });
});

describe('scales', () => {
  it('go there and back, linear and logarithmic', () => {
    for (const scale of [scaleOf([2, 10]), scaleOf([0.01, 100], true)]) {
      for (const place of [-0.5, 0, 0.3, 1, 1.4])
        expect(scale.place(scale.valueAt(place))).toBeCloseTo(place, 12);
    }
    expect(scaleOf([0.01, 100], true).valueAt(0.5)).toBeCloseTo(1, 12);
    expect(scaleOf([-1, 1], true).log).toBe(false);
  });

  it('have round ticks inside of the domain', () => {
    expect(ticksOf(scaleOf([0, 1]), 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(ticksOf(scaleOf([0, 3]), 8, true)).toEqual([0, 1, 2, 3]);
    expect(ticksOf(scaleOf([0.013, 0.96], true), 4)).toEqual([0.02, 0.05, 0.1, 0.2, 0.5]);
    for (const [low, high] of [
      [0, 0.0007],
      [123, 1_234_567],
      [-5, 5],
    ] as const) {
      const ticks = ticksOf(scaleOf([low, high]), 6);
      expect(ticks.length).toBeGreaterThanOrEqual(3);
      expect(ticks.every((tick) => tick >= low && tick <= high)).toBe(true);
    }
  });

  it('are never empty, and do not go below zero for a loss', () => {
    expect(padded([1, 1])[1]).toBeGreaterThan(1);
    expect(padded([0, 0])).toEqual([-1, 1]);
    expect(padded([0.001, 1])[0]).toBe(0);
  });
});

describe('windows', () => {
  const whole = [0, 1000] as const;

  it('zoom about a place and stay within the whole', () => {
    const scale = scaleOf(whole);
    expect(zoomed(scale, whole, 0.5, 0.5)).toEqual([250, 750]);
    expect(zoomed(scale, whole, 0, 0.5)).toEqual([0, 500]);
    expect(zoomed(scaleOf([250, 750]), whole, 0.5, 4)).toBeNull();
  });

  it('move, and stop at the ends with their width', () => {
    const scale = scaleOf([200, 400]);
    expect(panned(scale, whole, 0.5)).toEqual([300, 500]);
    expect(panned(scale, whole, 100)).toEqual([800, 1000]);
    expect(panned(scale, whole, -100)).toEqual([0, 200]);
  });

  it('hold values under two fingers, on logarithmic axes too, within the whole', () => {
    const whole = [0, 1000] as const;
    expect(pinched(scaleOf(whole), whole, [400, 600], [0.25, 0.75])?.map(Math.round)).toEqual([300, 700]);
    expect(pinched(scaleOf([300, 700]), whole, [400, 600], [0.45, 0.55])).toBeNull();
    expect(pinched(scaleOf(whole), whole, [400, 600], [0.5, 0.5])).toBeUndefined();
    expect(pinched(scaleOf(whole), whole, [400, 600], [0.7, 0.2])).toBeUndefined();
    const [from, to] = pinched(scaleOf([1, 10_000], true), [1, 10_000], [10, 1000], [0, 1]) ?? [];
    expect(from).toBeCloseTo(10, 9);
    expect(to).toBeCloseTo(1000, 6);
  });

  it('are none where they are all or nothing', () => {
    expect(within([1000, 0], whole)).toBeNull();
    expect(within([300, 300], whole)).toBeNull();
    expect(within([700, 300], whole)).toEqual([300, 700]);
  });
});
