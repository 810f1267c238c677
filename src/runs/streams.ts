/** The streams of examples that a recipe asks for: its training data and each partition of validation_data. */
import type { DataConfig } from '../config/recap-config.ts';
import type { DataSplit, OpenOptions, SourceKind } from '../data/open-source.ts';
import type { StreamPosition } from '../data/stream-position.ts';
import type { TableSourceFile } from '../data/tables/table-cache.ts';
import type { RecordFile } from '../data/tfrecord-source.ts';
import { ManifestError } from './manifest.ts';
import type { RunData, RunFile, RunRecipe } from './manifest.ts';
import { openRecipe } from './recipe.ts';

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

/** The partition that looks at the training examples themselves, to show what was only memorised. */
const TRAIN_PARTITION = 'train';

/**
 * What to open for a stream of a recipe.
 * @throws ManifestError when the configuration can't be read, it has no such partition, or files are missing.
 */
export function streamOptions(
  recipe: RunRecipe,
  section: StreamSection,
  files: RunFiles,
  at: StreamPosition | null = null,
): OpenOptions {
  const { config, tasks, schema, masks } = openRecipe(recipe);
  const isTraining = section.kind === 'train';
  const data: DataConfig | undefined = isTraining
    ? config.train_data
    : config.validation_data[section.partition];
  if (!data) {
    throw new ManifestError(
      'recipe.config',
      `validation_data has no partition "${section.kind === 'partition' ? section.partition : ''}".`,
    );
  }
  const own = section.kind === 'partition' ? files.validation[section.partition] : undefined;
  const split: DataSplit =
    isTraining || section.partition === TRAIN_PARTITION ? 'train' : own ? 'all' : 'validation';
  return {
    source: sourceOf(recipe, own ?? files.train, files.table),
    data,
    schema,
    tasks,
    masks,
    split,
    examples: isTraining && 'examples' in recipe.data ? recipe.data.examples : null,
    at,
  };
}

function sourceOf(
  { data, seeds }: RunRecipe,
  files: readonly RecordFile[],
  table: TableSourceFile | undefined,
): SourceKind {
  switch (data.kind) {
    case 'teacher':
      return { kind: 'teacher', seed: seeds.data, teacher: data.settings };
    case 'uniform':
      return { kind: 'uniform', seed: seeds.data, rawLabels: data.labels === 'raw' };
    case 'files':
      if (files.length === 0) throw new ManifestError('recipe.data', missing(data.files));
      return { kind: 'files', seed: seeds.data, files, shuffle: data.shuffle, heldOut: data.heldOut };
    case 'table':
      if (!table) throw new ManifestError('recipe.data', missing([data.file]));
      return { kind: 'table', seed: seeds.data, file: table, columns: data.columns };
  }
}

function missing(files: readonly RunFile[]): string {
  const names = files.map(({ name, size }) => `${name} (${size} bytes)`).join(', ');
  return `the data is not here: choose ${names} again.`;
}

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
