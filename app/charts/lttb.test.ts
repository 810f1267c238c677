import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lttb } from './lttb.ts';

const steps = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

describe('lttb', () => {
  it('keeps everything that fits', () => {
    expect(lttb(steps(5), [[1, 2, 3, 4, 5]], 5)).toEqual([0, 1, 2, 3, 4]);
    expect(lttb([], [[]], 5)).toEqual([]);
  });

  it('keeps a lone spike in a flat line', () => {
    const values = steps(1000).map((row) => (row === 637 ? 10 : 0));
    expect(lttb(steps(1000), [values], 20)).toContain(637);
  });

  it('keeps a spike of a small series beside a large one', () => {
    const large = steps(1000).map((row) => row * 100);
    const small = steps(1000).map((row) => (row === 321 ? 1 : 0));
    expect(lttb(steps(1000), [large, small], 20)).toContain(321);
  });

  it('gives ascending rows with both ends, never more than asked, whatever the values', () => {
    const value = fc.oneof(fc.double(), fc.constantFrom(NaN, Infinity));
    fc.assert(
      fc.property(fc.array(value, { maxLength: 400 }), fc.integer({ min: 2, max: 100 }), (values, limit) => {
        const rows = lttb(steps(values.length), [values], limit);
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
