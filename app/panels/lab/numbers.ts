/** Places on sliders: where a value stands, and the value at a place. */

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
