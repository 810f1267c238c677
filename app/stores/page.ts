/** What lies over the page: the dialog that is open, and what an action answered. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { keptTried } from '../session/tried.ts';
import type { Tried } from '../session/tried.ts';
import { persist, restore } from './persistence.ts';
import type { KeyValue } from './persistence.ts';

export const DIALOGS = ['palette', 'shortcuts', 'gallery'] as const;
export type DialogId = (typeof DIALOGS)[number];

/** An answer that stands over the page until it is closed or another one comes. */
export interface Said {
  readonly tone: 'info' | 'warning' | 'error';
  readonly title: string;
  readonly text: string;
}

/** What is kept under a name. */
export type Naming = 'weights' | 'tweets';

export interface PageState {
  readonly dialog: DialogId | null;
  readonly said: Said | null;
  /** What the address carried as a link, until a person has said yes or no to it. */
  readonly link: string | null;
  /** A table whose columns are to be chosen. */
  readonly table: File | null;
  readonly lookAt: (table: File | null) => void;
  /** The suggestion taken last; kept over a reload, so that it can be taken back and none is stacked on it. */
  readonly tried: Tried | null;
  readonly setTried: (tried: Tried | null) => void;
  /** What a name is being written for. */
  readonly naming: Naming | null;
  readonly setNaming: (naming: Naming | null) => void;
  readonly setLink: (link: string | null) => void;
  readonly show: (dialog: DialogId | null) => void;
  readonly say: (said: Said | null) => void;
}

export type PageStore = StoreApi<PageState>;

const PART = 'tried';

export function createPageStore(storage: KeyValue | null): PageStore {
  const store = createStore<PageState>()((set) => ({
    dialog: null,
    said: null,
    link: null,
    table: null,
    tried: keptTried(restore(storage, PART)['tried']),
    setTried: (tried) => set({ tried }),
    naming: null,
    setNaming: (naming) => set({ naming }),
    lookAt: (table) => set({ table }),
    setLink: (link) => set({ link }),
    show: (dialog) => set({ dialog }),
    say: (said) => set({ said }),
  }));
  persist(store, storage, PART, ({ tried }) => ({ tried }));
  return store;
}
