/** The training run as the page knows it: phase, numbers so far, and what went wrong. Filled by the session. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { RecapConfig } from '../../src/config/recap-config.ts';
import type {
  CheckpointEvent,
  DivergenceEvent,
  EvaluationEvent,
  RunPhase,
  StepEvent,
} from '../../src/training/events.ts';
import type { EngineChoice, RunInfo } from '../../src/workers/protocol.ts';
import { RunSeries } from './run-series.ts';

/** What a run was made from; compared with what the page shows now to offer a restart. */
export interface RunIdentity {
  readonly config: RecapConfig;
  readonly configText: string;
  readonly seed: number;
  readonly engine: EngineChoice;
  readonly halfWeights: boolean;
  /** The data in a few words, equal exactly when the data is. */
  readonly data: string;
}

export interface RunFailure {
  readonly kind: 'worker' | 'device' | 'run' | 'prepare';
  readonly message: string;
}

export interface RunState {
  /** 'idle' before the first run. */
  readonly phase: RunPhase | 'idle';
  /** Updates done. */
  readonly step: number;
  readonly message: string | null;
  readonly identity: RunIdentity | null;
  readonly info: RunInfo | null;
  readonly series: RunSeries | null;
  /** Grows with every change of `series`, whose object stays the same. */
  readonly version: number;
  /** Newest first of each partition and stratum, oldest kept for history. */
  readonly evaluations: readonly EvaluationEvent[];
  /** Those that the run still keeps, by rising step. */
  readonly checkpoints: readonly CheckpointEvent[];
  readonly divergence: DivergenceEvent | null;
  readonly tuning: { readonly done: number; readonly total: number } | null;
  readonly failure: RunFailure | null;
  /** Parameters of the model shown, where it is too large to be built unasked; null where it is built or being built. */
  readonly unbuilt: number | null;
  /** Name of the file whose weights the run took over; null for those it was prepared with. */
  readonly imported: string | null;
  readonly begin: (identity: RunIdentity) => void;
  readonly ready: (info: RunInfo) => void;
  /** A run that is at an earlier step than before forgets what came after it. */
  readonly setPhase: (phase: RunPhase, step: number, message: string | null) => void;
  readonly addSteps: (events: readonly StepEvent[]) => void;
  readonly addEvaluations: (events: readonly EvaluationEvent[]) => void;
  readonly addCheckpoint: (event: CheckpointEvent) => void;
  readonly set: (
    change: Partial<
      Pick<RunState, 'divergence' | 'tuning' | 'failure' | 'phase' | 'message' | 'imported' | 'unbuilt'>
    >,
  ) => void;
}

export type RunStore = StoreApi<RunState>;

const MAX_EVALUATIONS = 2000;

export function createRunStore(): RunStore {
  return createStore<RunState>()((set, get) => ({
    phase: 'idle',
    step: 0,
    message: null,
    identity: null,
    info: null,
    series: null,
    version: 0,
    evaluations: [],
    checkpoints: [],
    divergence: null,
    tuning: null,
    failure: null,
    unbuilt: null,
    imported: null,
    begin(identity) {
      set({
        phase: 'preparing',
        step: 0,
        message: null,
        identity,
        info: null,
        series: null,
        version: get().version + 1,
        evaluations: [],
        checkpoints: [],
        divergence: null,
        tuning: null,
        failure: null,
        unbuilt: null,
        imported: null,
      });
    },
    ready(info) {
      const phase = get().phase === 'preparing' ? 'paused' : get().phase;
      set({ info, phase, series: get().series ?? new RunSeries(info.tasks, info.groups) });
    },
    setPhase(phase, step, message) {
      const { step: before, series, evaluations, checkpoints, divergence, version } = get();
      set({ phase, step, message, divergence: phase === 'diverged' ? divergence : null });
      if (step >= before || !series) return;
      // Back at an earlier step: what was told of the steps after it is no longer this run's.
      set({
        series: series.before(step),
        version: version + 1,
        evaluations: evaluations.filter((event) => event.step <= step),
        checkpoints: checkpoints.filter((event) => event.step <= step),
      });
    },
    addSteps(events) {
      const last = events.at(-1);
      if (!last) return;
      const { info, version } = get();
      const series = get().series ?? (info ? new RunSeries(info.tasks, info.groups) : null);
      if (series) for (const event of events) series.append(event);
      set({ series, step: last.step + 1, version: version + 1 });
    },
    addEvaluations(events) {
      set({ evaluations: [...get().evaluations, ...events].slice(-MAX_EVALUATIONS) });
    },
    addCheckpoint(event) {
      const older = get().checkpoints.filter(({ step }) => step !== event.step && event.kept.includes(step));
      set({ checkpoints: [...older, event] });
    },
    set(change) {
      set(change);
    },
  }));
}

/** How fast a run goes, over its last `windowMs` of training time. */
export interface Speed {
  readonly stepsPerSecond: number;
  readonly examplesPerSecond: number;
  /** Seconds of training, pauses excluded. */
  readonly elapsed: number;
}

export function speedOf(series: RunSeries | null, windowMs = 4000): Speed {
  const rows = series?.length ?? 0;
  if (!series || rows === 0) return { stepsPerSecond: 0, examplesPerSecond: 0, elapsed: 0 };
  const { elapsed, steps, examples } = series;
  const last = rows - 1;
  let from = last;
  while (from > 0 && (elapsed[last] as number) - (elapsed[from] as number) < windowMs) from--;
  const seconds = ((elapsed[last] as number) - (elapsed[from] as number)) / 1000;
  const per = (values: Float64Array): number =>
    seconds > 0 ? ((values[last] as number) - (values[from] as number)) / seconds : 0;
  return {
    stepsPerSecond: per(steps),
    examplesPerSecond: per(examples),
    elapsed: (elapsed[last] as number) / 1000,
  };
}
