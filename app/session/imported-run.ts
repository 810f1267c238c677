/** What a safetensors file becomes: a run at step 0 with its weights, or the run that a checkpoint came from. */
import { readSafetensorsMetadata } from '../../src/formats/safetensors.ts';
import { checkManifest, newManifest } from '../../src/runs/manifest.ts';
import type { RunManifest } from '../../src/runs/manifest.ts';
import type { RunStart } from '../../src/workers/protocol.ts';
import type { DraftState } from './draft.ts';
import { SessionInputError } from './draft-recipe.ts';

export interface ImportedRun {
  readonly manifest: RunManifest;
  readonly start: RunStart;
}

/**
 * @param hash of the file, null where it could not be counted.
 * @throws SafetensorsError naming the place, ManifestError, or SessionInputError when the file is of no known run and
 * there is no valid configuration to take it under.
 */
export function importedRun(
  name: string,
  bytes: ArrayBuffer,
  hash: string | null,
  { recipe, missing }: Pick<DraftState, 'recipe' | 'missing'>,
  app: string,
): ImportedRun {
  const metadata = readSafetensorsMetadata(new Uint8Array(bytes));
  const isCheckpoint = metadata['batches'] !== undefined;
  const origin = metadata['manifest'] === undefined ? null : checkManifest(JSON.parse(metadata['manifest']));
  if (isCheckpoint && origin) {
    const step = Number(metadata['step']);
    const manifest = newManifest({
      recipe: origin.recipe,
      name: `${origin.name}, from step ${step}`,
      parent: { run: origin.id, step },
      app,
    });
    return { manifest, start: { kind: 'checkpoint', bytes } };
  }
  if (isCheckpoint && recipe) {
    // Of an older version or the terminal: what the file says of its run, the rest as it is shown.
    const config = metadata['config'] ?? recipe.config;
    const seed = Number(metadata['seed']);
    const seeds = { ...recipe.seeds, ...(Number.isInteger(seed) ? { weights: seed } : {}) };
    const manifest = newManifest({ recipe: { ...recipe, config, seeds }, name: `From ${name}`, app });
    return { manifest, start: { kind: 'checkpoint', bytes } };
  }
  if (!recipe) {
    throw new SessionInputError(
      missing ?? 'Mend the configuration first: the weights are for the model that it describes.',
    );
  }
  const warmStart = { name, size: bytes.byteLength, sha256: hash };
  const manifest = newManifest({ recipe: { ...recipe, warmStart }, name: `From ${name}`, app });
  return { manifest, start: { kind: 'weights', bytes } };
}
