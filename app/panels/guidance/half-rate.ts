/** Back to a good checkpoint, and on from there at half the learning rate. */
import { halvedRates } from '../../../src/training/guidance/way-back.ts';
import type { LiveChange } from '../../../src/training/live-changes.ts';
import type { Session } from '../../session/session.ts';
import type { RunState } from '../../stores/run.ts';

/** Of the session, what is done and what of its run is looked at. */
export interface HalfRateSession extends Pick<Session, 'restore' | 'change' | 'train'> {
  readonly run: {
    getState(): {
      readonly phase: RunState['phase'];
      readonly manifest: { readonly recipe: { readonly changes?: readonly LiveChange[] } } | null;
    };
  };
}

export async function backAtHalfRate(session: HalfRateSession, step: number): Promise<void> {
  const changes = session.run.getState().manifest?.recipe.changes ?? [];
  await session.restore(step);
  // What could not be gone back to has said so: it is no reason to begin another run.
  if (session.run.getState().phase === 'failed') return;
  for (const { key, value } of halvedRates(changes, step)) await session.change(key, value);
  await session.train();
}
