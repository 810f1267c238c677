/** What the Model view asks of its worker, which looks into a model with the plain interpreter. */
import type { LearningRates } from '../engines/engine.ts';
import type { Tweet } from '../ranking/tweets.ts';
import type { RunRecipe } from '../runs/manifest.ts';
import type { PartHealth } from '../training/model-health.ts';
import type { Protocol } from './rpc.ts';

/** One column of a mask block's input, and why its gate stands as it does for a tweet. */
export interface Gate {
  readonly column: number;
  readonly name: string;
  /** The column's value, the gate on it, and the gate's mean over the other tweets. */
  readonly value: number;
  readonly mask: number;
  readonly typical: number;
  /** Aggregation unit that moves this gate most for this tweet, its part in the gate, and the feature that drives it. */
  readonly unit: number;
  readonly byUnit: number;
  readonly driver: string;
}

export interface BlockLook {
  /** Of the part, see graph/parts.ts. */
  readonly part: string;
  /** [input columns] */
  readonly input: Float32Array;
  readonly mask: Float32Array;
  readonly gated: Float32Array;
  /** [aggregation] after the ReLU. */
  readonly hidden: Float32Array;
  /** [output_size] */
  readonly output: Float32Array;
  /** Names of the input's columns. */
  readonly names: readonly string[];
  /** Those furthest from what they are for other tweets, furthest first. */
  readonly gates: readonly Gate[];
}

/** A column of what all parts read, and how a head's logit answers to it. */
export interface FeatureSlope {
  readonly name: string;
  readonly value: number;
  /** ∂logit/∂value at this tweet, by the chain rule through the whole model. */
  readonly slope: number;
}

export interface ModelLook {
  readonly tasks: readonly string[];
  /** [tasks] */
  readonly logits: Float32Array;
  readonly probabilities: Float32Array;
  readonly blocks: readonly BlockLook[];
  /** The part's output, of every part but the inputs: [columns]. */
  readonly outputs: readonly { readonly part: string; readonly values: Float32Array }[];
  /** Largest |slope| first; at most 24. */
  readonly slopes: readonly FeatureSlope[];
}

export interface LookRequest {
  readonly recipe: RunRecipe;
  /** safetensors of the weights. */
  readonly weights: ArrayBuffer;
  readonly tweet: Tweet;
  /** What its gates are compared with. */
  readonly others: readonly Tweet[];
  /** Head whose slopes are asked for. */
  readonly task: string;
}

export interface HealthRequest {
  readonly recipe: RunRecipe;
  /** safetensors of a checkpoint. */
  readonly checkpoint: ArrayBuffer;
  /** Of its last step, by group. */
  readonly rates: LearningRates;
  /** Examples for units and gates; none for weights alone. */
  readonly tweets: readonly Tweet[];
}

export interface ModelProtocol extends Protocol {
  requests: {
    look: { params: LookRequest; result: ModelLook };
    health: {
      params: HealthRequest;
      result: { readonly step: number; readonly parts: readonly PartHealth[] };
    };
  };
  events: Record<never, never>;
}
