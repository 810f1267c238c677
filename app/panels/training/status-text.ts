/** The run's state in a few words, for the eye and for screen readers. Changes with the phase only, not with every step. */
import type { Activity } from '../../../src/training/events.ts';
import type { RunState } from '../../stores/run.ts';
import { trainingTexts } from '../../texts/training.ts';
import { percentage } from '../../format.ts';

type Told = Pick<RunState, 'phase' | 'step' | 'manifest' | 'unbuilt'> &
  Partial<Pick<RunState, 'activity' | 'series' | 'info' | 'readOnly'>>;

/** How far it is, for the eye: words that change many times a second are not for ears. */
export function progressText({ done, total }: Activity): string {
  return total === null || done === 0 ? '' : ` ${percentage((100 * done) / total, 0)}`;
}

export function statusText(run: Told): string {
  const { phase, step, manifest, unbuilt, activity, series } = run;
  if (unbuilt !== null) return trainingTexts.states.notBuilt;
  if (activity?.kind === 'evaluating') return trainingTexts.states.evaluating(activity.what ?? '');
  if (activity?.kind === 'saving') return trainingTexts.states.saving;
  switch (phase) {
    case 'idle':
      return trainingTexts.states.starting;
    case 'preparing':
      return trainingTexts.states.building;
    case 'paused':
      if (step > 0) return trainingTexts.states.paused;
      // The worker has told its state before what it computes with.
      if (run.info === null && run.readOnly === null) return trainingTexts.states.building;
      return manifest?.recipe.warmStart
        ? trainingTexts.states.readyImported
        : trainingTexts.states.readyUntrained;
    case 'running':
      return series?.length === 0 ? trainingTexts.states.compiling : trainingTexts.states.running;
    case 'finished':
      return trainingTexts.states.finished;
    case 'diverged':
      return trainingTexts.states.diverged;
    case 'failed':
      return trainingTexts.states.failed;
  }
}
