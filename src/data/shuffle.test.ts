import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from './random.ts';
import { ShuffleBuffer, shuffled } from './shuffle.ts';

function run(items: readonly number[], size: number, seed: number): number[] {
  const buffer = new ShuffleBuffer<number>(size, new Random(seed));
  const out: number[] = [];
  let most = 0;
  for (const item of items) {
    const left = buffer.push(item);
    if (left !== null) out.push(left);
    most = Math.max(most, buffer.length);
  }
  expect(most).toBeLessThanOrEqual(Math.max(size, 0));
  for (let left = buffer.drain(); left !== null; left = buffer.drain()) out.push(left);
  return out;
}

const count = (n: number) => Array.from({ length: n }, (_, i) => i);

describe('ShuffleBuffer', () => {
  it('gives every item once, the same order for the same seed', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.nat(20), fc.integer(), (n, size, seed) => {
        const out = run(count(n), size, seed);
        expect(out.toSorted((a, b) => a - b)).toEqual(count(n));
        expect(run(count(n), size, seed)).toEqual(out);
      }),
    );
  });

  it('keeps the order at size 0 and 1, and lets no item leave before the buffer is full', () => {
    expect(run(count(20), 0, 1)).toEqual(count(20));
    expect(run(count(20), 1, 1)).toEqual(count(20));
    expect(run(count(200), 50, 1).every((item, place) => item <= place + 50)).toBe(true);
  });

  it('spreads the places evenly', () => {
    // Where item 0 of 8 ends up in a buffer that holds them all: χ² with 7 degrees of freedom, 0.999 quantile 24.3.
    const places = Array.from({ length: 8 }, () => 0);
    for (let seed = 0; seed < 8000; seed++) places[run(count(8), 8, seed).indexOf(0)]!++;
    expect(places.reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0)).toBeLessThan(24.3);
  });
});

it('shuffled gives a permutation and leaves its input alone', () => {
  const items = Object.freeze(count(30));
  const out = shuffled(items, new Random(2));
  expect(out).not.toEqual(items);
  expect(out.toSorted((a, b) => a - b)).toEqual(items);
});
