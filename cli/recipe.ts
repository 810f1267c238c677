/** A configuration file as a recipe: with all that it names read, and checked against each other. */
import { baseName } from '../src/data/mask-files.ts';
import type { ModelGraph } from '../src/graph/graph.ts';
import type { RunRecipe } from '../src/runs/manifest.ts';
import { recipeMasksOf, recipeSchemaOf } from '../src/runs/recipe-forms.ts';
import { CliError } from './command.ts';
import { buildModel, loadSection, recipeText } from './run-config.ts';
import type { RunConfig } from './run-config.ts';

/** What a configuration file gives to a recipe, and the model that it describes. */
export interface ConfigParts {
  readonly recipe: Pick<RunRecipe, 'config' | 'schema' | 'masks'>;
  readonly graph: ModelGraph;
}

/** @throws CliError at the place in the configuration that doesn't fit, or naming a file that can't be read. */
export async function configParts(run: RunConfig): Promise<ConfigParts> {
  const { train_data: section, validation_data: partitions } = run.config;
  const { plan, masks } = await loadSection(run, section, ['train_data']);
  const graph = buildModel(run, plan);
  const allMasks = new Map(masks);
  for (const [name, partition] of Object.entries(partitions)) {
    const own = await loadSection(run, partition, ['validation_data', name]);
    if (JSON.stringify(own.plan.schema.features) !== JSON.stringify(plan.schema.features)) {
      throw new CliError(
        `${run.path}: validation_data.${name} names another schema than train_data. A run has one: name the same.`,
      );
    }
    for (const [file, columns] of own.masks) {
      const known = allMasks.get(file);
      if (known && !sameColumns(known, columns)) {
        throw new CliError(`${run.path}: two different masks are called ${file}. Rename one of the files.`);
      }
      allMasks.set(file, columns);
    }
  }
  const schema = recipeSchemaOf(baseName(section.seg_dense_schema.schema_path), plan.schema);
  return { recipe: { config: recipeText(run), schema, masks: recipeMasksOf(allMasks) }, graph };
}

function sameColumns(a: Int32Array, b: Int32Array): boolean {
  return a.length === b.length && a.every((column, i) => column === b[i]);
}
