/** A run's weights and checkpoints as files, with what they were made from. */
import type { StateDict } from '../formats/state-dict.ts';
import type { RunManifest } from '../runs/manifest.ts';
import type { Checkpoint } from '../training/checkpoint-store.ts';
import { exportCheckpoint, exportWeights } from '../training/checkpoint.ts';

const about = ({ recipe, app }: RunManifest) => ({ config: recipe.config, seed: recipe.seeds.weights, app });

/** safetensors of the weights of step 0. */
export const initialFile = (manifest: RunManifest, initial: StateDict): Uint8Array =>
  exportWeights(initial, { ...about(manifest), step: 0 });

/** safetensors of a state: its weights, or with the optimizer's moments and the run's manifest a checkpoint. */
export function checkpointFile(
  manifest: RunManifest,
  kind: 'weights' | 'checkpoint',
  checkpoint: Checkpoint,
): Uint8Array {
  const metadata = { ...about(manifest), step: checkpoint.step };
  return kind === 'weights'
    ? exportWeights(checkpoint.state.model, metadata)
    : exportCheckpoint(checkpoint, { ...metadata, manifest: JSON.stringify(manifest) });
}
