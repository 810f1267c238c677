/** How the charts are looked at, all of them together: axis, window and crosshair, what is drawn along x, outliers. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { Range } from '../charts/plot-lines.ts';
import { oneOf, persist, restore } from './persistence.ts';
import type { KeyValue } from './persistence.ts';

export const AXES = ['step', 'examples', 'relative', 'wall'] as const;

export type Axis = (typeof AXES)[number];

export interface ChartViewState {
  readonly axis: Axis;
  readonly logX: boolean;
  readonly outliersOut: boolean;
  /** Of x, in the axis' unit; null for all there is. */
  readonly window: Range | null;
  /** Under the crosshair, in the axis' unit. */
  readonly cursor: number | null;
  readonly setAxis: (axis: Axis) => void;
  readonly set: (change: Partial<Pick<ChartViewState, 'logX' | 'outliersOut' | 'window' | 'cursor'>>) => void;
}

export type ChartViewStore = StoreApi<ChartViewState>;

export function createChartViewStore(storage: KeyValue | null): ChartViewStore {
  const kept = restore(storage, 'charts');
  const store = createStore<ChartViewState>()((set) => ({
    axis: oneOf(kept['axis'], AXES, 'step'),
    logX: kept['logX'] === true,
    outliersOut: kept['outliersOut'] === true,
    window: null,
    cursor: null,
    // A window of steps is none of seconds.
    setAxis: (axis) => set({ axis, window: null, cursor: null }),
    set,
  }));
  persist(store, storage, 'charts', ({ axis, logX, outliersOut }) => ({ axis, logX, outliersOut }));
  return store;
}
