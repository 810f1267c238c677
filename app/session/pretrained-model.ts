/** The pretrained weights as a model that the ranking's tools can ask, in the world that they were trained in. */
import type { RecapBatch } from '../../src/data/recap-batch.ts';
import { transferables } from '../../src/data/recap-batch.ts';
import type { Predictions } from '../../src/engines/engine.ts';
import type { RunRecipe } from '../../src/runs/manifest.ts';
import { recipeSchemaOf } from '../../src/runs/recipe-forms.ts';
import type { LabModel } from './lab-client.ts';
import { askPretrained, pretrainedOrigin, pretrainedParts } from './pretrained.ts';

let made: RunRecipe | null = null;

function recipe(): RunRecipe {
  if (made) return made;
  const { config, schemaFile } = pretrainedOrigin;
  const { schema, teacher: settings } = pretrainedParts();
  made = {
    config,
    steps: null,
    data: { kind: 'teacher', preset: 'easy', settings, examples: null },
    schema: recipeSchemaOf(schemaFile, schema),
    masks: [],
    seeds: { weights: 1, data: 1 },
    engine: { choice: 'auto', precision: 'float32', noisyShifts: false },
    warmStart: null,
  };
  return made;
}

export const pretrainedModel: LabModel = {
  recipe,
  predict: (batch: RecapBatch): Promise<Predictions> =>
    askPretrained((rpc, request) =>
      rpc.call(
        'predictBatch',
        { ...request, batch },
        { transfer: [request.weights, ...transferables(batch)] },
      ),
    ),
};
