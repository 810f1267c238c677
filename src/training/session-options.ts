/** What a training session is made of and what it reports. */
import type { ModelConfig, RecapConfig, TrainingConfig } from '../config/recap-config.ts';
import type { BatchSource } from '../data/recap-batch.ts';
import type { Engine } from '../engines/engine.ts';
import type { ModelGraph } from '../graph/graph.ts';
import type { CheckpointStore } from './checkpoint-store.ts';
import type { EvaluationPartition } from './evaluation.ts';
import type { CheckpointEvent, DivergenceEvent, EvaluationEvent, RunPhase, StepEvent } from './events.ts';

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
}

/** The part of a RecapConfig that the loop reads; a whole one is assignable. */
export interface SessionConfig {
  readonly training: TrainingConfig;
  readonly optimizer: RecapConfig['optimizer'];
  readonly model: Pick<ModelConfig, 'stratifiers'> & { readonly tasks: Readonly<Record<string, unknown>> };
}

export interface SessionOptions {
  /** With its starting weights loaded (a warm start leaves the step at 0). */
  readonly engine: Engine;
  readonly graph: ModelGraph;
  readonly config: SessionConfig;
  readonly source: BatchSource;
  readonly evaluations?: readonly EvaluationPartition[];
  readonly checkpoints?: CheckpointStore;
  /** Of the bootstrap intervals. */
  readonly seed: number;
  readonly callbacks: SessionCallbacks;
}

/** A session asked for what its phase does not allow, or data that gives nothing. */
export class SessionError extends Error {
  override readonly name = 'SessionError';
}
