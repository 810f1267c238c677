/** What to open for a stream of a recipe, its configuration read. */
import type { DataConfig } from '../config/recap-config.ts';
import type { DataSplit, OpenOptions, SourceKind } from '../data/open-source.ts';
import type { StreamPosition } from '../data/stream-position.ts';
import type { TableSourceFile } from '../data/tables/table-cache.ts';
import type { RecordFile } from '../data/tfrecord-source.ts';
import type { RunFile, RunRecipe } from './manifest.ts';
import { ManifestError } from './new-manifest.ts';
import { openRecipe } from './recipe.ts';
import type { RunFiles, StreamSection } from './streams.ts';

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
