/**
 * How numbers, sizes, times and dates become text on the page: one place, so that they look the same wherever they
 * stand, and as the person's locale writes them. What is in files, links and the fields for numbers is not made here.
 */
import { count, exponential, fixed, numberLocale, significant } from '../src/config/number-text.ts';
import { unitTexts } from './texts/units.ts';

export { count, exponential, fixed, setLocale, significant } from '../src/config/number-text.ts';

/** Whether the person's locale writes 0,5 for a half. */
export function hasDecimalComma(): boolean {
  return fixed(0.5, 1).includes(',');
}

/** 48115108 → "48.1M", for places where width matters more than the last digit; the letter is of the texts' language. */
export function compact(value: number): string {
  const size = Math.abs(value);
  const letters = [unitTexts.thousand, unitTexts.million, unitTexts.billion, unitTexts.trillion];
  let power = 0;
  // What would round up to 1,000 of one is 1 of the next.
  while (power < letters.length && size >= 999.95 * 1000 ** power) power++;
  const scaled = Number((value / 1000 ** power).toFixed(1));
  return significant(scaled, 15) + (power === 0 ? '' : (letters[power - 1] ?? ''));
}

/** A loss or score with `digits` significant digits and a stable width: 0.6931, 12.35, 1.2e-5. */
export function decimal(value: number, digits = 4): string {
  if (value === 0) return fixed(0, digits);
  const size = Math.abs(value);
  if (size < 10 ** -digits || size >= 1e7) return exponential(value, Math.max(1, digits - 2));
  const before = Math.max(1, Math.floor(Math.log10(size)) + 1);
  return fixed(value, Math.max(0, digits + 1 - before));
}

/** A loss beside its axis, in eight letters at most however it explodes: 0.693, 12.3K, 1.2e12. */
export function lossTick(value: number): string {
  const size = Math.abs(value);
  if (size < 1e4) return significant(value, 3);
  return size < 1e12 ? compact(value) : exponential(value, 1);
}

/** A ranking score: three significant digits where it is small, so that net-negative tweets differ too. */
export function score(value: number): string {
  const size = Math.abs(value);
  if (!(size > 0 && size < 0.1)) return decimal(value);
  return size < 1e-6 ? exponential(value, 2) : fixed(value, 2 - Math.floor(Math.log10(size)));
}

/** A probability as percent with about three significant digits: 0.5 → "50.0 %", 0.00042 → "0.042 %". */
export function percent(probability: number): string {
  const value = probability * 100;
  const size = Math.abs(value);
  if (size === 0) return '0 %';
  if (size < 0.0005) return `< ${fixed(0.001, 3)} %`;
  return percentage(value, size >= 10 ? 1 : size >= 1 ? 2 : 3);
}

/** What is in percent already: 12.345 → "12.3 %". */
export function percentage(value: number, digits: number): string {
  return Number.isFinite(value) ? `${fixed(value, digits)} %` : '—';
}

/** A share on an axis: 0.125 → "13 %". */
export function shareTick(value: number): string {
  return `${significant(value * 100, 2)} %`;
}

/** A signed number with its sign always shown: +1.25, −0.40. */
export function signed(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return '—';
  if (Number(value.toFixed(digits)) === 0) return fixed(0, digits);
  return `${value < 0 ? '' : '+'}${fixed(value, digits)}`;
}

/** Seconds as m:ss or h:mm:ss. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return '–:––';
  const all = Math.round(seconds);
  const pad = (part: number): string => String(part).padStart(2, '0');
  const hours = Math.floor(all / 3600);
  const minutes = Math.floor((all % 3600) / 60);
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(all % 60)}` : `${minutes}:${pad(all % 60)}`;
}

/** 12.4 → "12 ms". */
export function milliseconds(value: number): string {
  return `${fixed(value, 0)} ms`;
}

/** A rate like steps/s: three significant digits below 100, whole numbers above. */
export function rate(value: number): string {
  if (!Number.isFinite(value) || value <= 0) return '–';
  if (value >= 100) return count(value);
  return fixed(value, value >= 10 ? 1 : 2);
}

/** Bytes in decimal units, as file managers show them. */
export function bytes(value: number): string {
  return scaled(value, 'B');
}

/** Floating-point operations: 34e9 → "34.0 GFLOP". */
export function flops(value: number): string {
  return scaled(value, 'FLOP');
}

function scaled(value: number, unit: string): string {
  if (value < 1000) return `${significant(value, 15)} ${unit}`;
  const prefixes = ['k', 'M', 'G', 'T'];
  let size = value;
  let at = -1;
  while (size >= 1000 && at < prefixes.length - 1) {
    size /= 1000;
    at++;
  }
  return `${fixed(size, size >= 100 ? 0 : 1)} ${prefixes[at]}${unit}`;
}

/** A learning rate: 0.0001 → "1.00e-4", 0 → "0". */
export function learningRate(value: number): string {
  return value === 0 ? '0' : exponential(value, 2);
}

/** The same where room is scarce: 0.0001 → "1.0e-4", 0.02 → "0.02". */
export function shortRate(value: number): string {
  return value > 0 && value < 1e-3 ? exponential(value, 1) : significant(value, 2);
}

/** Hours since something was written: 0.4 → "24 min", 5 → "5 h", 50 → "2 d". */
export function age(hours: number): string {
  if (hours < 1) return unitTexts.minutes(count(Math.max(1, Math.round(hours * 60))));
  return hours < 48
    ? unitTexts.hours(count(Math.round(hours)))
    : unitTexts.days(count(Math.round(hours / 24)));
}

/** 0.0213421 → '2.1342 %': six digits of the probability itself. */
export function probabilityText(probability: number): string {
  return percentage(probability * 100, 4);
}

/** -369 → '−369'; own weights keep up to five significant digits. */
export function weightText(weight: number): string {
  return significant(weight, 5);
}

/** A change of a score: three significant digits where it is small, since net-negative scores differ by 1e-4 and less. */
export function changeText(change: number): string {
  const size = Math.abs(change);
  if (!(size > 0 && size < 0.1)) return signed(change, 3);
  return signed(change, Math.min(9, 2 - Math.floor(Math.log10(size))));
}

/** A feature's value: whole where it is whole, else three significant digits. */
export function valueText(value: number): string {
  return significant(value, Number.isInteger(value) ? 15 : 3);
}

/** When something happened: day and minute. */
export function dateAndTime(at: number | Date): string {
  return new Intl.DateTimeFormat(numberLocale(), { dateStyle: 'medium', timeStyle: 'short' }).format(at);
}

/** A moment on an axis of wall time. */
export function clockTime(at: number): string {
  return new Intl.DateTimeFormat(numberLocale(), { timeStyle: 'medium' }).format(at);
}

/** The same with its day, where it stands alone. */
export function dateAndClock(at: number): string {
  return new Intl.DateTimeFormat(numberLocale(), { dateStyle: 'medium', timeStyle: 'medium' }).format(at);
}

/** "1 step", "2 steps". */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}
