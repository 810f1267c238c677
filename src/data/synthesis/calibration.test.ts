import { expect, it } from 'vitest';
import { calibrate, calibrationKey } from './calibration.ts';
import { createFeatureModel } from './feature-model.ts';
import { KEPT_CALIBRATIONS } from './kept-calibrations.ts';
import { createPopulation } from './population.ts';
import { teacherPresets } from './presets.ts';

const EMBEDDINGS = { userEmbedding: 8, userEngEmbedding: 8, authorEmbedding: 8 };

it('kept calibrations are what counting gives, to the last bit, and every preset has one', () => {
  const configs = new Map(teacherPresets.map(({ config }) => [calibrationKey(config), config]));
  const counted = [...configs].map(([key, config]) => {
    const model = createFeatureModel(createPopulation(config, EMBEDDINGS), config.in_cluster_share);
    const { measured, scale, bias } = calibrate(config, model);
    return {
      key,
      mean: [...measured.mean],
      deviation: [...measured.deviation],
      scale: [...scale],
      bias: [...bias],
    };
  });
  expect(KEPT_CALIBRATIONS).toEqual(counted);
});

it('a calibration is of every setting but the noise', () => {
  const { config } = teacherPresets[0]!;
  const key = calibrationKey(config);
  expect(calibrationKey({ ...config, noise: 0.5 })).toBe(key);
  const reordered = Object.fromEntries(
    Object.entries(config.base_rates).toReversed(),
  ) as typeof config.base_rates;
  expect(calibrationKey({ ...config, base_rates: reordered })).toBe(key);
  const keys = Object.keys(config).filter((name) => name !== 'noise' && name !== 'base_rates');
  for (const name of keys) expect(calibrationKey({ ...config, [name]: 3 })).not.toBe(key);
  expect(
    calibrationKey({ ...config, base_rates: { ...config.base_rates, 'recap.engagement.is_replied': 0.2 } }),
  ).not.toBe(key);
});
