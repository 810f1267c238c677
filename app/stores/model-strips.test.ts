import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stripCells } from './model-strips.ts';

it('a strip has a cell for every column, and keeps the largest of each where columns share one', () => {
  fc.assert(
    fc.property(
      fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { maxLength: 300 }),
      fc.integer({ min: 1, max: 64 }),
      (values, most) => {
        const cells = stripCells(values, most);
        expect(cells).toHaveLength(Math.min(most, values.length));
        expect(cells.flatMap(({ from, to }) => values.slice(from, to))).toEqual(values);
        for (const { from, to, value, size } of cells) {
          expect(Math.abs(value)).toBe(Math.max(...values.slice(from, to).map(Math.abs)));
          expect(size >= 0 && size <= 1).toBe(true);
        }
        if (values.some((value) => value !== 0)) expect(Math.max(...cells.map(({ size }) => size))).toBe(1);
      },
    ),
    { seed: 13, numRuns: 200 },
  );
});

it('a number that is not finite is as large as can be', () => {
  expect(stripCells([1, Number.NaN, 2], 3).map(({ size }) => size)).toEqual([0.5, 1, 1]);
});
