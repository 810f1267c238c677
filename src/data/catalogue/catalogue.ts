/**
 * The feature catalogue's types and lookups: names the reference published for its features, on columns of our own.
 *
 * The order of the reference's 2117 + 59 columns was never published. The mapping here is the playground's own: the
 * named continuous features stand on the first columns of `continuous`, the named flags on the first of `binary`, in
 * the order of the lists. The same columns hold for every size (production 6000/512, playground 128/48), so a model
 * trained on one size reads the same feature on the same column as another. All other columns carry noise.
 */
import type { CatalogueFeature } from './feature.ts';
import { continuousFeatures } from './continuous-features.ts';
import { binaryFeatures } from './binary-features.ts';

export type { CatalogueFeature, Distribution, FeatureControl } from './feature.ts';

/** Every named feature: the continuous ones first, then the flags, each in column order. */
export const catalogue: readonly CatalogueFeature[] = [...continuousFeatures, ...binaryFeatures];

const byName = new Map(catalogue.map((feature) => [feature.name, feature]));

/**
 * The catalogue's feature of that full name.
 * @throws RangeError naming the feature when the catalogue has none of that name.
 */
export function featureByName(name: string): CatalogueFeature {
  const feature = byName.get(name);
  if (!feature) {
    throw new RangeError(`The catalogue has no feature "${name}"; names are the reference's full names.`);
  }
  return feature;
}

/**
 * The column of a named feature within its own tensor.
 * @throws RangeError naming the feature when the catalogue has none of that name.
 */
export function featureColumn(name: string): number {
  return featureByName(name).column;
}

/** The named feature on a column, or undefined for the columns that carry noise. */
export function featureAt(tensor: CatalogueFeature['tensor'], column: number): CatalogueFeature | undefined {
  const list = tensor === 'continuous' ? continuousFeatures : binaryFeatures;
  return list[column];
}
