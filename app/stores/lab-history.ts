/** The predictions of a run over time, bounded: enough to draw trajectories over any number of steps. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { RankingStore, Snapshot } from './ranking.ts';

/** Past this many, every second one goes; a trajectory has no use for more points than pixels. */
const MAX_SNAPSHOTS = 128;

/** `history` with a snapshot more. The first (untrained) and the newest always stay. */
export function withSnapshot(
  history: readonly Snapshot[],
  snapshot: Snapshot,
  limit: number = MAX_SNAPSHOTS,
): readonly Snapshot[] {
  const last = history.at(-1);
  // Loading weights predicts the same step again: the newer prediction counts.
  const kept =
    last && last.step >= snapshot.step ? history.filter(({ step }) => step < snapshot.step) : history;
  const next = [...kept, snapshot];
  if (next.length <= limit) return next;
  return next.filter((_, at) => at % 2 === 0 || at === next.length - 1);
}

export interface HistoryState {
  /** By rising step. */
  readonly history: readonly Snapshot[];
}

const histories = new WeakMap<RankingStore, StoreApi<HistoryState>>();

/** The history of a ranking store, recorded from the first call on; a new run starts it anew. */
export function historyOf(ranking: RankingStore): StoreApi<HistoryState> {
  const known = histories.get(ranking);
  if (known) return known;
  const { now } = ranking.getState();
  const store = createStore<HistoryState>()(() => ({ history: now ? [now] : [] }));
  histories.set(ranking, store);
  ranking.subscribe((state, before) => {
    if (state.now === before.now) return;
    const { history } = store.getState();
    store.setState({ history: state.now ? withSnapshot(history, state.now) : [] });
  });
  return store;
}
