/** How every metric says what it found: a finite number, or the reason why there is none. Never NaN. */
import type { MetricValue } from '../training/events.ts';

export type { MetricValue };

/** The reasons a metric has no value; the texts are what a person reads. */
export const NO_EXAMPLES = 'no examples yet';
export const NO_POSITIVES = 'no positives yet';
export const NO_NEGATIVES = 'no negatives yet';
export const NOT_BINARY = 'labels are not 0 or 1';
export const NOT_FINITE = 'a prediction is not finite';
export const NO_VARIATION = 'all values are equal';

export function absent(reason: string): MetricValue {
  return { kind: 'undefined', reason };
}

/** A metric's value; a number that is not finite becomes the absence `otherwise`. */
export function present(value: number, otherwise: string = NOT_FINITE): MetricValue {
  return Number.isFinite(value) ? { kind: 'value', value } : absent(otherwise);
}
