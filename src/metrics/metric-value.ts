/** How every metric says what it found: a finite number, or the reason why there is none. Never NaN. */

export type MetricValue =
  | { readonly kind: 'value'; readonly value: number }
  | { readonly kind: 'undefined'; readonly reason: string };

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** 95 % bootstrap intervals; null where the metric has no value. NRCE has none: it depends on the order of batches. */
export interface MetricIntervals {
  readonly loss: Interval | null;
  readonly rce: Interval | null;
  readonly auroc: Interval | null;
  readonly ctr: Interval | null;
  readonly pctr: Interval | null;
  readonly meanCalibrated: Interval | null;
}

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
