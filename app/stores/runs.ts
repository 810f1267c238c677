/** The runs that this browser keeps, as the Runs view shows them. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { TableRows } from '../../src/workers/protocol.ts';
import type { RunTweets } from '../../src/workers/run-tweets.ts';
import { oneOf, persist, restore } from './persistence.ts';
import type { KeyValue } from './persistence.ts';
import { RUN_METRICS } from './run-table.ts';
import type { RunMetric, Sorting } from './run-table.ts';
import type { BrokenRun, RunEntry, StorageUse } from '../../src/workers/runs-protocol.ts';

/** What a run said, and the rows it said it of; null where it was of the sample tweets. */
export interface KnownRanking extends RunTweets {
  readonly rows: TableRows | null;
}

export interface RunsLook {
  /** Words that are looked for. */
  readonly text: string;
  readonly metric: RunMetric;
  readonly everyHead: boolean;
  readonly sorting: Sorting;
  /** Ids of the two that stand against each other; null where nobody has chosen. */
  readonly first: string | null;
  readonly second: string | null;
}

export interface RunsState {
  /** Newest first; null until they were read. */
  readonly runs: readonly RunEntry[] | null;
  readonly broken: readonly BrokenRun[];
  readonly storage: StorageUse | null;
  /** The run put aside last, which can still be brought back. */
  readonly removed: { readonly id: string; readonly name: string } | null;
  readonly problem: string | null;
  /** The run whose name or note is being written. */
  readonly editing: { readonly run: string; readonly what: 'name' | 'note' } | null;
  /** Ids of the runs chosen, to be taken away together. */
  readonly marked: readonly string[];
  /** Id of the run that the others are compared with; null compares each with its parent. */
  readonly baseline: string | null;
  /** What kept runs say of the sample tweets, or of held-out rows of their table, as far as it was asked for. */
  readonly tweets: ReadonlyMap<string, KnownRanking>;
  /** Id of the run that is being asked. */
  readonly asking: string | null;
  /** How the list is looked at, whichever view is shown meanwhile. */
  readonly look: RunsLook;
  readonly set: (change: Partial<Omit<RunsState, 'set' | 'look'>>) => void;
  readonly setLook: (change: Partial<RunsLook>) => void;
}

export type RunsStore = StoreApi<RunsState>;

const METRIC_IDS = RUN_METRICS.map(({ id }) => id);

export function createRunsStore(storage: KeyValue | null): RunsStore {
  const kept = restore(storage, 'runs');
  const id = (key: string): string | null => {
    const value = kept[key];
    return typeof value === 'string' ? value : null;
  };
  const store = createStore<RunsState>()((set, get) => ({
    runs: null,
    broken: [],
    storage: null,
    removed: null,
    problem: null,
    editing: null,
    marked: [],
    baseline: id('baseline'),
    tweets: new Map(),
    asking: null,
    look: {
      text: '',
      metric: oneOf(kept['metric'], METRIC_IDS, 'auroc'),
      everyHead: kept['everyHead'] === true,
      sorting: { key: 'created', down: true },
      first: id('first'),
      second: id('second'),
    },
    set,
    setLook: (change) => set({ look: { ...get().look, ...change } }),
  }));
  persist(store, storage, 'runs', ({ baseline, look: { metric, everyHead, first, second } }) => ({
    baseline,
    metric,
    everyHead,
    first,
    second,
  }));
  return store;
}
