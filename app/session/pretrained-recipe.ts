/** The pretrained weights with what they were trained from, for a look into them. */
import note from '../../configs/pretrained/playground.json';
import type { RunRecipe } from '../../src/runs/manifest.ts';
import { PretrainedError } from '../../src/runs/pretrained.ts';
import { recipeSchemaOf } from '../../src/runs/recipe-forms.ts';
import { presets, schemas, teachers } from './built-in.ts';
import { fetchWeights, PRETRAINED_PRESET } from './pretrained.ts';
import { sessionTexts } from '../texts/session.ts';

const SCHEMA = 'playground-segdense.json';
const TEACHER = 'easy';

/** @throws PretrainedError when the weights cannot be fetched, or what belongs to them is not here. */
export async function fetchPretrained(): Promise<{
  readonly recipe: RunRecipe;
  readonly weights: ArrayBuffer;
  readonly step: number;
}> {
  const config = presets.find(({ file }) => file === PRETRAINED_PRESET)?.text;
  const schema = schemas.get(SCHEMA);
  const settings = teachers.find(({ id }) => id === TEACHER)?.config;
  if (config === undefined || !schema || !settings) throw new PretrainedError(sessionTexts.pretrainedConfig);
  const recipe: RunRecipe = {
    config,
    steps: note.steps,
    data: { kind: 'teacher', preset: TEACHER, settings, examples: null },
    schema: recipeSchemaOf(SCHEMA, schema),
    masks: [],
    seeds: { weights: note.seed, data: note.seed },
    engine: { choice: 'auto', precision: 'float32', noisyShifts: false },
    warmStart: null,
  };
  return { recipe, weights: await fetchWeights(), step: note.steps };
}
