import { expect, it } from 'vitest';
import { csvRow, toCsv } from './csv.ts';

it('quotes what needs it and nothing else', () => {
  expect(csvRow(['plain', 'a,b', 'say "hi"', 'two\nlines', 0.1, -1e-7, true, null, undefined])).toBe(
    'plain,"a,b","say ""hi""","two\nlines",0.1,-1e-7,true,,\n',
  );
});

it('writes a header and rows of its width', () => {
  expect(toCsv(['step', 'loss'], [[0, 0.5], [1, NaN]])).toBe('step,loss\n0,0.5\n1,NaN\n'); // prettier-ignore
  expect(() => toCsv(['a'], [[1, 2]])).toThrow('CSV row 2 has 2 cells, the header 1.');
});
