import { describe, expect, it } from 'vitest';
import { hashAt } from '../engines/hash.ts';
import { Curve } from './curve.ts';
import { smooth } from './smoothing.ts';

const noise = (length: number): Float64Array =>
  Float64Array.from({ length }, (_, row) =>
    row % 97 === 13 ? NaN : Math.exp(-row / 500) + 0.3 * (hashAt(8, row) / 2 ** 32),
  );

describe('Curve', () => {
  it.each([0, 0.8, 0.99])('grown in pieces is the plain computation, weight %d', (weight) => {
    const raw = noise(5000);
    const curve = new Curve(weight);
    for (const rows of [0, 1, 2, 31, 32, 33, 700, 701, 4999, 5000, 5000]) {
      const { values, extremes } = curve.follow(raw.subarray(0, rows));
      expect(values).toEqual(weight === 0 ? raw.subarray(0, rows) : smooth(raw.subarray(0, rows), weight));
      for (const blocks of [1, 7, 100]) {
        const found = extremes(blocks);
        expect(found).toEqual([...new Set(found)].sort((a, b) => a - b));
        expect(found.length).toBeLessThanOrEqual(2 * blocks + 2);
        if (rows === 0) continue;
        expect([found[0], found.at(-1)]).toEqual([0, rows - 1]);
        const finite = (of: readonly number[]) => of.filter(Number.isFinite);
        const all = finite([...values]);
        const kept = finite(found.map((row) => values[row] as number));
        expect([Math.min(...kept), Math.max(...kept)]).toEqual([Math.min(...all), Math.max(...all)]);
      }
    }
  });

  it('keeps the extremes of every part', () => {
    const raw = noise(4096);
    const { values, extremes } = new Curve(0).follow(raw);
    const found = extremes(16);
    for (let part = 0; part < 16; part++) {
      const [from, to] = [part * 256, (part + 1) * 256];
      const whole = [...values.subarray(from, to)].filter(Number.isFinite);
      const kept = found
        .filter((row) => row >= from && row < to)
        .map((row) => values[row] as number)
        .filter(Number.isFinite);
      expect(Math.max(...kept)).toBe(Math.max(...whole));
      expect(Math.min(...kept)).toBe(Math.min(...whole));
    }
  });

  it('of nothing but what is no number keeps the ends', () => {
    const { values, extremes } = new Curve(0.5).follow(new Float64Array(100).fill(NaN));
    expect(values.every(Number.isNaN)).toBe(true);
    expect(extremes(4)).toEqual([0, 99]);
  });

  it('gives what it gave where nothing came, and reads what came only', () => {
    const raw = noise(4096);
    const curve = new Curve(0.5);
    const first = curve.follow(raw.subarray(0, 4000));
    expect(curve.follow(raw.subarray(0, 4000))).toBe(first);
    raw.fill(7, 0, 4000);
    const second = curve.follow(raw);
    expect(second).not.toBe(first);
    expect(second.values.subarray(0, 4000)).toEqual(first.values);
  });
});
