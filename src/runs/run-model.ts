/** What a recipe makes: its configuration read, its data's plan, its model. */
import type { DataPlan } from '../data/layout.ts';
import { planData } from '../data/layout.ts';
import { masksOf } from '../data/mask-files.ts';
import type { ModelGraph } from '../graph/graph.ts';
import { modelGraph } from '../graph/model-graph.ts';
import type { RunRecipe } from './manifest.ts';
import type { OpenRecipe } from './recipe-forms.ts';
import { openRecipe } from './recipe.ts';

export interface RunModel {
  readonly recipe: OpenRecipe;
  /** What train_data reads. */
  readonly plan: DataPlan;
  readonly graph: ModelGraph;
}

/** @throws ManifestError, DataConfigError and GraphError for a recipe that doesn't fit itself. */
export function runModel(recipe: RunRecipe): RunModel {
  const open = openRecipe(recipe);
  const { config, schema, tasks, masks } = open;
  const plan = planData(config.train_data, schema, tasks, masksOf(config.train_data, masks));
  return { recipe: open, plan, graph: modelGraph(config, plan.layout, recipe.engine) };
}

/** What each partition of validation_data reads. @throws DataConfigError */
export function partitionPlans({ config, schema, tasks, masks }: OpenRecipe): Record<string, DataPlan> {
  return Object.fromEntries(
    Object.entries(config.validation_data).map(([name, section]) => [
      name,
      planData(section, schema, tasks, masksOf(section, masks)),
    ]),
  );
}
