/** Points of a curve, both arrays of one length. */
export interface Curve {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** Predicted against observed, by bins along the predictions. */
export interface CalibrationCurve extends Curve {
  /** Examples in each bin. */
  readonly counts: readonly number[];
}
