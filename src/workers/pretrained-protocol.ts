/** What the page asks of the worker that predicts before any engine is there. */
import type { PretrainedNote } from '../runs/pretrained.ts';
import type { Tweet } from '../ranking/tweets.ts';
import type { Protocol } from './rpc.ts';

export interface PretrainedRequest {
  /** safetensors. */
  readonly weights: ArrayBuffer;
  readonly note: Pick<PretrainedNote, 'bytes' | 'sha256'>;
  /** The configuration that they were trained under (YAML). */
  readonly config: string;
  /** Its data schema (JSON). */
  readonly schema: string;
  /** Settings of the teacher whose population the tweets' authors and viewer are from (YAML). */
  readonly teacher: string;
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
  requests: { predict: { params: PretrainedRequest; result: PretrainedPredictions } };
  events: Record<never, never>;
}
