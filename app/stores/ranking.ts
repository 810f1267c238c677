/**
 * The one state of the ranking, small on Train and with its tools on Rank: what the model predicts for the sample tweets,
 * at which moment it is looked at, which tweet is taken apart, and the orders that changes are counted from.
 */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { Tweet } from '../../src/ranking/tweets.ts';
import type { TableRows } from '../../src/workers/protocol.ts';
import { oneOf, persist, restore } from './persistence.ts';
import type { KeyValue } from './persistence.ts';
import type { Pinned } from './pins.ts';
import { sessionTexts } from '../texts/session.ts';

/** Predictions for the sample tweets at one moment of a run. */
export interface Snapshot {
  /** Updates done. */
  readonly step: number;
  readonly tasks: readonly string[];
  /** [tweets, tasks], calibrated. */
  readonly probabilities: Float32Array;
  /** Whether these are the run's own initial weights, before any training or import. */
  readonly untrained: boolean;
}

/** Which weights the list shows: the run's initial ones, those that come with the page, the run's own of now. */
export const RANKED_BY = ['untrained', 'pretrained', 'yours'] as const;
export type RankedBy = (typeof RANKED_BY)[number];

/** A moment that can be looked at: one of the three, or a checkpoint of the run. */
export type ShownMoment = RankedBy | { readonly checkpoint: number };

/** What the weights that come with the page say, once they have been read. */
export type Pretrained =
  | { readonly kind: 'ready'; readonly snapshot: Snapshot }
  | { readonly kind: 'failed'; readonly message: string };

export const TOOLS = ['why', 'weights', 'tweet', 'what-if', 'heuristics', 'training', 'candidates'] as const;

export type ToolId = (typeof TOOLS)[number];

export interface RankingState {
  /** The sample tweets, predicted every few steps. */
  readonly tweets: readonly Tweet[];
  /** Rows of the run's own table, which it predicts instead of tweets; null where it predicts tweets. */
  readonly rows: TableRows | null;
  /** Under the initial weights. */
  readonly untrained: Snapshot | null;
  readonly now: Snapshot | null;
  /** The run's predictions by rising step, the first of them untrained. */
  readonly history: readonly Snapshot[];
  /** Null while they are being read. */
  readonly pretrained: Pretrained | null;
  /** What a person chose to see; null leaves it to the page, until training begins too. */
  readonly chosen: ShownMoment | null;
  readonly tool: ToolId;
  /** Key of the tweet whose score is taken apart; null for none, on Rank the first of the order. */
  readonly selected: string | null;
  /** Key of the tweet it is compared with; null for the next one in the order. */
  readonly compared: string | null;
  /** The order that changes are counted from, by the set's id. */
  readonly pins: Readonly<Record<string, Pinned>>;
  /** A new run: earlier predictions say nothing any more, and no order of the last one is to count changes from. */
  readonly clear: () => void;
  readonly setRows: (rows: TableRows | null) => void;
  readonly addSnapshot: (snapshot: Snapshot) => void;
  readonly setPretrained: (pretrained: Pretrained) => void;
  readonly choose: (moment: ShownMoment) => void;
  readonly show: (tool: ToolId) => void;
  readonly select: (key: string | null) => void;
  readonly compare: (key: string | null) => void;
  readonly pin: (set: string, pinned: Pinned) => void;
}

export type RankingStore = StoreApi<RankingState>;

const PART = 'ranking-view';

/** @param storage keeps the tool that is open. */
export function createRankingStore(tweets: readonly Tweet[], storage: KeyValue | null = null): RankingStore {
  const store = createStore<RankingState>()((set, get) => ({
    tweets,
    rows: null,
    untrained: null,
    now: null,
    history: [],
    pretrained: null,
    chosen: null,
    tool: oneOf(restore(storage, PART)['tool'], TOOLS, 'why'),
    selected: null,
    compared: null,
    pins: {},
    clear: () => {
      const { chosen } = get();
      set({
        untrained: null,
        now: null,
        rows: null,
        history: [],
        pins: {},
        chosen: typeof chosen === 'object' ? null : chosen,
      });
    },
    addSnapshot: (snapshot) => {
      const { now, history } = get();
      const begins = now?.untrained !== false && !snapshot.untrained;
      set({
        now: snapshot,
        history: withSnapshot(history, snapshot),
        ...(snapshot.untrained ? { untrained: snapshot } : {}),
        ...(begins ? { chosen: null } : {}),
      });
    },
    setPretrained: (pretrained) => set({ pretrained }),
    choose: (chosen) => set({ chosen }),
    setRows: (rows) => set({ rows }),
    show: (tool) => set({ tool }),
    select: (selected) => set({ selected, ...(selected === get().compared ? { compared: null } : {}) }),
    compare: (compared) => set({ compared }),
    pin: (id, pinned) => set({ pins: { ...get().pins, [id]: pinned } }),
  }));
  persist(store, storage, PART, ({ tool }) => ({ tool }));
  return store;
}

/** Past this many, every second one goes; a trajectory has no use for more points than pixels. */
const MAX_SNAPSHOTS = 128;

/** `history` with a snapshot more. The first (untrained) and the newest always stay. */
export function withSnapshot(
  history: readonly Snapshot[],
  snapshot: Snapshot,
  limit: number = MAX_SNAPSHOTS,
): readonly Snapshot[] {
  const last = history.at(-1);
  // Loading weights predicts the same step again: the newer prediction counts.
  const kept =
    last && last.step >= snapshot.step ? history.filter(({ step }) => step < snapshot.step) : history;
  const next = [...kept, snapshot];
  if (next.length <= limit) return next;
  return next.filter((_, at) => at % 2 === 0 || at === next.length - 1);
}

/** The predictions to show. */
export interface Ranked {
  readonly by: RankedBy;
  readonly at: ShownMoment;
  /** Of `by`; null while they are not known yet. */
  readonly snapshot: Snapshot | null;
  /** What can be chosen, and why not what cannot: null where it can. */
  readonly unavailable: Readonly<Record<RankedBy, string | null>>;
}

/** @param misfit why the pretrained weights are not of the model shown, null where they are. */
export function rankedBy(
  { untrained, now, pretrained, chosen }: Pick<RankingState, 'untrained' | 'now' | 'pretrained' | 'chosen'>,
  misfit: string | null,
): Ranked {
  const own = now && !now.untrained ? now : null;
  const ready = misfit === null && pretrained?.kind === 'ready' ? pretrained.snapshot : null;
  // What is about to be shown has its place already: nothing jumps when it comes.
  const awaited = misfit === null && pretrained === null && !untrained;
  const snapshots = { untrained, pretrained: ready, yours: own };
  const unavailable = {
    untrained: untrained ? null : sessionTexts.initialNotPredicted,
    pretrained: ready ? null : (misfit ?? whyNotReady(pretrained)),
    yours: own ? null : sessionTexts.nothingTrained,
  };
  if (typeof chosen === 'object' && chosen !== null && own) {
    return { by: 'yours', at: chosen, snapshot: own, unavailable };
  }
  const by =
    typeof chosen === 'string' && snapshots[chosen]
      ? chosen
      : own
        ? 'yours'
        : ready || awaited
          ? 'pretrained'
          : 'untrained';
  return { by, at: by, snapshot: snapshots[by], unavailable };
}

function whyNotReady(pretrained: Pretrained | null): string {
  return pretrained?.kind === 'failed' ? pretrained.message : sessionTexts.pretrainedReading;
}
