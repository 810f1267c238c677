/** Back to a good checkpoint, and on from there at half the learning rate. */
import { changedValue, RATE_KEY } from '../../../src/training/live-changes.ts';
import type { LiveChange } from '../../../src/training/live-changes.ts';
import type { Session } from '../../session/session.ts';

/** Of the session, what is done and what of its run is looked at. */
export interface HalfRateSession extends Pick<Session, 'restore' | 'change' | 'train'> {
  readonly run: {
    getState(): {
      readonly manifest: { readonly recipe: { readonly changes?: readonly LiveChange[] } } | null;
    };
  };
}

export async function backAtHalfRate(session: HalfRateSession, step: number): Promise<void> {
  await session.restore(step);
  const changes = session.run.getState().manifest?.recipe.changes ?? [];
  await session.change(RATE_KEY, (changedValue(changes, RATE_KEY, step) ?? 1) / 2);
  await session.train();
}
