/** Back to a good checkpoint, and on from there at half the learning rate. */
import { halvedRates } from '../../../src/training/guidance/way-back.ts';
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
  const changes = session.run.getState().manifest?.recipe.changes ?? [];
  await session.restore(step);
  for (const { key, value } of halvedRates(changes, step)) await session.change(key, value);
  await session.train();
}
