/**
 * Recipes in their forms, opened and compared by a reader of configurations that is given: a page opens those of its own
 * presets before the reader of texts is loaded. recipe.ts has that reader.
 */
import type { ParsedConfig } from '../config/parse-config.ts';
import type { RecapConfig } from '../config/recap-config.ts';
import { makeDataSchema } from '../data/make-data-schema.ts';
import type { DataSchema } from '../data/make-data-schema.ts';
import type { MaskFiles } from '../data/mask-files.ts';
import type { RunRecipe, RunSchema } from './manifest.ts';
import { ManifestError } from './new-manifest.ts';

/** A configuration's text, read. */
export type ReadText = Pick<ParsedConfig, 'config' | 'problems'>;

/** Reads a configuration's text. */
export type ReadConfig = (text: string) => ReadText;

/** What a recipe says, parsed. */
export interface OpenRecipe {
  /** With the recipe's `steps` in place of num_train_steps. */
  readonly config: RecapConfig;
  /** The model's tasks, in its order. */
  readonly tasks: readonly string[];
  readonly schema: DataSchema;
  readonly masks: MaskFiles;
}

const opened = new WeakMap<RunRecipe, OpenRecipe>();

/**
 * What a recipe says, parsed; the same object for the same recipe.
 * @throws ManifestError with the place in the configuration's text, or when the schema names a feature twice.
 */
export function openRecipeWith(read: ReadConfig, recipe: RunRecipe): OpenRecipe {
  const known = opened.get(recipe);
  if (known) return known;
  const found = readRecipe(read, recipe);
  opened.set(recipe, found);
  return found;
}

/** The last text that was read: a run's streams, its loop and its manifest's versions all have the same. */
let last: {
  readonly read: ReadConfig;
  readonly text: string;
  readonly found: ReadText;
} | null = null;

/** From here on the text need not be read: somebody who did so says what `read` would give. */
export function knowConfig(read: ReadConfig, text: string, found: ReadText): void {
  last = { read, text, found };
}

function readOnce(read: ReadConfig, text: string): ReadText {
  if (last?.read !== read || last.text !== text) last = { read, text, found: read(text) };
  return last.found;
}

function readRecipe(read: ReadConfig, recipe: RunRecipe): OpenRecipe {
  const { config, problems } = readOnce(read, recipe.config);
  if (!config) throw new ManifestError('recipe.config', firstError(problems));
  const training =
    recipe.steps === null ? config.training : { ...config.training, num_train_steps: recipe.steps };
  return {
    config: { ...config, training },
    tasks: Object.keys(config.model.tasks),
    schema: schemaOf(recipe.schema),
    masks: new Map(recipe.masks.map(({ name, columns }) => [name, Int32Array.from(columns)])),
  };
}

function firstError(problems: ParsedConfig['problems']): string {
  const first = problems.find(({ severity }) => severity === 'error');
  return first ? `line ${first.line}, column ${first.column}: ${first.message}` : 'this is no configuration.';
}

function schemaOf({ features }: RunSchema): DataSchema {
  try {
    return makeDataSchema(features);
  } catch (error) {
    throw new ManifestError('recipe.schema', error instanceof Error ? error.message : String(error));
  }
}

/** The recipe's form of a schema. */
export function recipeSchemaOf(name: string, schema: DataSchema): RunSchema {
  return {
    name,
    features: schema.features.map(({ name: feature, kind, length }) => ({ name: feature, kind, length })),
  };
}

/** The recipe's form of masks. */
export function recipeMasksOf(masks: MaskFiles): RunRecipe['masks'] {
  return [...masks].map(([name, columns]) => ({ name, columns: [...columns] }));
}

/** One value that two recipes differ in; undefined where one has none. */
export interface RecipeDifference {
  /** Keys down to the value, joined by points: of the configuration as they stand there, others under data., seeds. … */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** Everything in which `after` differs from `before`, leaf by leaf, in their order; empty when a run would be the same. */
export function recipeDifferencesWith(
  read: ReadConfig,
  before: RunRecipe,
  after: RunRecipe,
): RecipeDifference[] {
  if (before === after) return [];
  const found: RecipeDifference[] = [];
  const { config: textBefore, steps: _before, changes: changesBefore, ...restBefore } = before;
  const { config: textAfter, steps: _after, changes: changesAfter, ...restAfter } = after;
  if (textBefore !== textAfter || before.steps !== after.steps) {
    // As they are trained, with `steps` in num_train_steps: that is what a person compares.
    const [a, b] = [configOf(read, before), configOf(read, after)];
    if (a && b) compare(a, b, '', found);
    else {
      compare(textBefore, textAfter, 'config', found);
      compare(before.steps, after.steps, 'steps', found);
    }
  }
  compare(restBefore, restAfter, '', found);
  compare(changesByKey(changesBefore), changesByKey(changesAfter), 'changes', found);
  // A hash that was not counted yet says nothing of another file.
  return found.filter(
    ({ path, before: a, after: b }) => !(path.endsWith('sha256') && (a === null || b === null)),
  );
}

/** What is changed while training, by its key and the step where it begins. */
function changesByKey(changes: RunRecipe['changes'] = []): Record<string, number> {
  return Object.fromEntries(
    changes.map(({ step, key, value }) => [step === 0 ? key : `${key} from step ${step}`, value]),
  );
}

/** Every leaf in which two values of the same form differ, in their order. */
export function valueDifferences(before: unknown, after: unknown): RecipeDifference[] {
  const found: RecipeDifference[] = [];
  compare(before, after, '', found);
  return found;
}

function configOf(read: ReadConfig, recipe: RunRecipe): RecapConfig | null {
  try {
    return openRecipeWith(read, recipe).config;
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function compare(before: unknown, after: unknown, path: string, found: RecipeDifference[]): void {
  if (Object.is(before, after)) return;
  if (
    Array.isArray(before) &&
    Array.isArray(after) &&
    before.length === after.length &&
    before.some(isRecord)
  ) {
    before.forEach((value: unknown, i) => compare(value, after[i], `${path}[${i}]`, found));
    return;
  }
  if (isRecord(before) && isRecord(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      compare(before[key], after[key], path === '' ? key : `${path}.${key}`, found);
    }
    return;
  }
  if (JSON.stringify(before) === JSON.stringify(after)) return;
  found.push({ path, before, after });
}
