/** The run's state in a few words, for the eye and for screen readers. Changes with the phase only, not with every step. */
import type { Activity } from '../../../src/training/events.ts';
import type { RunState } from '../../stores/run.ts';

type Told = Pick<RunState, 'phase' | 'step' | 'manifest' | 'unbuilt'> &
  Partial<Pick<RunState, 'activity' | 'series'>>;

/** How far it is, for the eye: words that change many times a second are not for ears. */
export function progressText({ done, total }: Activity): string {
  return total === null || done === 0 ? '' : ` ${Math.round((100 * done) / total)} %`;
}

export function statusText({ phase, step, manifest, unbuilt, activity, series }: Told): string {
  if (unbuilt !== null) return 'Not built yet: press Train';
  if (activity?.kind === 'evaluating') return `Evaluating ${activity.what ?? ''}`;
  if (activity?.kind === 'saving') return 'Saving a checkpoint';
  switch (phase) {
    case 'idle':
      return 'Starting';
    case 'preparing':
      return 'Building the model';
    case 'paused':
      if (step > 0) return 'Paused';
      return manifest?.recipe.warmStart ? 'Ready, imported weights' : 'Ready, untrained';
    case 'running':
      return series?.length === 0 ? 'Compiling for the first step' : 'Training';
    case 'finished':
      return 'Finished';
    case 'diverged':
      return 'Diverged';
    case 'failed':
      return 'Failed';
  }
}
