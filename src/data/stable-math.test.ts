import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalQuantile, stableExp, stableLog } from './stable-math.ts';

const relative = (got: number, want: number) => Math.abs(got - want) / Math.max(Math.abs(want), 1e-300);

describe('stable logarithm and exponential', () => {
  it('agree with the engine’s own to the last digits', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), (x) => {
        const want = Math.log(x);
        expect(Math.abs(stableLog(x) - want)).toBeLessThanOrEqual(
          4e-16 * Math.max(Math.abs(want), Math.abs(x - 1)),
        );
      }),
    );
    fc.assert(
      fc.property(fc.double({ min: -700, max: 700, noNaN: true }), (x) => {
        expect(relative(stableExp(x), Math.exp(x))).toBeLessThan(2e-15);
      }),
    );
  });

  it('have the limits of the functions they stand for', () => {
    expect(stableLog(1)).toBe(0);
    expect(stableExp(0)).toBe(1);
    expect(stableExp(1000)).toBe(Infinity);
    expect(stableExp(-1000)).toBe(0);
    expect(stableExp(NaN)).toBeNaN();
    for (const x of [0, -1, NaN, Infinity]) expect(() => stableLog(x)).toThrow(RangeError);
  });
});

describe('normal quantile', () => {
  // Quantiles with 16 digits from tables of the normal distribution.
  it.each([
    [0.5, 0],
    [0.975, 1.959963984540054],
    [0.025, -1.959963984540054],
    [0.9, 1.2815515655446004],
    [0.999, 3.090232306167813],
    [1e-10, -6.361340902404056],
    [1e-20, -9.26234008979841],
    [1e-100, -21.27345356096532],
  ])('of %d is %d', (p, want) => {
    expect(Math.abs(normalQuantile(p) - want)).toBeLessThan(5e-14 * Math.max(1, Math.abs(want)));
  });

  it('refuses what is no probability', () => {
    for (const p of [0, 1, -0.1, NaN]) expect(() => normalQuantile(p)).toThrow(RangeError);
  });
});
