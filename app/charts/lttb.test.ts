import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lttb } from './lttb.ts';

const steps = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

describe('lttb', () => {
  it('keeps everything that fits', () => {
    expect(lttb(steps(5), steps(5), [1, 2, 3, 4, 5], 5)).toEqual([0, 1, 2, 3, 4]);
    expect(lttb([], [], [], 5)).toEqual([]);
  });

  it('keeps a lone spike in a flat line', () => {
    const values = steps(1000).map((row) => (row === 637 ? 10 : 0));
    expect(lttb(steps(1000), steps(1000), values, 20)).toContain(637);
  });

  it('chooses of the rows given only', () => {
    const values = steps(1000).map((row) => (row === 637 ? 10 : row === 400 ? 9 : 0));
    const even = steps(500).map((i) => 2 * i);
    const kept = lttb(even, steps(1000), values, 20);
    expect(kept).toContain(400);
    expect(kept.every((row) => row % 2 === 0)).toBe(true);
    expect([kept[0], kept.at(-1)]).toEqual([0, 998]);
  });

  it('gives ascending rows with both ends, never more than asked, whatever the values', () => {
    const value = fc.oneof(fc.double(), fc.constantFrom(NaN, Infinity));
    fc.assert(
      fc.property(fc.array(value, { maxLength: 400 }), fc.integer({ min: 2, max: 100 }), (values, limit) => {
        const rows = lttb(steps(values.length), steps(values.length), values, limit);
        expect(rows.length).toBe(Math.min(values.length, limit));
        for (let i = 1; i < rows.length; i++) expect(rows[i]).toBeGreaterThan(rows[i - 1] as number);
        if (values.length > 0) {
          expect(rows[0]).toBe(0);
          expect(rows.at(-1)).toBe(values.length - 1);
        }
      }),
    );
  });
});
