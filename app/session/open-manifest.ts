/** A manifest of a run, the terminal's or this page's, becomes the draft: what a run begun now would be made from. */
import { parseDocument, stringify } from 'yaml';
import { parseManifest } from '../../src/runs/manifest.ts';
import type { RunManifest, RunRecipe } from '../../src/runs/manifest.ts';
import { openRecipe, recipeSchemaOf } from '../../src/runs/recipe.ts';
import type { ConfigStore } from '../stores/config.ts';
import type { DataStore } from '../stores/data.ts';
import type { SettingsStore } from '../stores/settings.ts';
import { SessionInputError } from './draft-recipe.ts';
import type { Schemas } from './draft-recipe.ts';

interface Stores {
  readonly config: ConfigStore;
  readonly settings: SettingsStore;
  readonly data: DataStore;
}

/**
 * Puts a manifest's recipe into the stores.
 * @throws ManifestError naming the key, or SessionInputError for data that the page has no panel for; nothing has changed
 * then.
 */
export function openManifest(text: string, stores: Stores, builtIn: Schemas): RunManifest {
  const manifest = parseManifest(text);
  const { recipe } = manifest;
  const { schema, masks } = openRecipe(recipe);
  if (recipe.data.kind === 'table') {
    throw new SessionInputError(
      `This run reads the table ${recipe.data.file.name}. Drop that file on the page instead, it makes a configuration of its own.`,
    );
  }
  const data = stores.data.getState();
  const known = builtIn.get(recipe.schema.name);
  const same =
    known !== undefined &&
    JSON.stringify(recipeSchemaOf(recipe.schema.name, known)) === JSON.stringify(recipe.schema);
  data.set({ ownSchema: same ? null : { name: recipe.schema.name, schema }, ownMasks: masks });
  chooseData(data, recipe);
  stores.settings.getState().set({
    seed: recipe.seeds.weights,
    engine: recipe.engine.choice,
    halfWeights: recipe.engine.precision === 'half-weights',
    noisyShifts: recipe.engine.noisyShifts,
    plannedChanges: recipe.changes ?? [],
  });
  stores.config.getState().open(`${manifest.name}.yaml`, configText(recipe));
  return manifest;
}

function chooseData(data: ReturnType<DataStore['getState']>, { data: source, seeds }: RunRecipe): void {
  switch (source.kind) {
    case 'teacher': {
      const { examples, preset, settings } = source;
      data.choose({
        kind: 'teacher',
        seed: seeds.data,
        examples,
        ...(preset === null ? {} : { teacher: preset }),
      });
      data.setTeacherText(stringify(settings));
      return;
    }
    case 'uniform':
      data.choose({
        kind: 'uniform',
        seed: seeds.data,
        examples: source.examples,
        rawLabels: source.labels === 'raw',
      });
      return;
    case 'files':
    case 'table':
      data.choose({ kind: 'files', seed: seeds.data });
  }
}

/** With the steps that the run had in all. */
function configText({ config, steps }: RunRecipe): string {
  if (steps === null) return config;
  const document = parseDocument(config, { merge: true });
  document.setIn(['training', 'num_train_steps'], steps);
  return document.toString();
}
