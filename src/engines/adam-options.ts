/** Adam's constants as the configuration has them. */
import type { RecapConfig } from '../config/recap-config.ts';
import type { AdamOptions } from './engine.ts';

export function adamOptions({ optimizer }: Pick<RecapConfig, 'optimizer'>): AdamOptions {
  const { beta_1, beta_2, epsilon } = optimizer.adam;
  return { beta1: beta_1, beta2: beta_2, epsilon };
}
