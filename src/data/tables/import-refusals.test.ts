/** Tables that cannot be imported: file, row, column, reason and mend. */
import { describe, expect, it } from 'vitest';
import { parseColumns } from './columns-file.ts';
import type { ImportChoices } from './import-table.ts';
import { importText } from './testing/import-text.ts';

const refusal = async (text: string, labels = 'y', choices: Partial<ImportChoices> = {}) => {
  try {
    await importText(text, labels, choices);
  } catch (error) {
    return (error as Error).message;
  }
  return 'no error';
};

describe('refusals', () => {
  it.each([
    ['', 'y', /^table\.csv: The file is empty/],
    ['  \n', 'y', /The file is empty/],
    ['n,y\n', 'y', /^table\.csv: The table has no row below its header/],
    ['n,y,n\n1,2,3\n', 'y', /line 1, column "n": Columns 1 and 3 have the same name/],
    ['n,y\n1,0\n2\n', 'y', /^table\.csv: line 3: The row has 1 cell, the first row 2/],
    ['n,y\n1,"0\n2,1\n', 'y', /^table\.csv: line 2, column "y": The quote that opens here is never closed/],
    ['n,y\n1,\0\n', 'y', /line 2, column "y": There is a NUL character/],
    [`${'a,'.repeat(100_000)}b\n`, 'b', /line 1: The row has more than 16,384 cells/],
    ['n,y\n1,0\n2,1\n', 'z', /There is no column "z"\. There are n, y/],
    [
      'n,y\n1,0\n2,1\n',
      '',
      /Nothing is chosen to predict\. Name the label columns \(columns of two values are n, y\)/,
    ],
    ['n,y\n1,0\n2,0\n', 'y', /column "y": A label needs two values/],
    [
      'n,y\n1,a\n2,b\n3,c\n',
      'y',
      /column "y": It has 3 values \("a", "b", "c"\)\. Say which one is 1: y=VALUE/,
    ],
    ['n,y\n1,a\n2,b\n3,c\n', 'y=d', /column "y": No cell is "d"/],
    ['n,y\n1,0\n1,1\n', 'y', /No column is left to predict from\. "n" is not used: all its cells are "1"/],
    ['PK\u0003\u0004', 'y', /zip archive or an Excel workbook/],
    ['PAR1xxxxxxPAR1', 'y', /The Parquet data can't be read/],
    ['PAR1', 'y', /The Parquet data can't be read/],
  ])('%j', async (text, labels, message) => {
    expect(await refusal(text, labels)).toMatch(message);
  });

  it('says why a column is not used', async () => {
    const words = Array.from({ length: 200 }, (_, i) => `word${i}`);
    const rows = words.map((word, i) => `${word},${i === 7 ? 'abc' : i},${i % 2 ? '1;2' : '1;2;3'},${i % 2}`);
    const { notes } = await importText(
      `text,n,list,y,k\n${rows.map((row, i) => `${row},${i}`).join('\n')}\n`,
      'y',
    );
    expect(notes).toEqual([
      '"text" is not used: it holds texts, 200 different ones among 200.',
      '"n" is not used: 1 of 200 values are no numbers, the first is "abc" in line 9; correct them, or add them to missing_values in columns.json.',
      '"list" is not used: its lists have 2 to 3 numbers; they must be of one length.',
      'Head y: the probability that y is 1.',
    ]);
  });

  it('names the place in columns.json', () => {
    const error = (json: unknown) => {
      try {
        parseColumns(typeof json === 'string' ? json : JSON.stringify(json));
      } catch (failure) {
        return (failure as Error).message;
      }
      return 'no error';
    };
    const head = { name: 'y', title: 'y', column: 'y', positive: ['1'] };
    const label = { name: 'y', as: 'label' };
    const good = { version: 1, columns: [{ name: 'n', as: 'number' }, label], heads: [head] };
    expect(error(good)).toBe('no error');
    expect(error('{')).toMatch(/^columns\.json: this is no JSON/);
    expect(error({ ...good, version: 2 })).toMatch(/^columns\.json: version: version must be 1/);
    expect(error({ ...good, columns: [{ name: 'n', as: 'nubmer' }, label] })).toMatch(
      /^columns\.json: columns\.0 \("n"\)\.as: .*as is one of number, date/i,
    );
    expect(error({ ...good, columns: [{ name: 'n', as: 'number', unit: 0 }, label] })).toMatch(
      /columns\.0 \("n"\)\.unit: must be above 0/,
    );
    expect(error({ ...good, columns: [{ name: 'n', as: 'number', uint: 1 }, label] })).toMatch(
      /columns\.0 \("n"\): there is no key "uint" here; remove it/,
    );
    expect(error({ ...good, columns: [{ name: 'y', as: 'binary' }] })).toMatch(
      /heads\.0 \("y"\)\.column: the column "y" is read as binary: a head would see its own answer/,
    );
    expect(error({ ...good, columns: [label, label] })).toMatch(/"y" is there twice/);
    expect(error({ ...good, heads: [{ ...head, column: 'z' }] })).toMatch(/there is no column "z"/);
  });
});
