import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stripCells, stripShades } from './model-strips.ts';

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

it('shades draw every cell once, by its sign and as deep as its size within a fiftieth', () => {
  fc.assert(
    fc.property(fc.array(fc.float({ min: -2, max: 2, noNaN: true }), { maxLength: 300 }), (values) => {
      const cells = stripCells(values, 256);
      const drawn = cells.map(() => 0);
      const shades = stripShades(cells);
      expect(new Set(shades.map(({ negative, depth }) => `${negative} ${depth}`)).size).toBe(shades.length);
      for (const { negative, depth, outline } of shades) {
        for (const [, from = '', width = ''] of outline.matchAll(/M(\d+) 0h([\d.]+)v1h-\2z/g)) {
          for (let at = Number(from); at < Number(from) + Math.round(Number(width)); at++) {
            const cell = cells[at];
            if (!cell || Math.abs(cell.size - depth) > 1 / 48 + 1e-9 || cell.value < 0 !== negative) {
              throw new Error(`cell ${at} of ${JSON.stringify(cells)} is drawn as ${negative} ${depth}`);
            }
            drawn[at] = (drawn[at] ?? 0) + 1;
          }
        }
      }
      expect(drawn).toEqual(cells.map(({ size }) => (Math.round(24 * size) === 0 ? 0 : 1)));
      expect(shades.length).toBeLessThanOrEqual(48);
    }),
    { seed: 14, numRuns: 200 },
  );
});
