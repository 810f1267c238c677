/** Where the tour stands: kept across reloads, so that it can be left and taken up at any step. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { browserStorage, persist, restore, wholeNumber } from './persistence.ts';
import type { KeyValue } from './persistence.ts';

/** Steps of the tour; texts/story.ts has their words. */
export const TOUR_STEPS = 8;

export interface TourState {
  readonly active: boolean;
  /** 0-based. */
  readonly step: number;
  readonly start: () => void;
  readonly go: (step: number) => void;
  readonly leave: () => void;
}

export function createTourStore(storage: KeyValue | null): StoreApi<TourState> {
  const kept = restore(storage, 'tour');
  const store = createStore<TourState>()((set, get) => ({
    active: kept['active'] === true,
    step: wholeNumber(kept['step'], 0, TOUR_STEPS - 1, 0),
    start: () => set({ active: true }),
    go(step) {
      // Behind the last step it is over, and begins anew next time.
      if (step >= TOUR_STEPS) set({ active: false, step: 0 });
      else set({ active: true, step: Math.max(0, step) });
    },
    leave: () => set({ active: false, step: get().step }),
  }));
  persist(store, storage, 'tour', ({ active, step }) => ({ active, step }));
  return store;
}

/** The page's one tour. */
export const tour = createTourStore(browserStorage());
