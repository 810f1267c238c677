/** Why there is no order of the model shown yet, and what to do about it. */
import type { RunState } from '../../stores/run.ts';
import { compact } from '../../format.ts';
import { rankingTexts } from '../../texts/ranking.ts';

export function waitingText({ phase, unbuilt }: Pick<RunState, 'phase' | 'unbuilt'>): string {
  if (unbuilt !== null) {
    return rankingTexts.tooLarge(compact(unbuilt));
  }
  return phase === 'failed' ? rankingTexts.noModel : rankingTexts.predictingInitial;
}
