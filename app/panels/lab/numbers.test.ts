import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sliderToValue, sliderToWeight, valueToSlider, WEIGHT_LIMIT, weightToSlider } from './numbers.ts';

const place = fc.double({ min: -1, max: 1, noNaN: true });

it('puts published weights on their slider and reads them from it', () => {
  for (const weight of [0, 0.005, 0.5, 1, 12, 75, -74, -369, WEIGHT_LIMIT, -WEIGHT_LIMIT]) {
    expect(sliderToWeight(weightToSlider(weight))).toBeCloseTo(weight, 9);
  }
  expect([weightToSlider(9999), weightToSlider(-9999)]).toEqual([1, -1]);
  // Near 0 a place is 0 itself: a head can be switched off.
  expect(sliderToWeight(1e-4)).toBe(0);
});

it('gives larger weights at larger places, of three digits', () => {
  fc.assert(
    fc.property(place, place, (a, b) => {
      const [low, high] = a < b ? [a, b] : [b, a];
      expect(sliderToWeight(low)).toBeLessThanOrEqual(sliderToWeight(high));
      expect(sliderToWeight(a)).toBe(Number(sliderToWeight(a).toPrecision(3)));
      expect(sliderToWeight(-a) + sliderToWeight(a)).toBe(0);
    }),
    { seed: 7, numRuns: 200 },
  );
});

it('keeps values of features within their limits and on their steps', () => {
  const linear = { min: 0, max: 280, step: 1, scale: 'linear' } as const;
  const log = { min: 0, max: 1e6, step: 1, scale: 'log' } as const;
  expect(sliderToValue(0.5, linear)).toBe(140);
  expect(valueToSlider(140, 0, 280, 'linear')).toBe(0.5);
  expect([valueToSlider(-5, 0, 280, 'linear'), valueToSlider(1e9, 0, 1e6, 'log')]).toEqual([0, 1]);
  expect([sliderToValue(0, log), sliderToValue(1, log)]).toEqual([0, 1e6]);
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (at) => {
      for (const feature of [linear, log, { min: 0.5, max: 2, step: 0.25, scale: 'linear' } as const]) {
        const value = sliderToValue(at, feature);
        expect(value).toBeGreaterThanOrEqual(feature.min);
        expect(value).toBeLessThanOrEqual(feature.max);
        if (feature.scale === 'linear') expect(value % feature.step).toBeCloseTo(0, 9);
        // There and back is the same place, but for the rounding to what can be read.
        const back = valueToSlider(value, feature.min, feature.max, feature.scale);
        expect(Math.abs(back - at)).toBeLessThan(feature.scale === 'log' ? 0.06 : 0.1);
      }
    }),
    { seed: 7, numRuns: 100 },
  );
});
