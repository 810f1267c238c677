import { describe, expect, it } from 'vitest';
import {
  age,
  bytes,
  decimal,
  duration,
  flops,
  learningRate,
  percent,
  rate,
  score,
  signed,
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
