/** What a training session is made of and what it reports. */
import type { DataConfig, ModelConfig, RecapConfig, TrainingConfig } from '../config/recap-config.ts';
import type { Engine } from '../engines/engine.ts';
import type { ModelGraph } from '../graph/graph.ts';
import type { Checkpoint, CheckpointStore } from './checkpoint-store.ts';
import type { EvaluationPartition } from './evaluation.ts';
import type { LiveChange } from './live-changes.ts';
import type { TrainingSource } from './training-source.ts';
import type {
  Activity,
  CheckpointEvent,
  DivergenceEvent,
  EvaluationEvent,
  RunPhase,
  StepEvent,
} from './events.ts';

/** What a session reports, in order. An exception thrown by one of these fails the run. */
export interface SessionCallbacks {
  /** Every step. */
  onStep?(event: StepEvent): void;
  /** Every `train_log_every_n` steps, and the last. */
  onLog?(event: StepEvent): void;
  onEvaluation?(event: EvaluationEvent): void;
  onCheckpoint?(event: CheckpointEvent): void;
  onDivergence?(event: DivergenceEvent): void;
  onPhase?(phase: RunPhase, step: number): void;
  /** What happens between steps, with its progress; null when it is over. */
  onActivity?(activity: Activity | null): void;
  /** Awaited before a state is saved: what was told before it must be kept first. */
  beforeCheckpoint?(): Promise<void>;
}

/** The part of a RecapConfig that the loop reads; a whole one is assignable. */
export interface SessionConfig {
  readonly training: TrainingConfig;
  readonly train_data: Pick<DataConfig, 'global_batch_size'>;
  readonly optimizer: RecapConfig['optimizer'];
  readonly model: Pick<ModelConfig, 'stratifiers'> & { readonly tasks: Readonly<Record<string, unknown>> };
}

/** Saving in between the configuration's intervals, at every pause and every few seconds, so that little is lost. */
export interface Autosave {
  /** Milliseconds of training between two; longer where saving takes more than a twentieth of it. */
  readonly interval: number;
  save(checkpoint: Checkpoint): Promise<void>;
}

export interface SessionOptions {
  /** With its starting weights loaded (a warm start leaves the step at 0). */
  readonly engine: Engine;
  readonly graph: ModelGraph;
  readonly config: SessionConfig;
  readonly source: TrainingSource;
  readonly evaluations?: readonly EvaluationPartition[];
  readonly checkpoints?: CheckpointStore;
  readonly autosave?: Autosave;
  /** What is changed while training, in order; more can come. */
  readonly changes?: readonly LiveChange[];
  /** Of the bootstrap intervals. */
  readonly seed: number;
  readonly callbacks: SessionCallbacks;
}

/** A session asked for what its phase does not allow, or data that gives nothing. */
export class SessionError extends Error {
  override readonly name = 'SessionError';
}
