import { readFileSync } from 'node:fs';
import { globSync } from 'tinyglobby';
import { afterEach, describe, expect, it } from 'vitest';
import { readTypedNumber } from '../src/config/typed-number.ts';
import {
  age,
  bytes,
  changeText,
  compact,
  count,
  dateAndTime,
  decimal,
  duration,
  fixed,
  flops,
  hasDecimalComma,
  learningRate,
  lossTick,
  percent,
  rate,
  score,
  setLocale,
  shareTick,
  shortRate,
  signed,
  significant,
  valueText,
  weightText,
} from './format.ts';

describe('format', () => {
  it('keeps four digits of a loss whatever its size', () => {
    expect(decimal(0.693147)).toBe('0.6931');
    expect(decimal(12.3456)).toBe('12.346');
    expect(decimal(-1.5)).toBe('−1.5000');
    expect(decimal(0.00001234)).toBe('1.23e-5');
    expect(decimal(NaN)).toBe('—');
  });

  it('never shows a small probability as zero', () => {
    expect(percent(0.5)).toBe('50.0 %');
    expect(percent(0.0305)).toBe('3.05 %');
    expect(percent(0.00042)).toBe('0.042 %');
    expect(percent(1e-7)).toBe('< 0.001 %');
    expect(percent(0)).toBe('0 %');
  });

  it('tells net-negative scores apart', () => {
    expect(score(0.000507)).toBe('0.000507');
    expect(score(0)).toBe((0).toFixed(4));
    expect(score(5.30321)).toBe('5.3032');
  });

  it('signs contributions with a real minus, and zero with none', () => {
    expect(signed(1.25, 4)).toBe('+1.2500');
    expect(signed(-19.73934, 4)).toBe('−19.7393');
    expect(signed(-0.00001, 4)).toBe('0.0000');
  });

  it('shows durations, ages, rates, sizes and learning rates', () => {
    expect(duration(59.6)).toBe('1:00');
    expect(duration(3725)).toBe('1:02:05');
    expect(duration(NaN)).toBe('–:––');
    expect(age(0.2)).toBe('12 min');
    expect(age(30)).toBe('30 h');
    expect(age(72)).toBe('3 d');
    expect(rate(0)).toBe('–');
    expect(rate(3.414)).toBe('3.41');
    expect(rate(1234.5)).toBe('1,235');
    expect(bytes(999)).toBe('999 B');
    expect(bytes(358_000)).toBe('358 kB');
    expect(flops(34.04e9)).toBe('34.0 GFLOP');
    expect(learningRate(0.0001)).toBe('1.00e-4');
  });
});

it('keeps no more digits than there are, and no minus before zero', () => {
  expect(significant(0.1 + 0.2, 6)).toBe('0.3');
  expect([0.69314, 9999, 12_300, 1e8, 1.2e12, 3e20].map(lossTick)).toEqual([
    '0.693',
    '10,000',
    '12.3K',
    '100M',
    '1.2e12',
    '3.0e20',
  ]);
  expect(significant(-1234.5, 3)).toBe('−1,230');
  expect(significant(1.5e-9, 6)).toBe('1.5e-9');
  expect(significant(0, 3)).toBe('0');
  expect(fixed(-0.0001, 2)).toBe('0.00');
  expect(weightText(-369)).toBe('−369');
  expect(shareTick(0.125)).toBe('13 %');
  expect(shortRate(0.00012)).toBe('1.2e-4');
  expect(shortRate(0.02)).toBe('0.02');
});

describe('another locale', () => {
  afterEach(() => setLocale(['en-US']));

  it('has its own decimal mark, groups and dates', () => {
    setLocale(['de-DE', 'en-US']);
    expect(count(48_115_108)).toBe('48.115.108');
    expect(decimal(0.693147)).toBe('0,6931');
    expect(decimal(0.00001234)).toBe('1,23e-5');
    expect(percent(0.0305)).toBe('3,05 %');
    expect(signed(-19.73934, 4)).toBe('−19,7393');
    expect(changeText(0.00042)).toBe('+0,000420');
    expect(valueText(1234.5)).toBe('1.230');
    expect(bytes(1_234_000)).toBe('1,2 MB');
    expect(dateAndTime(Date.UTC(2026, 10, 26, 12))).toContain('26.11.2026');
    expect(fixed(12_345.678, 1)).toBe('12.345,7');
    // The texts are English: so are the words beside their numbers.
    expect([999, 1500, 999_960, 48_115_108, -2.5e9, 3e12].map(compact)).toEqual([
      '999',
      '1,5K',
      '1M',
      '48,1M',
      '−2,5B',
      '3T',
    ]);
    expect(hasDecimalComma()).toBe(true);
  });

  it('has Latin digits all the same, and falls back where there is no such locale', () => {
    setLocale(['no such locale', 'ar-EG']);
    expect(count(1234)).toMatch(/^1.234$/);
    setLocale(['no such locale']);
    expect(count(1234)).toMatch(/^1.234$/);
  });

  it('shows numbers that the fields read as the same number, or refuse as doubtful', () => {
    const limits = { min: -1e12, max: 1e12, decimalComma: true };
    setLocale(['de-DE']);
    for (const value of [0.5, -0.25, 12.75, 1234.5, -369, 0.000507]) {
      for (const text of [weightText(value), fixed(value, 6), decimal(value)]) {
        const read = readTypedNumber(text, limits);
        if ('problem' in read) expect(read.problem, text).toContain(`may mean ${value} or`);
        else expect(read.value, text).toBeCloseTo(value, 3);
      }
    }
    expect(readTypedNumber('1,234', limits)).toHaveProperty('problem');
    expect(readTypedNumber('1,234', { min: 0, max: 1e6 })).toEqual({ value: 1234 });
  });
});

it('is the only place of the page where numbers and dates become text', () => {
  const elsewhere = globSync('app/**/*.{ts,tsx}')
    .filter((file) => !/\.test\.tsx?$|^app\/format\.ts$/.test(file))
    .flatMap((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .flatMap((line, at) =>
          /toLocale\w*String|Intl\.(?:Number|Date)|\.to(?:Fixed|Exponential)\(|(?<!Number\([^;]*)\.toPrecision\(/.test(
            line,
          )
            ? [`${file}:${at + 1} ${line.trim()}`]
            : [],
        ),
    );
  expect(elsewhere).toEqual([]);
});

it('leaves no sentence of the engine to one locale', () => {
  // Files of others are written in one; metrics and formats import nothing of ours.
  const elsewhere = globSync('src/**/*.ts')
    .filter((file) => !/\.test\.ts$|^src\/(?:formats|metrics)\/|^src\/config\/number-text\.ts$/.test(file))
    .filter((file) =>
      /\.toLocaleString\(|Intl\.NumberFormat|\$\{[^}]*\.toFixed\(/.test(readFileSync(file, 'utf8')),
    );
  expect(elsewhere).toEqual([]);
});
