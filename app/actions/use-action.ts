/** An action for React: what it is called now, whether it can be done, and the doing. */
import { useCallback, useState, useSyncExternalStore } from 'react';
import { useSession } from '../session/context.tsx';
import type { Session } from '../session/session.ts';
import { perform, titleOf, whyNot } from './action.ts';
import type { Action } from './action.ts';

/** Whatever titles and reasons are made from. */
export function watchActions(session: Session, changed: () => void): () => void {
  const stores = [
    session.config,
    session.run,
    session.data,
    session.draft,
    session.ranking,
    session.library.store,
    session.comparison.store,
    session.sweep.store,
    session.history.store,
    session.scoring,
    session.tweets,
    session.settings,
    session.page,
    session.chartView,
  ];
  const stops = stores.map((store) => store.subscribe(changed));
  return () => {
    for (const stop of stops) stop();
  };
}

export interface ActionNow {
  readonly title: string;
  /** Why it can't be done; null where it can. */
  readonly why: string | null;
  /** While it does what it was asked to last. */
  readonly busy: boolean;
  readonly run: () => void;
}

export function useAction(action: Action): ActionNow {
  const session = useSession();
  const watch = useCallback((changed: () => void) => watchActions(session, changed), [session]);
  const title = useSyncExternalStore(watch, () => titleOf(action, session));
  const why = useSyncExternalStore(watch, () => whyNot(action, session));
  const [busy, setBusy] = useState(false);
  const run = (): void => {
    if (busy) return;
    if (action.once === true) setBusy(true);
    void perform(action, session).finally(() => setBusy(false));
  };
  return { title, why, busy, run };
}
