/** A safetensors file looked at before it is taken: which run it is of, and whether its tensors fit that run's model. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { readSafetensorsMetadata } from '../formats/safetensors.ts';
import { parseManifest } from '../runs/manifest.ts';
import type { RunRecipe } from '../runs/manifest.ts';
import { runModel } from '../runs/run-model.ts';
import { importCheckpoint, importWeights } from '../training/checkpoint.ts';
import type { WeightsFile } from './runs-protocol.ts';

/** There is no valid configuration that says which model the weights are for. */
export class RecipeMissingError extends Error {
  override readonly name = 'RecipeMissingError';
}

/** @throws SafetensorsError, StateDictError, ManifestError or RecipeMissingError. */
export async function weightsFile(file: File, draft: RunRecipe | null): Promise<WeightsFile> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const metadata = readSafetensorsMetadata(bytes);
  const kind = metadata['batches'] === undefined ? 'weights' : 'checkpoint';
  const origin = metadata['manifest'] === undefined ? null : parseManifest(metadata['manifest']);
  const found = { sha256: bytesToHex(sha256(bytes)), kind, origin, bytes: bytes.buffer } as const;
  if (kind === 'checkpoint') {
    const recipe = origin?.recipe ?? olderCheckpoint(metadata, draft);
    const { step } = importCheckpoint(bytes, runModel(recipe).graph);
    return { ...found, recipe, step, notes: [] };
  }
  const warmStart = { name: file.name, size: bytes.length, sha256: found.sha256 };
  const recipe = { ...mustBe(draft), warmStart };
  const { notes } = importWeights(bytes, runModel(recipe).graph);
  return { ...found, recipe, step: 0, notes };
}

/** A checkpoint that does not bring its run: what it says of it, the rest as it is shown. */
function olderCheckpoint(metadata: Readonly<Record<string, string>>, draft: RunRecipe | null): RunRecipe {
  const recipe = mustBe(draft);
  const seed = Number(metadata['seed']);
  return {
    ...recipe,
    config: metadata['config'] ?? recipe.config,
    seeds: { ...recipe.seeds, ...(Number.isInteger(seed) ? { weights: seed } : {}) },
  };
}

function mustBe(draft: RunRecipe | null): RunRecipe {
  if (draft) return draft;
  throw new RecipeMissingError(
    'Mend the configuration and choose data first: the weights are for the model that these describe.',
  );
}
