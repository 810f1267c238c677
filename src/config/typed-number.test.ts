import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meantNumber, rangeText, readTypedNumber } from './typed-number.ts';
import type { NumberLimits } from './typed-number.ts';

const ANY: NumberLimits = { min: -1e9, max: 1e9 };
const SEED: NumberLimits = { min: 0, max: 4_294_967_295, whole: true };
const read = (text: string, limits: NumberLimits = ANY) => {
  const typed = readTypedNumber(text, limits);
  return 'value' in typed ? typed.value : typed.problem;
};

describe('case 02: decimal comma', () => {
  const typed = JSON.parse(
    readFileSync(new URL('../../test/cases/02-decimal-comma/typed.json', import.meta.url), 'utf8'),
  ) as { field: string; typed: string; right: number | string }[];

  it.each(typed)('$field: $typed', ({ field, typed: text, right }) => {
    const value = read(text, field.startsWith('Data seed') ? SEED : ANY);
    if (typeof right === 'number') expect(value).toBe(right);
    else expect(value).toMatch(/A whole number from 0 to 4,294,967,295\.$/);
  });
});

describe('readTypedNumber', () => {
  it.each<[string, number]>([
    ['12', 12],
    [' 12 ', 12],
    ['1.5', 1.5],
    ['1,5', 1.5],
    ['0,005', 0.005],
    ['0.125', 0.125],
    ['1,000', 1000],
    ['12,345', 12345],
    ['1.234', 1.234],
    ['1234,567', 1234.567],
    ['1,234,567', 1234567],
    ['1.234.567', 1234567],
    ['1,234.5', 1234.5],
    ['1.234,5', 1234.5],
    ['1.234.567,89', 1234567.89],
    ['1 234,5', 1234.5],
    ['1\u202F234,5', 1234.5],
    ['1\u00A0234.5', 1234.5],
    ["1'234.5", 1234.5],
    ['1’234’567', 1234567],
    ['1_000', 1000],
    [',5', 0.5],
    ['.5', 0.5],
    ['5.', 5],
    ['-74,5', -74.5],
    ['−74,5', -74.5],
    ['–3', -3],
    ['- 3', -3],
    ['+3', 3],
    ['1e3', 1000],
    ['1,5E-3', 0.0015],
    ['2.3M', 2300000],
    ['1,1k', 1100],
    ['5 K', 5000],
    ['٣٫٥', 3.5],
    ['१२', 12],
    ['１２．５', 12.5],
    ['007', 7],
  ])('%j is %d', (text, value) => {
    // A full-width point is a mark of its own.
    expect(read(text.replace('．', '.'))).toBe(value);
  });

  it.each([
    '',
    ' ',
    'abc',
    '1,2,3',
    '12,34,567',
    '1.2.3',
    '1,23.4.5',
    '1 23',
    '--1',
    '1-2',
    '1/2',
    '½',
    'NaN',
    'Infinity',
    '0x10',
    '1e',
    'e5',
    '.',
    ',',
    '1,000.000,5',
    '01,000',
    '5%',
    '5 apples',
    '1m',
    '1e999',
    '1e99999',
  ])('refuses %j with the range', (text) =>
    expect(read(text)).toMatch(/A number from −1,000,000,000 to 1,000,000,000\.$/),
  );

  it('refuses what may mean two numbers, with both', () => {
    expect(read('1.000', SEED)).toBe(
      '1.000 may mean 1 or 1000: write one of the two. A whole number from 0 to 4,294,967,295.',
    );
  });

  it('keeps whole numbers whole and in range', () => {
    expect(read('2.0', SEED)).toBe(2);
    expect(read('2.5', SEED)).toContain('must be a whole number');
    expect(read('-1', SEED)).toContain('out of range');
    expect(read('99999999999999999999', { min: 0, max: 1e30, whole: true })).toContain('more digits');
  });

  it('knows units where they make sense', () => {
    const share: NumberLimits = { min: 0, max: 1 };
    expect(read('5%', share)).toBe(0.05);
    expect(read('5 %', { min: 0, max: 100, percent: true })).toBe(5);
    expect(read('0,5', { min: 0, max: 100, percent: true })).toBe(0.5);
    expect(read('5 h', { min: 0, max: 48, unit: 'h' })).toBe(5);
    expect(read('5%')).toContain('A % makes no sense here.');
  });

  it('reads back every number as it is shown', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), (value) => {
        expect(read(String(value)) === value).toBe(true);
      }),
      { seed: 1 },
    );
    fc.assert(
      fc.property(fc.integer(), (value) => {
        expect(
          read(value.toLocaleString('en-US'), { ...ANY, min: -3e9, max: 3e9, whole: true }) === value,
        ).toBe(true);
        expect(
          read(value.toLocaleString('fr-FR'), { ...ANY, min: -3e9, max: 3e9, whole: true }) === value,
        ).toBe(true);
      }),
      { seed: 1 },
    );
  });
});

describe('rangeText', () => {
  it.each<[NumberLimits, string]>([
    [{ min: 0, max: 1 }, 'A number from 0 to 1.'],
    [{ min: 1, max: Infinity, whole: true }, 'A whole number from 1 up.'],
    [{ min: -Infinity, max: 5 }, 'A number up to 5.'],
    [{ min: 0.01, max: 99, percent: true }, 'A number from 0.01 to 99 %.'],
    [{ min: -Infinity, max: Infinity }, 'A number.'],
  ])('%j', (limits, text) => expect(rangeText(limits)).toBe(text));
});

describe('meantNumber', () => {
  it.each<[string, number | null]>([
    ['0,5', 0.5],
    ['−369', -369],
    ['50%', 0.5],
    ['two', null],
  ])('%j', (text, value) => expect(meantNumber(text)).toBe(value));
});

it('asks which is meant where a point may group thousands, and takes each of the answers', () => {
  const limits = { min: 0, max: 1e6, decimalComma: true };
  for (const [text, small, large] of [
    ['1.000', '1', '1000'],
    ['13.125', '13.1250', '13125'],
    ['13,125', '13.1250', '13125'],
  ] as const) {
    expect(readTypedNumber(text, limits)).toEqual({
      problem: `${text} may mean ${small} or ${large}: write one of the two. A number from 0 to 1,000,000.`,
    });
    expect(readTypedNumber(small, limits)).toEqual({ value: Number(small) });
    expect(readTypedNumber(large, limits)).toEqual({ value: Number(large) });
  }
  expect(readTypedNumber('1.000', { ...limits, decimalComma: false })).toEqual({ value: 1 });
});
