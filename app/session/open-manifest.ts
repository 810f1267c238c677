/** A manifest of a run, the terminal's or this page's, becomes the draft: what a run begun now would be made from. */
import { parseDocument, stringify } from 'yaml';
import { checkColumns } from '../../src/data/tables/columns-file.ts';
import { parseManifest } from '../../src/runs/manifest.ts';
import type { RunManifest, RunRecipe } from '../../src/runs/manifest.ts';
import { openRecipe } from '../../src/runs/recipe.ts';
import { recipeSchemaOf } from '../../src/runs/recipe-forms.ts';
import { dataFiles } from '../../src/runs/streams.ts';
import type { ConfigStore } from '../stores/config.ts';
import type { DataStore } from '../stores/data.ts';
import type { SettingsStore } from '../stores/settings.ts';
import type { Schemas } from './draft-recipe.ts';
import '../stores/readers.ts';

interface Stores {
  readonly config: ConfigStore;
  readonly settings: SettingsStore;
  readonly data: DataStore;
}

/**
 * Puts a manifest's recipe into the stores; its files a person gives, as the draft then says.
 * @throws ManifestError naming the key, or ColumnsError in a table's columns; nothing has changed then.
 */
export function openManifest(text: string, stores: Stores, builtIn: Schemas): RunManifest {
  const manifest = parseManifest(text);
  putRecipe(manifest.recipe, stores, builtIn, () =>
    stores.config.getState().open(`${manifest.name}.yaml`, configText(manifest.recipe)),
  );
  return manifest;
}

/**
 * A recipe's data, seeds and engine into the stores, and then the configuration, which is checked against the data.
 * @throws as openManifest does; nothing has changed then.
 */
export function putRecipe(recipe: RunRecipe, stores: Stores, builtIn: Schemas, putConfig: () => void): void {
  const { schema, masks } = openRecipe(recipe);
  const columns = recipe.data.kind === 'table' ? checkColumns(recipe.data.columns) : null;
  const data = stores.data.getState();
  const known = builtIn.get(recipe.schema.name);
  const same =
    known !== undefined &&
    JSON.stringify(recipeSchemaOf(recipe.schema.name, known)) === JSON.stringify(recipe.schema);
  data.set({
    ownSchema: same ? null : { name: recipe.schema.name, schema },
    ownMasks: masks,
    wanted: dataFiles(recipe.data),
  });
  if (recipe.data.kind === 'table' && columns) {
    const { name, size } = recipe.data.file;
    const made = { name: recipe.schema.name, schema };
    // The file stays where it is that table's.
    const file = data.table?.name === name && data.table.size === size ? data.tableFile : null;
    data.setTable({ name, size, columns, schema: made, counts: null }, file);
    data.choose({ kind: 'table', seed: recipe.seeds.data });
  } else chooseData(stores.data, recipe);
  stores.settings.getState().set({
    seed: recipe.seeds.weights,
    engine: recipe.engine.choice,
    halfWeights: recipe.engine.precision === 'half-weights',
    noisyShifts: recipe.engine.noisyShifts,
    plannedChanges: recipe.changes ?? [],
  });
  putConfig();
}

function chooseData(store: DataStore, { data: source, seeds }: RunRecipe): void {
  const data = store.getState();
  switch (source.kind) {
    case 'teacher': {
      const { examples, preset, settings } = source;
      data.choose({
        kind: 'teacher',
        seed: seeds.data,
        examples,
        ...(preset === null ? {} : { teacher: preset }),
      });
      // The preset's own text, with its comments, where it says the same.
      if (JSON.stringify(store.getState().teacherConfig) !== JSON.stringify(settings)) {
        data.setTeacherText(stringify(settings));
      }
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
      data.choose({ kind: source.kind, seed: seeds.data });
  }
}

/** With the steps that the run had in all. */
export function configText({ config, steps }: RunRecipe): string {
  if (steps === null) return config;
  const document = parseDocument(config, { merge: true });
  document.setIn(['training', 'num_train_steps'], steps);
  return document.toString();
}
