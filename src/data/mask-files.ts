/**
 * The mask files of truncate_and_slice by file name: a page has files without folders, so a path in the configuration
 * is matched by its last part.
 */
import type { DataConfig } from '../config/recap-config.ts';
import type { Masks } from './recap-batch.ts';

/** The columns that each file keeps (formats/npy.ts reads them), by the file's name. */
export type MaskFiles = ReadonlyMap<string, Int32Array>;

/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The masks that a data section names, as far as they are among the files; planData says which are not. */
export function masksOf(config: DataConfig, files: MaskFiles | undefined): Masks {
  const truncate = config.preprocess?.truncate_and_slice;
  const find = (path: string | null | undefined) => (path ? (files?.get(baseName(path)) ?? null) : null);
  return {
    continuous: find(truncate?.continuous_feature_mask_path),
    binary: find(truncate?.binary_feature_mask_path),
  };
}
