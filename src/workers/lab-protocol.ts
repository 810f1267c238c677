/** Every message between the page and the lab worker, and those on the port by which that worker reaches the model. */
import type { BatchLayout, RecapBatch } from '../data/recap-batch.ts';
import type { TeacherConfig } from '../data/synthesis/teacher-config.ts';
import type { Predictions } from '../engines/engine.ts';
import type { HeuristicStep } from '../ranking/heuristics/presets.ts';
import type { ProbabilityTable } from '../ranking/score.ts';
import type { ScoreWeights } from '../ranking/score-weights.ts';
import type { FeatureSensitivity } from '../ranking/sensitivity.ts';
import type { Lift } from '../ranking/smallest-lift.ts';
import type { Tweet } from '../ranking/tweets.ts';
import type { WeightsAt } from './protocol.ts';

/** Served by the page: it holds the training worker, which holds the model. */
export interface ModelProtocol {
  requests: { predict: { params: { batch: RecapBatch; at: WeightsAt }; result: Predictions } };
  events: Record<never, never>;
}

export interface PredictedTweets {
  /** [tweets, tasks], calibrated. */
  readonly values: Float32Array;
  readonly encodeMs: number;
  /** The training worker's answer, its queue included. */
  readonly modelMs: number;
}

/** A ranked candidate set as columns, so that 1,500 of them cross a worker boundary at no cost. */
export interface RankedCandidates {
  /** Rows of the candidates in final order. */
  readonly order: Int32Array;
  /** Rows of the dropped ones, in the order they were dropped. */
  readonly dropped: Int32Array;
  /** By row. */
  readonly scores: Float64Array;
  /** By row: position by the score alone, from 1. */
  readonly ranksBefore: Int32Array;
  /** By row: why it moved or was dropped; empty where it was not. */
  readonly reasons: readonly string[];
  readonly rankMs: number;
}

export interface LabProtocol {
  requests: {
    /** Names the world of viewers and authors and the model's layout. Everything else needs it first. */
    open: { params: { teacher: TeacherConfig; layout: BatchLayout; model: MessagePort }; result: null };
    predict: { params: { tweets: readonly Tweet[]; at: WeightsAt }; result: PredictedTweets };
    /** The true probabilities, [tweets, tasks]: what the synthetic data draws its labels from. */
    teacher: { params: { tweets: readonly Tweet[] }; result: Float32Array };
    /** Raw named features in catalogue order, and which of them the model reads and the tweet can have. */
    values: { params: { tweet: Tweet }; result: { values: Float32Array; usable: readonly boolean[] } };
    sensitivity: {
      params: { tweet: Tweet; at: WeightsAt; weights: ScoreWeights };
      result: readonly FeatureSensitivity[];
    };
    lift: {
      params: {
        tweet: Tweet;
        tweets: readonly Tweet[];
        probabilities: ProbabilityTable;
        at: WeightsAt;
        weights: ScoreWeights;
        steps: readonly HeuristicStep[];
      };
      result: Lift;
    };
    /** Generates and scores a candidate set, which later `rankCandidates` calls rank. */
    candidates: {
      params: { seed: number; count: number; at: WeightsAt };
      result: PredictedTweets & { readonly tweets: readonly Tweet[] };
    };
    rankCandidates: {
      params: { weights: ScoreWeights; steps: readonly HeuristicStep[] };
      result: RankedCandidates;
    };
  };
  events: Record<never, never>;
}
