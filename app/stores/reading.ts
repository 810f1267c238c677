/**
 * Reading of texts on the page. What comes with the page was read when it was built, and is known; what reads everything
 * else (YAML, the schema) is loaded after the first paint, and by whatever needs it.
 */
import type { setInText } from '../../src/config/edit-text.ts';
import type { parseRecapConfig } from '../../src/config/parse-config.ts';
import type { locateProblems } from '../../src/config/place-problems.ts';
import type {
  ParsedTeacherConfig,
  parseTeacherConfig,
  teacherValues,
} from '../../src/data/synthesis/parse-teacher-config.ts';
import type { TeacherConfig, defaultTeacherConfig } from '../../src/data/synthesis/teacher-config.ts';
import type { parseHeuristicSteps } from '../../src/ranking/heuristics/steps-file.ts';
import type { parseScoreWeights, scoreWeightsToYaml } from '../../src/ranking/score-weights-file.ts';
import type { tweetListSchema, tweetSchema } from '../../src/ranking/tweet-schema.ts';
import type { RunRecipe } from '../../src/runs/manifest.ts';
import { openRecipeWith, recipeDifferencesWith } from '../../src/runs/recipe-forms.ts';
import type { OpenRecipe, ReadText, RecipeDifference } from '../../src/runs/recipe-forms.ts';

/** What is loaded late; readers.ts has it. */
export interface Readers {
  readonly parseRecapConfig: typeof parseRecapConfig;
  readonly locateProblems: typeof locateProblems;
  readonly setInText: typeof setInText;
  readonly parseTeacherConfig: typeof parseTeacherConfig;
  readonly teacherValues: typeof teacherValues;
  readonly defaultTeacherConfig: typeof defaultTeacherConfig;
  readonly parseScoreWeights: typeof parseScoreWeights;
  readonly scoreWeightsToYaml: typeof scoreWeightsToYaml;
  readonly parseHeuristicSteps: typeof parseHeuristicSteps;
  readonly tweetSchema: typeof tweetSchema;
  readonly tweetListSchema: typeof tweetListSchema;
}

/** A text that came before what reads it. */
export class NotLoadedError extends Error {
  override readonly name = 'NotLoadedError';

  constructor() {
    super('What reads texts is still being loaded: try again in a moment, or reload the page.');
  }
}

const knownConfigs = new Map<string, ReadText>();
const knownTeachers = new Map<string, TeacherConfig>();
let loaded: Readers | null = null;

/** A configuration's text that need not be read. */
export function knowConfig(text: string, read: ReadText): void {
  knownConfigs.set(text, read);
}

/** A text of a teacher's settings that need not be read. */
export function knowTeacher(text: string, config: TeacherConfig): void {
  knownTeachers.set(text, config);
}

/** readers.ts says that it is here. */
export function provideReaders(readers: Readers): void {
  loaded = readers;
}

/** Loads the readers, once. Rejects where they cannot be loaded; the next call tries again. */
export async function loadReaders(): Promise<void> {
  if (!loaded) await import('./readers.ts');
}

/** Null before they are loaded. */
export function readersNow(): Readers | null {
  return loaded;
}

/** @throws NotLoadedError before they are loaded. */
export function readers(): Readers {
  if (!loaded) throw new NotLoadedError();
  return loaded;
}

/** Null while only a reader could say, and none is loaded. */
export function readConfigNow(text: string): ReadText | null {
  return knownConfigs.get(text) ?? loaded?.parseRecapConfig(text) ?? null;
}

/** Null while only a reader could say, and none is loaded. */
export function readTeacherNow(text: string): Pick<ParsedTeacherConfig, 'config' | 'problems'> | null {
  const config = knownTeachers.get(text);
  return config ? { config, problems: [] } : (loaded?.parseTeacherConfig(text) ?? null);
}

/** The settings when a text says nothing. */
export function defaultTeacher(): TeacherConfig {
  return knownTeachers.get('') ?? readers().defaultTeacherConfig;
}

/** @throws NotLoadedError for a text that is not the page's own, before the readers are loaded. */
export function readConfig(text: string): ReadText {
  return readConfigNow(text) ?? readers().parseRecapConfig(text);
}

/** As openRecipe of src/runs/recipe.ts. @throws what that throws; NotLoadedError as readConfig. */
export function openRecipe(recipe: RunRecipe): OpenRecipe {
  return openRecipeWith(readConfig, recipe);
}

/** As recipeDifferences of src/runs/recipe.ts. */
export function recipeDifferences(before: RunRecipe, after: RunRecipe): RecipeDifference[] {
  return recipeDifferencesWith(readConfig, before, after);
}
