/** What the catalogue says about one feature: its name, place, distribution and texts. */

/**
 * A feature's marginal distribution in synthetic data, as a map of one standard normal z, so that features correlate
 * by sharing parts of their z.
 */
export type Distribution =
  /** exp(mu + sigma·z), capped at `max`; whole numbers (rounded down, so zero occurs) where `count`. */
  | {
      readonly kind: 'lognormal';
      readonly mu: number;
      readonly sigma: number;
      readonly max: number;
      readonly count: boolean;
    }
  /** −mean·ln(1 − Φ(z)), capped at `max`. */
  | { readonly kind: 'exponential'; readonly mean: number; readonly max: number }
  /** mean + deviation·z, clamped to [min, max]. */
  | {
      readonly kind: 'normal';
      readonly mean: number;
      readonly deviation: number;
      readonly min: number;
      readonly max: number;
    }
  /** 1 / (1 + exp(−(mu + sigma·z))): shares, scores and probabilities in (0, 1). */
  | { readonly kind: 'logitnormal'; readonly mu: number; readonly sigma: number }
  /** 1 with probability `probability`, where z lies in the upper tail of that size. */
  | { readonly kind: 'bernoulli'; readonly probability: number };

/** Hints for a form control of one feature. */
export interface FeatureControl {
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** 'log' where the value spans orders of magnitude: place the handle by log1p(value). */
  readonly scale: 'linear' | 'log';
}

export interface CatalogueFeature {
  /** The reference's full feature name. */
  readonly name: string;
  readonly tensor: 'continuous' | 'binary';
  /** Column of that tensor, before truncation and after (truncation keeps a prefix). */
  readonly column: number;
  /** Unit of the raw value, e.g. 's', 'likes', 'flag'. */
  readonly unit: string;
  readonly distribution: Distribution;
  /** A flag's name: while that flag is 0 this feature is 0 (a video's duration without a video). */
  readonly onlyIf?: string;
  /** A few words for a table or a form. */
  readonly label: string;
  /** One line for a tooltip. */
  readonly meaning: string;
  readonly control: FeatureControl;
}
