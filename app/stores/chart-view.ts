/** How the charts are looked at, all of them together: axis, window and crosshair, what is drawn along x, outliers. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { Range } from '../charts/plot-lines.ts';
import { oneOf, persist, restore } from './persistence.ts';
import type { KeyValue } from './persistence.ts';

export const AXES = [
  { id: 'step', label: 'Steps', name: 'Step' },
  { id: 'examples', label: 'Examples', name: 'Examples' },
  { id: 'relative', label: 'Training time', name: 'Seconds trained' },
  { id: 'wall', label: 'Clock', name: 'Clock, ms since 1970' },
] as const;

export type Axis = (typeof AXES)[number]['id'];

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

const ids = AXES.map(({ id }) => id);

export function createChartViewStore(storage: KeyValue | null): ChartViewStore {
  const kept = restore(storage, 'charts');
  const store = createStore<ChartViewState>()((set) => ({
    axis: oneOf(kept['axis'], ids, 'step'),
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
