/** A metric of one head that needs nothing but its predictions, labels and weights: a file and a line in registry.ts. */
import type { MetricValue } from './metric-value.ts';
import type { ScoredSamples } from './scored-samples.ts';

export interface HeadMetric {
  /** Its key in evaluation events and files. */
  readonly id: string;
  /** Its name in tables and over its chart. */
  readonly title: string;
  /** What it says, in a sentence or two for who has never met it. */
  readonly about: string;
  /** How its values read: 0.731, or 4.2 %. */
  readonly format: 'share' | 'percent';
  /** @param samples uncalibrated probabilities. */
  readonly of: (samples: ScoredSamples) => MetricValue;
}
