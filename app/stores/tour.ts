/** Where the tour stands: kept across reloads, so that it can be left and taken up at any step. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { browserStorage, persist, restore, wholeNumber } from './persistence.ts';
import type { KeyValue } from './persistence.ts';
import type { pageTexts } from '../texts/page.ts';
import type { tourTexts } from '../texts/story.ts';
import type { ViewId } from '../views/views.ts';

export interface TourStep {
  readonly id: keyof typeof tourTexts;
  readonly view: ViewId;
  /** Id of the element that it is about, and on a phone the place that holds it; null for the whole view. */
  readonly target: string | null;
  readonly place: keyof typeof pageTexts.places | null;
}

/** The tour's steps in their order; texts/story.ts has their words. */
export const TOUR: readonly TourStep[] = [
  { id: 'configure', view: 'train', target: 'config', place: 'config' },
  { id: 'data', view: 'train', target: 'data', place: 'data' },
  { id: 'train', view: 'train', target: 'training', place: 'training' },
  { id: 'losses', view: 'train', target: 'head-losses', place: 'training' },
  { id: 'rank', view: 'train', target: 'ranking', place: 'ranking' },
  { id: 'apart', view: 'train', target: 'ranking', place: 'ranking' },
  { id: 'weight', view: 'train', target: 'ranking', place: 'ranking' },
  { id: 'reference', view: 'about', target: 'about', place: null },
];

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
    step: wholeNumber(kept['step'], 0, TOUR.length - 1, 0),
    start: () => set({ active: true }),
    go(step) {
      // Behind the last step it is over, and begins anew next time.
      if (step >= TOUR.length) set({ active: false, step: 0 });
      else set({ active: true, step: Math.max(0, step) });
    },
    leave: () => set({ active: false, step: get().step }),
  }));
  persist(store, storage, 'tour', ({ active, step }) => ({ active, step }));
  return store;
}

/** The page's one tour. */
export const tour = createTourStore(browserStorage());
