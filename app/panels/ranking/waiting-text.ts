/** Why there is no order of the model shown yet, and what to do about it. */
import type { RunState } from '../../stores/run.ts';
import { compact } from '../../format.ts';

export function waitingText({ phase, unbuilt }: Pick<RunState, 'phase' | 'unbuilt'>): string {
  if (unbuilt !== null) {
    return `The model of this configuration has ${compact(unbuilt)} parameters, too many to build unasked: press Train to build it.`;
  }
  return phase === 'failed' ? 'There is no model to predict with.' : 'Predicting with the initial weights…';
}
