/** What the page asks of the worker that predicts before any engine is there. */
import type { RecapConfig } from '../config/recap-config.ts';
import type { FeatureSpec } from '../data/make-data-schema.ts';
import type { RecapBatch } from '../data/recap-batch.ts';
import type { TeacherConfig } from '../data/synthesis/teacher-config.ts';
import type { Predictions } from '../engines/engine.ts';
import type { PretrainedNote } from '../runs/pretrained.ts';
import type { Tweet } from '../ranking/tweets.ts';
import type { Protocol } from './rpc.ts';

/** The weights, and what they are of. */
export interface PretrainedModel {
  /** safetensors. */
  readonly weights: ArrayBuffer;
  readonly note: Pick<PretrainedNote, 'bytes' | 'sha256'>;
  /** The configuration that they were trained under: read, as reading it takes longer than predicting. */
  readonly config: RecapConfig;
  /** Of its data schema. */
  readonly features: readonly FeatureSpec[];
}

export interface PretrainedRequest extends PretrainedModel {
  /** Settings of the teacher whose population the tweets' authors and viewer are from. */
  readonly teacher: TeacherConfig;
  readonly tweets: readonly Tweet[];
}

export interface PretrainedPredictions {
  readonly tasks: readonly string[];
  /** [tweets, tasks], calibrated. */
  readonly probabilities: Float32Array;
  /** Steps that the weights were trained for, by their own metadata. */
  readonly step: number;
}

export interface PretrainedProtocol extends Protocol {
  requests: {
    predict: { params: PretrainedRequest; result: PretrainedPredictions };
    /** Of tweets that are encoded already. Rejects as predict does. */
    predictBatch: { params: PretrainedModel & { readonly batch: RecapBatch }; result: Predictions };
  };
  events: Record<never, never>;
}
