/** The kept runs that stand beside the current one in every chart, and how each is told apart. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { RunManifest } from '../../src/runs/manifest.ts';
import type { RunSeries } from '../../src/runs/run-series.ts';
import type { EvaluationEvent } from '../../src/training/events.ts';
import { persist, restore } from './persistence.ts';
import type { KeyValue } from './persistence.ts';

/** With the current one, so many runs stand in a chart. */
export const MAX_RUNS = 5;

export interface ComparedRun {
  readonly manifest: RunManifest;
  readonly series: RunSeries;
  readonly evaluations: readonly EvaluationEvent[];
}

export interface ComparedRunsState {
  /** Ids of the runs chosen, in the order in which they were; the current one may be among them. */
  readonly chosen: readonly string[];
  /** Those of them that have been read. */
  readonly runs: readonly ComparedRun[];
  readonly problem: string | null;
  readonly set: (change: Partial<Pick<ComparedRunsState, 'chosen' | 'runs' | 'problem'>>) => void;
}

export type ComparedRunsStore = StoreApi<ComparedRunsState>;

export function createComparedRunsStore(storage: KeyValue | null): ComparedRunsStore {
  const kept = restore(storage, 'compared')['chosen'];
  const store = createStore<ComparedRunsState>()((set) => ({
    chosen: Array.isArray(kept) ? kept.filter((id) => typeof id === 'string').slice(0, MAX_RUNS) : [],
    runs: [],
    problem: null,
    set,
  }));
  persist(store, storage, 'compared', ({ chosen }) => ({ chosen }));
  return store;
}

/** A run as charts draw it. */
export interface ShownRun {
  readonly id: string;
  /** Undefined where it is alone. */
  readonly name: string | undefined;
  /** What it changed in another one that is shown; null where it was begun from none of them. */
  readonly change: string | null;
  /** Where lines are of runs, and not of heads. */
  readonly color: string;
  /** Where colours are of heads. */
  readonly dash: string;
  readonly series: RunSeries;
  readonly evaluations: readonly EvaluationEvent[];
  /** Milliseconds since 1970. */
  readonly started: number;
}

/** By place among the runs shown; the first is the current one. */
export const RUN_LOOKS: readonly { readonly color: string; readonly dash: string }[] = [
  { color: 'var(--accent)', dash: '' },
  { color: 'var(--run-2)', dash: '6 3' },
  { color: 'var(--run-3)', dash: '2 2' },
  { color: 'var(--run-4)', dash: '8 2 2 2' },
  { color: 'var(--run-5)', dash: '1 3' },
];

/**
 * The current run, then the others, each once, no more than a chart can hold.
 * @param changed what a run changed in one of them (run-changes.ts); without it nothing is said of changes.
 */
export function shownRuns(
  current: ComparedRun | null,
  { runs }: Pick<ComparedRunsState, 'runs'>,
  changed: (run: RunManifest, runs: readonly RunManifest[]) => string | null = () => null,
): ShownRun[] {
  const others = runs.filter(({ manifest }) => manifest.id !== current?.manifest.id);
  const all = [...(current ? [current] : []), ...others].slice(0, MAX_RUNS);
  return all.map(({ manifest, series, evaluations }, place) => ({
    id: manifest.id,
    name: all.length > 1 ? manifest.name : undefined,
    change: changed(
      manifest,
      all.map((other) => other.manifest),
    ),
    // Without a current run the others keep the looks that they have beside one.
    ...(RUN_LOOKS[current ? place : place + 1] ?? { color: 'var(--text-3)', dash: '' }),
    series,
    evaluations,
    started: Date.parse(manifest.times.started ?? manifest.times.created),
  }));
}
