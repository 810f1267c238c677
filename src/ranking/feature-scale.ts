/**
 * A feature's natural scale: how many standard deviations a value lies from the middle in the synthetic data, on the
 * log of counts and the logit of shares. Makes steps and changes of different features comparable.
 */
import type { CatalogueFeature } from '../data/catalogue/catalogue.ts';
import { normalQuantile, stableExp, stableLog } from '../data/stable-math.ts';
import { valueAt } from '../data/synthesis/feature-model.ts';

const LIMIT = 6;
const clampZ = (z: number) => Math.min(LIMIT, Math.max(-LIMIT, z));

/** Deviations of a value from the feature's median, within ±6. For a flag: 1 or 0 over its own standard deviation. */
export function deviationsOf(feature: CatalogueFeature, value: number): number {
  const { distribution } = feature;
  switch (distribution.kind) {
    case 'lognormal': {
      // Counts are rounded down: the middle of what gives this count stands for it.
      const middle = distribution.count ? value + 0.5 : value;
      return middle <= 0 ? -LIMIT : clampZ((stableLog(middle) - distribution.mu) / distribution.sigma);
    }
    case 'exponential': {
      const share = 1 - stableExp(-Math.max(0, value) / distribution.mean);
      return clampZ(normalQuantile(Math.min(1 - 1e-9, Math.max(1e-9, share))));
    }
    case 'normal':
      return clampZ((value - distribution.mean) / distribution.deviation);
    case 'logitnormal': {
      const share = Math.min(1 - 1e-9, Math.max(1e-9, value));
      return clampZ((stableLog(share / (1 - share)) - distribution.mu) / distribution.sigma);
    }
    case 'bernoulli': {
      const { probability } = distribution;
      return value / Math.sqrt(probability * (1 - probability));
    }
  }
}

/** The value that lies `deviations` from the median, within the distribution's limits. Not for flags. */
export function valueOfDeviations(feature: CatalogueFeature, deviations: number): number {
  return Math.fround(valueAt(feature.distribution, deviations));
}
