/** The training run as the page knows it: phase, numbers so far, and what went wrong. Filled by the session. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { RecapConfig } from '../../src/config/recap-config.ts';
import type {
  Activity,
  CheckpointEvent,
  DivergenceEvent,
  EvaluationEvent,
  RunPhase,
  StepEvent,
} from '../../src/training/events.ts';
import type { RunManifest } from '../../src/runs/manifest.ts';
import { RunSeries } from '../../src/runs/run-series.ts';
import type { RunInfo } from '../../src/workers/protocol.ts';
import { keptEvaluations } from './kept-evaluations.ts';
import { openRecipe } from './reading.ts';

/** What a kept run had reported before it was opened. */
export interface RunPast {
  readonly series: RunSeries;
  readonly evaluations: readonly EvaluationEvent[];
  readonly checkpoints: readonly CheckpointEvent[];
}

export interface RunFailure {
  readonly kind: 'worker' | 'run' | 'prepare' | 'busy';
  readonly message: string;
}

export interface RunState {
  /** 'idle' before the first run. */
  /** True while the page looks for the run that was open when it was left. */
  readonly starting: boolean;
  readonly phase: RunPhase | 'idle';
  /** Updates done. */
  readonly step: number;
  readonly message: string | null;
  /** What the run is made from; null before the first. */
  readonly manifest: RunManifest | null;
  /** Its configuration, parsed. */
  readonly config: RecapConfig | null;
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
  /** What it is busy with between steps. */
  readonly activity: Activity | null;
  /** Seconds that the last whole one took, all partitions of an evaluation together. */
  readonly spent: Readonly<Partial<Record<Activity['kind'], number>>>;
  readonly failure: RunFailure | null;
  /** Parameters of the model shown, where it is too large to be built unasked; null where it is built or being built. */
  readonly unbuilt: number | null;
  /** Why the run is looked at only: another tab writes it, or its files are not at hand. */
  readonly readOnly: string | null;
  /** Whether it is another tab that writes it. */
  readonly busy: boolean;
  /** Why nothing of the run is kept any more. */
  readonly unkept: string | null;
  /** Whether a person has closed the notice of it; the run is no safer by that. */
  readonly unkeptSeen: boolean;
  /** The last time the device was lost and the run went on. */
  readonly recovered: { readonly from: number; readonly repeated: number; readonly message: string } | null;
  readonly begin: (manifest: RunManifest) => void;
  readonly ready: (info: RunInfo) => void;
  /** A kept run's past: all at once. */
  readonly recall: (past: RunPast) => void;
  /** A run that is at an earlier step than before forgets what came after it. */
  readonly setPhase: (phase: RunPhase, step: number, message: string | null) => void;
  readonly addSteps: (events: readonly StepEvent[]) => void;
  readonly addEvaluations: (events: readonly EvaluationEvent[]) => void;
  /** @param now milliseconds on any clock that goes steadily. */
  readonly setActivity: (activity: Activity | null, now: number) => void;
  readonly addCheckpoint: (event: CheckpointEvent) => void;
  readonly set: (
    change: Partial<
      Pick<
        RunState,
        | 'divergence'
        | 'tuning'
        | 'failure'
        | 'phase'
        | 'message'
        | 'unbuilt'
        | 'manifest'
        | 'readOnly'
        | 'busy'
        | 'unkept'
        | 'unkeptSeen'
        | 'recovered'
        | 'starting'
      >
    >,
  ) => void;
}

export type RunStore = StoreApi<RunState>;

/** What was under way when a run failed or diverged is under way no more: whoever did it tells of no end. */
const ended = (phase: RunState['phase'] | undefined) =>
  phase === 'failed' || phase === 'diverged' ? { activity: null } : {};

export function createRunStore(): RunStore {
  /** When the activity began. */
  let begun = 0;
  return createStore<RunState>()((set, get) => ({
    phase: 'idle',
    step: 0,
    message: null,
    manifest: null,
    config: null,
    info: null,
    series: null,
    version: 0,
    evaluations: [],
    checkpoints: [],
    divergence: null,
    tuning: null,
    activity: null,
    spent: {},
    failure: null,
    unbuilt: null,
    readOnly: null,
    busy: false,
    unkept: null,
    unkeptSeen: false,
    recovered: null,
    starting: true,
    begin(manifest) {
      set({
        phase: 'preparing',
        step: 0,
        message: null,
        manifest,
        config: openRecipe(manifest.recipe).config,
        info: null,
        series: null,
        version: get().version + 1,
        evaluations: [],
        checkpoints: [],
        divergence: null,
        tuning: null,
        activity: null,
        spent: {},
        failure: null,
        unbuilt: null,
        readOnly: null,
        busy: false,
        unkept: null,
        unkeptSeen: false,
        recovered: null,
      });
    },
    ready(info) {
      const phase = get().phase === 'preparing' ? info.phase : get().phase;
      // The same recipe, whose object tells everybody that it is the same run.
      const recipe = get().manifest?.recipe ?? info.manifest.recipe;
      const manifest = { ...info.manifest, recipe };
      set({
        info,
        phase,
        manifest,
        config: openRecipe(manifest.recipe).config,
        series: get().series ?? new RunSeries(info.tasks, info.groups),
      });
    },
    recall({ series, evaluations, checkpoints }) {
      set({
        series,
        evaluations: keptEvaluations(evaluations),
        checkpoints,
        step: (series.steps.at(-1) ?? -1) + 1,
        version: get().version + 1,
      });
    },
    setPhase(phase, step, message) {
      // While a kept run is being built it stands nowhere yet; what it had reported is shown meanwhile.
      if (phase === 'preparing') {
        set({ phase, message });
        return;
      }
      const { step: before, series, evaluations, checkpoints, divergence, version } = get();
      set({ phase, step, message, divergence: phase === 'diverged' ? divergence : null, ...ended(phase) });
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
      set({ evaluations: keptEvaluations([...get().evaluations, ...events]) });
    },
    setActivity(activity, now) {
      const { activity: before, spent } = get();
      if (activity && activity.kind !== before?.kind) begun = now;
      if (activity || !before) set({ activity });
      else set({ activity: null, spent: { ...spent, [before.kind]: (now - begun) / 1000 } });
    },
    addCheckpoint(event) {
      const older = get().checkpoints.filter(({ step }) => step !== event.step && event.kept.includes(step));
      set({ checkpoints: [...older, event] });
    },
    set(change) {
      const { manifest } = change;
      const also = ended(change.phase);
      set(
        manifest
          ? { ...change, ...also, config: openRecipe(manifest.recipe).config }
          : { ...change, ...also },
      );
    },
  }));
}

/** Steps that say how fast a run goes at least: of slow ones a few seconds hold too few, and one that stutters counts too much. */
const FEWEST = 32;

/** How fast a run goes, over its last `windowMs` of training time, or FEWEST steps where those take longer. */
export interface Speed {
  readonly stepsPerSecond: number;
  readonly examplesPerSecond: number;
  /** Seconds of training, pauses excluded. */
  readonly elapsed: number;
}

export function speedOf(series: RunSeries | null, windowMs = 6000): Speed {
  const rows = series?.length ?? 0;
  if (!series || rows === 0) return { stepsPerSecond: 0, examplesPerSecond: 0, elapsed: 0 };
  const { elapsed, steps, examples } = series;
  const last = rows - 1;
  let from = last;
  const short = (): boolean =>
    last - from < FEWEST || (elapsed[last] as number) - (elapsed[from] as number) < windowMs;
  while (from > 0 && short()) from--;
  const seconds = ((elapsed[last] as number) - (elapsed[from] as number)) / 1000;
  const per = (values: Float64Array): number =>
    seconds > 0 ? ((values[last] as number) - (values[from] as number)) / seconds : 0;
  return {
    stepsPerSecond: per(steps),
    examplesPerSecond: per(examples),
    elapsed: (elapsed[last] as number) / 1000,
  };
}
