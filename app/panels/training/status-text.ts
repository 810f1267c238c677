/** The run's state in a few words, for the eye and for screen readers. Changes with the phase only, not with every step. */
import type { RunState } from '../../stores/run.ts';

type Told = Pick<RunState, 'phase' | 'step' | 'manifest' | 'unbuilt'>;

export function statusText({ phase, step, manifest, unbuilt }: Told): string {
  if (unbuilt !== null) return 'Not built yet: press Train';
  switch (phase) {
    case 'idle':
      return 'Starting';
    case 'preparing':
      return 'Building the model';
    case 'paused':
      if (step > 0) return 'Paused';
      return manifest?.recipe.warmStart ? 'Ready, imported weights' : 'Ready, untrained';
    case 'running':
      return 'Training';
    case 'finished':
      return 'Finished';
    case 'diverged':
      return 'Diverged';
    case 'failed':
      return 'Failed';
  }
}
