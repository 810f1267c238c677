/** A run's weights as the export formats take them. */
import type { ExportInput } from '../formats/export.ts';
import type { StateDict } from '../formats/state-dict.ts';
import type { RunManifest } from './manifest.ts';
import { manifestText } from './new-manifest.ts';
import type { RunModel } from './run-model.ts';
import { partitionPlans } from './run-model.ts';

/**
 * @param model what the manifest's recipe makes.
 * @param state weights and buffers after `step` steps.
 * @throws DataConfigError for a partition that the schema does not fit.
 */
export function exportInput(
  manifest: RunManifest,
  { recipe, plan, graph }: RunModel,
  state: StateDict,
  step: number,
): ExportInput {
  const features = recipe.schema.features.map(({ name, kind, length }) => ({
    dtype: kind,
    feature_name: name,
    length,
  }));
  return {
    graph,
    config: recipe.config,
    configText: manifest.recipe.config,
    schemaText: `${JSON.stringify({ schema: features }, null, 1)}\n`,
    data: plan,
    partitions: partitionPlans(recipe),
    state,
    app: manifest.app,
    step,
    seed: manifest.recipe.seeds.weights,
    manifest: manifestText(manifest),
  };
}
