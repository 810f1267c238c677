/** Numbers of the lab that a person is to multiply and add up: enough digits for the sums to come out as printed. */
import { signed } from '../../format.ts';

/** 0.0213421 → '2.1342 %': six digits of the probability itself. */
export function probabilityText(probability: number): string {
  return `${(probability * 100).toFixed(4)} %`;
}

/** -369 → '−369'; own weights keep up to five significant digits. */
export function weightText(weight: number): string {
  return String(Number(weight.toPrecision(5))).replace('-', '−');
}

/** A change of a score: three significant digits where it is small, since net-negative scores differ by 1e-4 and less. */
export function changeText(change: number): string {
  const size = Math.abs(change);
  if (!(size > 0 && size < 0.1)) return signed(change, 3);
  return signed(change, Math.min(9, 2 - Math.floor(Math.log10(size))));
}

/** A feature's value: whole where it is whole, else three significant digits. */
export function valueText(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString('en-US');
  return Number(value.toPrecision(3)).toLocaleString('en-US', { maximumSignificantDigits: 3 });
}

/** How far a weight's slider reaches to either side. */
export const WEIGHT_LIMIT = 500;
const WEIGHT_UNIT = 0.1;
const WEIGHT_SPAN = Math.log1p(WEIGHT_LIMIT / WEIGHT_UNIT);

/** A weight's place on a slider from −1 to 1, fine near 0 and coarse far out: published weights span five orders. */
export function weightToSlider(weight: number): number {
  const bounded = Math.min(WEIGHT_LIMIT, Math.abs(weight));
  return (Math.sign(weight) * Math.log1p(bounded / WEIGHT_UNIT)) / WEIGHT_SPAN;
}

/** The weight at a slider's place, to three significant digits, so that a slider gives numbers that can be read. */
export function sliderToWeight(place: number): number {
  const size = Math.expm1(Math.abs(place) * WEIGHT_SPAN) * WEIGHT_UNIT;
  return size < 0.0005 ? 0 : Math.sign(place) * Number(size.toPrecision(3));
}

/** A value's place, 0 to 1, on a feature's slider; logarithmic ones by log1p. */
export function valueToSlider(value: number, min: number, max: number, scale: 'linear' | 'log'): number {
  const bounded = Math.min(max, Math.max(min, value));
  if (scale === 'linear') return (bounded - min) / (max - min);
  return Math.log1p(bounded - min) / Math.log1p(max - min);
}

/** The value at a slider's place, on the feature's step; logarithmic ones to three significant digits. */
export function sliderToValue(
  place: number,
  { min, max, step, scale }: { min: number; max: number; step: number; scale: 'linear' | 'log' },
): number {
  if (place >= 1) return max;
  const raw =
    scale === 'linear' ? min + place * (max - min) : min + Math.expm1(place * Math.log1p(max - min));
  const rounded = Math.round(raw / step) * step;
  const value = scale === 'log' ? Number(rounded.toPrecision(3)) : Number(rounded.toPrecision(9));
  return Math.min(max, Math.max(min, value));
}
