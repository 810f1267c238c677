/** The streams of examples that a recipe asks for: its training data and each partition of validation_data. */
import type { TableSourceFile } from '../data/tables/table-cache.ts';
import type { RecordFile } from '../data/tfrecord-source.ts';
import type { RunData, RunFile } from './manifest.ts';

/** The files of a recipe's data, in its order, opened by whoever has them. Empty for data without files. */
export interface RunFiles {
  readonly train: readonly RecordFile[];
  /** By partition, of those that have their own. */
  readonly validation: Readonly<Record<string, readonly RecordFile[]>>;
  /** The file of a table. */
  readonly table?: TableSourceFile;
}

export const NO_FILES: RunFiles = { train: [], validation: {} };

/** Which stream: train_data, or a key of validation_data. */
export type StreamSection =
  { readonly kind: 'train' } | { readonly kind: 'partition'; readonly partition: string };

export const TRAIN: StreamSection = { kind: 'train' };

/** The files to train on of a recipe's data, in its order; empty where it is drawn. */
export function dataFiles(data: RunData): readonly RunFile[] {
  return data.kind === 'files' ? data.files : data.kind === 'table' ? [data.file] : [];
}

/** @param hashes SHA-256 of those files, in their order. */
export function withHashes(data: RunData, hashes: readonly string[]): RunData {
  const hashed = <F extends RunFile>(file: F, i: number): F => ({
    ...file,
    sha256: hashes[i] ?? file.sha256,
  });
  if (data.kind === 'files') return { ...data, files: data.files.map(hashed) };
  return data.kind === 'table' ? { ...data, file: hashed(data.file, 0) } : data;
}

/** Whether files at hand are those of the recipe, as far as names, order and sizes tell. */
export function hasFiles(
  data: RunData,
  files: readonly { readonly name: string; readonly size: number }[],
): boolean {
  const wanted = dataFiles(data);
  return (
    wanted.length === files.length &&
    wanted.every(({ name, size }, i) => files[i]?.name === name && files[i]?.size === size)
  );
}
