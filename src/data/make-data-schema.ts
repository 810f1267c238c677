/** The data schema as a value: type and length of every feature of the records. Its files are read by data-schema.ts. */

/** The file's types; `other` is whatever else it says: it describes more than any one configuration reads. */
export const FEATURE_KINDS = ['int64_list', 'float_list', 'bytes_list', 'other'] as const;

export interface FeatureSpec {
  readonly name: string;
  readonly kind: (typeof FEATURE_KINDS)[number];
  /** Values of one example; −1 where examples differ. A feature with less than 1 cannot be read. */
  readonly length: number;
}

export interface DataSchema {
  /** In the file's order. */
  readonly features: readonly FeatureSpec[];
  readonly byName: ReadonlyMap<string, FeatureSpec>;
}

/** The schema of already checked features. @throws RangeError when two have one name. */
export function makeDataSchema(features: readonly FeatureSpec[]): DataSchema {
  const byName = new Map(features.map((feature) => [feature.name, feature]));
  if (byName.size !== features.length) throw new RangeError('A data schema must not name a feature twice.');
  return { features, byName };
}
