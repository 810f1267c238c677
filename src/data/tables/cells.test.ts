import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { missingTest, MISSING_TEXTS, parseDate, parseList, parseNumber } from './cells.ts';

describe('parseNumber', () => {
  it('reads every double as the language does', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.nat(12), (value, digits) => {
        expect(parseNumber(String(value), '.')).toBe(Number(String(value)));
        const fixed = value.toPrecision(digits + 1);
        const read = Number(fixed);
        expect(parseNumber(fixed, '.')).toBe(Number.isFinite(read) ? read : null);
      }),
      { seed: 3, numRuns: 2000 },
    );
  });

  it.each([
    ['-1,234,567.5', -1234567.5],
    ['12%', 12],
    ['−3', -3],
    ['+.5', 0.5],
    ['5.', 5],
    ['007', 7],
    ['1e3', 1000],
    ['1,23', null],
    ['1,2345', null],
    ['0x10', null],
    ['1_000', null],
    ['', null],
    ['-', null],
    ['.', null],
    ['e5', null],
    ['1e999', null],
    ['12 abc', null],
    ['Infinity', null],
    ['1.2.3', null],
  ])('%s', (text, value) => {
    expect(parseNumber(text, '.')).toBe(value);
  });

  it.each([
    ['1,5', 1.5],
    ['1.234,5', 1234.5],
    ['1.5', null],
    ['1 234,5', 1234.5],
    ['-0,25', -0.25],
  ])('with a decimal comma: %s', (text, value) => {
    expect(parseNumber(text, ',')).toBe(value);
  });
});

describe('parseDate', () => {
  it.each([
    ['2024-02-29', 'ymd', '2024-02-29T00:00:00.000Z'],
    ['2023-02-29', 'ymd', null],
    ['2024/5/1', 'ymd', '2024-05-01T00:00:00.000Z'],
    ['31.12.1999', 'dmy', '1999-12-31T00:00:00.000Z'],
    ['31.12.1999', 'mdy', null],
    ['12/31/1999 23:59', 'mdy', '1999-12-31T23:59:00.000Z'],
    ['2024-05-01T12:00:00.250+02:00', 'ymd', '2024-05-01T10:00:00.250Z'],
    ['2024-05-01 12:00:00 UTC', 'ymd', '2024-05-01T12:00:00.000Z'],
    ['2024-05-01T12:00:00Z', 'ymd', '2024-05-01T12:00:00.000Z'],
    ['2024-05/01', 'ymd', null],
    ['24-05-01', 'ymd', null],
    ['2024-05-01 25:00', 'ymd', null],
    ['0050-01-01', 'ymd', '0050-01-01T00:00:00.000Z'],
  ] as const)('%s as %s', (text, order, expected) => {
    const time = parseDate(text, order);
    expect(time === null ? null : new Date(time).toISOString()).toBe(expected);
  });
});

it('reads lists in four ways and nothing else', () => {
  for (const text of ['[1, 2.5, -3]', '(1 2.5 -3)', '1;2.5;-3', '1|2.5|-3', '1 2.5 -3']) {
    expect(parseList(text)).toEqual([1, 2.5, -3]);
  }
  expect(parseList('[7]')).toEqual([7]);
  for (const text of ['7', '[]', '1;x', 'a b', '[1,,2]']) expect(parseList(text)).toBeNull();
});

it('knows missing values', () => {
  const isMissing = missingTest(MISSING_TEXTS);
  for (const cell of ['', '?', 'NA', 'n/a', 'NaN', 'NULL', '\\N', null, undefined, Number.NaN]) {
    expect(isMissing(cell)).toBe(true);
  }
  for (const cell of ['0', 'no', 'nap', 0, false, 'unknown']) expect(isMissing(cell)).toBe(false);
});
