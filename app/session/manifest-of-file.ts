/** The run that a file of weights or a checkpoint becomes. */
import type { RunManifest } from '../../src/runs/manifest.ts';
import { newManifest } from '../../src/runs/new-manifest.ts';
import type { WeightsFile } from '../../src/workers/runs-protocol.ts';
import { sessionTexts } from '../texts/session.ts';

/** A checkpoint is called after the run that it came from, weights after their file. */
export function manifestOfFile(
  { recipe, kind, origin, step }: WeightsFile,
  file: string,
  app: string,
): RunManifest {
  const name =
    origin && kind === 'checkpoint' ? sessionTexts.fromStep(origin.name, step) : sessionTexts.fromFile(file);
  return newManifest({ recipe, name, parent: origin && { run: origin.id, step }, app });
}
