import { describe, expect, it } from 'vitest';
import { smooth } from './smoothing.ts';

describe('smooth', () => {
  it('is the values themselves at weight 0', () => {
    expect([...smooth([3, 1, 2], 0)]).toEqual([3, 1, 2]);
  });

  it('leaves a constant alone from the first point on', () => {
    for (const value of smooth([5, 5, 5, 5], 0.9)) expect(value).toBeCloseTo(5, 12);
  });

  it('weighs as the formula says', () => {
    const [first, second] = smooth([1, 3], 0.5);
    expect(first).toBeCloseTo(1, 12);
    // (0.5 · 0.5 · 1 + 0.5 · 3) / (1 − 0.25)
    expect(second).toBeCloseTo(1.75 / 0.75, 12);
  });

  it('skips what is no number without forgetting what came before', () => {
    const values = smooth([1, NaN, 1], 0.9);
    expect(values[1]).toBeNaN();
    expect(values[2]).toBeCloseTo(1, 12);
  });
});
