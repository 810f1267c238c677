/** What lies over the page: the dialog that is open, and what an action answered. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { Tried } from '../session/tried.ts';

export const DIALOGS = ['palette', 'shortcuts', 'gallery'] as const;
export type DialogId = (typeof DIALOGS)[number];

/** An answer that stands over the page until it is closed or another one comes. */
export interface Said {
  readonly tone: 'info' | 'warning' | 'error';
  readonly title: string;
  readonly text: string;
}

export interface PageState {
  readonly dialog: DialogId | null;
  readonly said: Said | null;
  /** What the address carried as a link, until a person has said yes or no to it. */
  readonly link: string | null;
  /** A table whose columns are to be chosen. */
  readonly table: File | null;
  readonly lookAt: (table: File | null) => void;
  /** The suggestion taken last. */
  readonly tried: Tried | null;
  readonly setTried: (tried: Tried | null) => void;
  readonly setLink: (link: string | null) => void;
  readonly show: (dialog: DialogId | null) => void;
  readonly say: (said: Said | null) => void;
}

export type PageStore = StoreApi<PageState>;

export function createPageStore(): PageStore {
  return createStore<PageState>()((set) => ({
    dialog: null,
    said: null,
    link: null,
    table: null,
    tried: null,
    setTried: (tried) => set({ tried }),
    lookAt: (table) => set({ table }),
    setLink: (link) => set({ link }),
    show: (dialog) => set({ dialog }),
    say: (said) => set({ said }),
  }));
}
