/** How wide a person has made the columns that stand beside each other, by place on the page. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { persist, restore } from './persistence.ts';
import type { KeyValue } from './persistence.ts';

/** Shares of the room there is, in any unit; at least 1, since shares of less together would leave room over. */
export type Widths = readonly number[];

export interface ColumnsState {
  /** Places whose columns are not as they came. */
  readonly widths: Readonly<Record<string, Widths>>;
  /** @param widths null for those that they came with. */
  readonly set: (place: string, widths: Widths | null) => void;
}

export type ColumnsStore = StoreApi<ColumnsState>;

export function createColumnsStore(storage: KeyValue | null): ColumnsStore {
  const kept = restore(storage, 'columns');
  const store = createStore<ColumnsState>()((set, get) => ({
    widths: Object.fromEntries(
      Object.entries(kept).flatMap(([place, widths]): [string, Widths][] =>
        areWidths(widths) ? [[place, widths]] : [],
      ),
    ),
    set(place, widths) {
      const { [place]: _before, ...others } = get().widths;
      set({ widths: widths ? { ...others, [place]: widths } : others });
    },
  }));
  persist(store, storage, 'columns', ({ widths }) => widths);
  return store;
}

function areWidths(value: unknown): value is Widths {
  return (
    Array.isArray(value) && value.length > 1 && value.every((width) => Number.isFinite(width) && width >= 1)
  );
}

/** How far a border can go: the least and the most width of the column before it, in the unit of `widths`. */
export function borderRange(widths: Widths, border: number, least: Widths): { min: number; max: number } {
  const both = (widths[border] ?? 0) + (widths[border + 1] ?? 0);
  const min = Math.min(least[border] ?? 0, both);
  return { min, max: Math.max(min, both - (least[border + 1] ?? 0)) };
}

/**
 * The widths after the border behind column `border` was moved; the other columns keep theirs.
 * @param to width of that column. @param least of each column; it gets no narrower.
 */
export function withBorder(widths: Widths, border: number, to: number, least: Widths): Widths {
  const { min, max } = borderRange(widths, border, least);
  const width = Math.min(max, Math.max(min, to));
  const moved = width - (widths[border] ?? 0);
  return widths.map((old, at) => (at === border ? width : at === border + 1 ? old - moved : old));
}
