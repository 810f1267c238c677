/** What the ranking lab shows: the tool, the tweets looked at, the moment of the run, and the pinned orders. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { Moment } from './lab-predictions.ts';
import type { Pinned } from './lab-order.ts';

export const TOOLS = [
  { id: 'why', label: 'Why' },
  { id: 'weights', label: 'Weights' },
  { id: 'tweet', label: 'Tweet' },
  { id: 'what-if', label: 'What if' },
  { id: 'heuristics', label: 'After the score' },
  { id: 'training', label: 'Training' },
  { id: 'candidates', label: '1,500' },
] as const;

export type ToolId = (typeof TOOLS)[number]['id'];

export interface LabState {
  readonly tool: ToolId;
  /** Key of the tweet that the tools are about; null for the first of the order. */
  readonly selected: string | null;
  /** Key of the tweet it is compared with; null for the next one in the order. */
  readonly compared: string | null;
  readonly moment: Exclude<Moment, 'teacher'>;
  /** The order that changes are counted from, by the set's id. */
  readonly pins: Readonly<Record<string, Pinned>>;
  readonly show: (tool: ToolId) => void;
  readonly select: (key: string | null) => void;
  readonly compare: (key: string | null) => void;
  readonly goTo: (moment: Exclude<Moment, 'teacher'>) => void;
  readonly pin: (set: string, pinned: Pinned | null) => void;
  /** A new run: its moments are others, and an order of the last one is nothing to count changes from. */
  readonly newRun: () => void;
}

export type LabStore = StoreApi<LabState>;

export function createLabStore(): LabStore {
  return createStore<LabState>()((set, get) => ({
    tool: 'why',
    selected: null,
    compared: null,
    moment: 'now',
    pins: {},
    show: (tool) => set({ tool }),
    select: (selected) => set({ selected, ...(selected === get().compared ? { compared: null } : {}) }),
    compare: (compared) => set({ compared }),
    goTo: (moment) => set({ moment }),
    pin(id, pinned) {
      const { [id]: _old, ...rest } = get().pins;
      set({ pins: pinned ? { ...rest, [id]: pinned } : rest });
    },
    newRun: () => set({ moment: 'now', pins: {} }),
  }));
}
