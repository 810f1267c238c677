/** The runs that this browser keeps, as the Runs view shows them. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { TableRows } from '../../src/workers/protocol.ts';
import type { RunTweets } from '../../src/workers/run-tweets.ts';
import type { BrokenRun, RunEntry, StorageUse } from '../../src/workers/runs-protocol.ts';

/** What a run said, and the rows it said it of; null where it was of the sample tweets. */
export interface KnownRanking extends RunTweets {
  readonly rows: TableRows | null;
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
  readonly set: (change: Partial<Omit<RunsState, 'set'>>) => void;
}

export type RunsStore = StoreApi<RunsState>;

export function createRunsStore(): RunsStore {
  return createStore<RunsState>()((set) => ({
    runs: null,
    broken: [],
    storage: null,
    removed: null,
    problem: null,
    editing: null,
    marked: [],
    baseline: null,
    tweets: new Map(),
    asking: null,
    set,
  }));
}
