/** What a run is made from: the page's choices in the form that the workers take. */
import type { PathProblem } from '../../src/config/messages.ts';
import type { RecapConfig } from '../../src/config/recap-config.ts';
import type { DataSchema } from '../../src/data/data-schema.ts';
import { fitProblems } from '../../src/training/config-fit.ts';
import { baseName } from '../../src/data/mask-files.ts';
import type { MaskFiles } from '../../src/data/mask-files.ts';
import type { RunData, RunFile, RunRecipe, RunSchema } from '../../src/runs/manifest.ts';
import { modelFacts } from '../../src/runs/model-facts.ts';
import type { ModelFacts } from '../../src/runs/model-facts.ts';
import { recipeMasksOf, recipeSchemaOf } from '../../src/runs/recipe-forms.ts';
import { hasFiles, NO_FILES } from '../../src/runs/streams.ts';
import type { RunFiles } from '../../src/runs/streams.ts';
import type { DataStore } from '../stores/data.ts';
import type { DataState } from '../stores/data.ts';
import type { Settings } from '../stores/settings.ts';
import { sessionTexts } from '../texts/session.ts';
import type { StreamParts } from './data-actions.ts';
import type { DraftStore } from './draft.ts';

/** Built-in data schemas by file name. */
export type Schemas = ReadonlyMap<string, DataSchema>;

/** Something that the person has to give first. */
export class SessionInputError extends Error {
  override readonly name = 'SessionInputError';
}

/**
 * The data schema by the base name of the configuration's schema_path, the person's own before the built-in ones.
 * @throws SessionInputError when there is none of that name.
 */
export function schemaOf(
  config: RecapConfig,
  { kind, table, ownSchema }: Pick<DataState, 'kind' | 'table' | 'ownSchema'>,
  builtIn: Schemas,
): DataSchema {
  const name = baseName(config.train_data.seg_dense_schema.schema_path);
  if (kind === 'table' && table) {
    if (table.schema.name === name) return table.schema.schema;
    throw new SessionInputError(sessionTexts.schemaOfTable(name, table.name, table.schema.name));
  }
  if (ownSchema?.name === name) return ownSchema.schema;
  const schema = builtIn.get(name);
  if (schema) return schema;
  const known = sessionTexts.or([...builtIn.keys()]);
  throw new SessionInputError(sessionTexts.schemaMissing(name, known));
}

/** @throws SessionInputError when files are to be read and none is chosen. */
function dataOf(state: DataState): RunData {
  const { kind, teacher, teacherConfig, rawLabels, examples, files, table, tableFile, wanted } = state;
  const named = ({ name, size }: { readonly name: string; readonly size: number }): RunFile => ({
    name,
    size,
    sha256: wanted.find((file) => file.name === name && file.size === size)?.sha256 ?? null,
  });
  switch (kind) {
    case 'uniform':
      return { kind, labels: rawLabels ? 'raw' : 'binary', examples };
    case 'teacher':
      return { kind, preset: teacher, settings: teacherConfig, examples };
    case 'files': {
      if (files.length === 0) throw new SessionInputError(sessionTexts.chooseFiles);
      return { kind, files: files.map(named), shuffle: true, heldOut: true, validation: {} };
    }
    case 'table': {
      if (!table) throw new SessionInputError(sessionTexts.chooseTable);
      const { name, size, columns } = table;
      if (!tableFile) {
        throw new SessionInputError(sessionTexts.chooseAgain(name, size));
      }
      return { kind, file: named(table), columns };
    }
  }
}

/** Forms of schemas and masks, made once: a recipe is compared at every keystroke. */
const schemaForms = new WeakMap<DataSchema, RunSchema>();
const maskForms = new WeakMap<MaskFiles, RunRecipe['masks']>();

function formOf<K extends object, V>(forms: WeakMap<K, V>, key: K, make: () => V): V {
  const known = forms.get(key);
  if (known) return known;
  const made = make();
  forms.set(key, made);
  return made;
}

/** @throws SessionInputError when a schema or files are missing. */
export function draftRecipe(
  { config, text }: { readonly config: RecapConfig; readonly text: string },
  {
    seed,
    engine,
    halfWeights,
    noisyShifts,
    plannedChanges,
  }: Pick<Settings, 'seed' | 'engine' | 'halfWeights' | 'noisyShifts' | 'plannedChanges'>,
  data: DataState,
  builtIn: Schemas,
): RunRecipe {
  const schema = schemaOf(config, data, builtIn);
  const name = baseName(config.train_data.seg_dense_schema.schema_path);
  return {
    config: text,
    steps: null,
    data: dataOf(data),
    schema: formOf(schemaForms, schema, () => recipeSchemaOf(name, schema)),
    masks: formOf(maskForms, data.ownMasks, () => recipeMasksOf(data.ownMasks)),
    seeds: { weights: seed, data: data.seed },
    engine: { choice: engine, precision: halfWeights ? 'half-weights' : 'float32', noisyShifts },
    warmStart: null,
    ...(plannedChanges.length > 0 && { changes: [...plannedChanges] }),
  };
}

/** The files at hand for a recipe's data. @throws SessionInputError when they are not those. */
export function filesFor(
  { data }: RunRecipe,
  { files, tableFile }: Pick<DataState, 'files' | 'tableFile'>,
): RunFiles {
  if (data.kind !== 'files' && data.kind !== 'table') return NO_FILES;
  if (data.kind === 'files' && hasFiles(data, files)) return { train: files, validation: {} };
  if (data.kind === 'table' && tableFile && hasFiles(data, [tableFile])) {
    return { ...NO_FILES, table: tableFile };
  }
  const named = data.kind === 'files' ? data.files : [data.file];
  const wanted = named.map(({ name, size }) => sessionTexts.fileOfSize(name, size)).join(', ');
  throw new SessionInputError(sessionTexts.runReads(wanted));
}

/** What the data at hand has against a configuration, the schema that it lacks included. */
export function unfit(config: RecapConfig, data: DataState, builtIn: Schemas): PathProblem[] {
  try {
    const schema = schemaOf(config, data, builtIn);
    return fitProblems(config, { schema, masks: data.ownMasks, teacher: data.kind === 'teacher' });
  } catch (error) {
    if (!(error instanceof SessionInputError)) throw error;
    const path = ['train_data', 'seg_dense_schema', 'schema_path'];
    return [{ severity: 'error', path, message: error.message, place: 'value' }];
  }
}

/** Whether two states of the data differ in what a configuration must fit. */
export function otherFit(a: DataState, b: DataState): boolean {
  return a.ownSchema !== b.ownSchema || a.ownMasks !== b.ownMasks || a.kind !== b.kind || a.table !== b.table;
}

/** The model's size under a configuration, or why there is none. */
export function factsOf(
  config: RecapConfig,
  data: DataState,
  builtIn: Schemas,
): ModelFacts | { readonly problem: string } {
  try {
    return modelFacts(config, schemaOf(config, data, builtIn), data.ownMasks);
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

/** What opens streams of the draft; null while it makes no recipe. @throws SessionInputError as `filesFor`. */
export function draftStream({
  draft,
  data,
}: {
  readonly draft: DraftStore;
  readonly data: DataStore;
}): StreamParts | null {
  const { recipe } = draft.getState();
  return recipe && { recipe, files: filesFor(recipe, data.getState()) };
}
