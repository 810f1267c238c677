/** What a training run reports: plain numbers and strings only, so that events cross worker boundaries and go to files as they are. */
import type { CalibrationCurve, Curve } from '../metrics/curve.ts';
import type { MetricIntervals, MetricValue } from '../metrics/metric-value.ts';

export interface StepEvent {
  /** 0-based step just done: the first event of a run has step 0. */
  readonly step: number;
  readonly loss: number;
  /** By task, in the model's order. */
  readonly taskLosses: readonly number[];
  /** By group: the backbone, then the tasks. */
  readonly learningRates: readonly number[];
  /** Examples consumed since the run's start. */
  readonly examples: number;
  /** Milliseconds of training time (pauses excluded) since the run's start. */
  readonly elapsedMs: number;
}

export interface TaskEvaluation {
  readonly task: string;
  readonly examples: number;
  readonly positives: number;
  readonly loss: MetricValue;
  readonly rce: MetricValue;
  readonly nrce: MetricValue;
  readonly auroc: MetricValue;
  /** Mean label. */
  readonly ctr: MetricValue;
  /** Mean uncalibrated probability. */
  readonly pctr: MetricValue;
  readonly meanCalibrated: MetricValue;
  /** By id, those of metrics/registry.ts. */
  readonly more: Readonly<Record<string, MetricValue>>;
  readonly intervals: MetricIntervals;
  /** x: mean predicted probability of a bin, y: share of positives in it. */
  readonly calibration: CalibrationCurve;
  /** x: false positive rate, y: true positive rate. */
  readonly roc: Curve;
  /** The best possible values, where synthetic data knows them. */
  readonly teacher: {
    readonly loss: MetricValue;
    readonly rce: MetricValue;
    readonly auroc: MetricValue;
  } | null;
}

export interface EvaluationEvent {
  /** Updates done when the evaluation ran. */
  readonly step: number;
  /** A key of validation_data, or 'train'. */
  readonly partition: string;
  /** Null for all examples, else the stratifier's name and value. */
  readonly stratum: string | null;
  readonly examples: number;
  readonly loss: MetricValue;
  readonly tasks: readonly TaskEvaluation[];
}

export interface CheckpointEvent {
  readonly step: number;
  readonly loss: number | null;
  /** Steps whose checkpoints are there now, ascending: older ones go by number and by memory. */
  readonly kept: readonly number[];
}

/** Why a run stopped by itself. */
export interface DivergenceEvent {
  /** Updates done. */
  readonly step: number;
  /** What is no number: the loss that the next update would have been made from, or the weights that the last one left. */
  readonly what: 'loss' | 'weights';
  /** Tasks whose loss is not finite. */
  readonly tasks: readonly string[];
  /** One sentence that names the likely cause and what to do. */
  readonly advice: string;
  /** Updates done at what can be gone back to, ascending. */
  readonly restorable: readonly number[];
}

/** What a run is busy with between steps, by its name. */
export interface Activity {
  readonly kind: 'evaluating' | 'saving';
  /** Of an evaluation the partition. */
  readonly what: string | null;
  readonly done: number;
  /** Null where nobody knows. */
  readonly total: number | null;
}

export type RunPhase = 'preparing' | 'paused' | 'running' | 'finished' | 'diverged' | 'failed';
