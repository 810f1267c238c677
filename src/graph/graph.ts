/**
 * The model as data. `buildGraph` turns a configuration into this small graph; engines interpret or compile it, the
 * page draws it, the cost table counts it. It knows nothing of batches or devices.
 *
 * Every value is a matrix [batch, width]; a node gives its width only. Nodes stand in topological order.
 */
import type { Constants } from './ops/element-op.ts';
import type { OpName } from './ops/registry.ts';

/** Tensors of a batch that a graph can read; the names are RecapBatch's. */
export type GraphInput =
  'continuous' | 'binary' | 'discrete' | 'userEmbedding' | 'userEngEmbedding' | 'authorEmbedding';

/** Where a node belongs, for drawing and cost tables, e.g. ['backbone', 'mask_blocks.0'] or ['tower', task]. */
export type Scope = readonly string[];

interface NodeBase {
  readonly id: string;
  readonly inputs: readonly string[];
  readonly width: number;
  readonly scope: Scope;
}

/** Parameter fields hold state-dict names (see ParameterSpec), null where the layer has none. */
export type GraphNode = NodeBase &
  (
    | { readonly kind: 'input'; readonly tensor: GraphInput }
    /** One of ops/registry.ts on every element. */
    | { readonly kind: 'element_wise'; readonly op: OpName; readonly constants: Constants }
    | {
        readonly kind: 'batch_norm';
        readonly epsilon: number;
        readonly momentum: number;
        readonly weight: string | null;
        readonly bias: string | null;
        readonly runningMean: string;
        readonly runningVar: string;
        readonly numBatchesTracked: string;
      }
    | {
        readonly kind: 'layer_norm';
        readonly epsilon: number;
        readonly weight: string | null;
        readonly bias: string | null;
      }
    | { readonly kind: 'concat' }
    /** y = x·Wᵀ + b; W is [width, inputWidth] as in PyTorch. */
    | { readonly kind: 'linear'; readonly weight: string; readonly bias: string | null }
    | { readonly kind: 'dropout'; readonly rate: number }
    /** Element-wise product of two inputs: the MaskBlock's gate. */
    | { readonly kind: 'multiply' }
    /** Element-wise sum of two inputs. */
    | { readonly kind: 'add' }
    /**
     * The rows of a table [rows, width] that a column of the discrete tensor names. With `position`, values beyond the table
     * take its last row, and the value is zeros in evaluation and for that share of the training examples.
     */
    | {
        readonly kind: 'embedding';
        readonly table: string;
        readonly rows: number;
        readonly column: number;
        readonly position: { readonly dropProbability: number } | null;
      }
    /**
     * Dot products of the input's `vectors` equal parts with one another: of part 1 with 0, of 2 with 0 and 1, and so on;
     * width vectors·(vectors − 1)/2.
     */
    | { readonly kind: 'interaction'; readonly vectors: number }
    /** Learned scale [1, 1] and bias [1] on a logit. */
    | { readonly kind: 'affine'; readonly weight: string; readonly bias: string }
    /** p′ = r·p / (1 − p + r·p) with the buffer `ratio` [1]. */
    | { readonly kind: 'calibrate'; readonly ratio: string }
    /** Mean over the batch of weight · BCE-with-logits(input, label of `task`, posWeight); width 1. */
    | { readonly kind: 'loss'; readonly task: string; readonly posWeight: number }
  );

/** The nodes of one kind. */
export type NodeOf<K extends GraphNode['kind']> = Extract<GraphNode, { kind: K }>;

export type NodeKind = GraphNode['kind'];

export type Initializer =
  | { readonly kind: 'xavier_uniform' }
  /** Uniform in ±limit. */
  | { readonly kind: 'uniform'; readonly limit: number }
  | { readonly kind: 'constant'; readonly value: number };

/** One entry of the state dict. */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'F32' | 'I64';
  /** Buffers (running statistics, clamp bounds, calibration ratios) are stored but not trained. */
  readonly trainable: boolean;
  readonly init: Initializer;
  /** Learning-rate group: a task's name for its tower and affine map, BACKBONE_GROUP for everything else. */
  readonly group: string;
}

export const BACKBONE_GROUP = 'backbone';

/** Node ids of one task's head. */
export interface TaskOutputs {
  readonly task: string;
  readonly logit: string;
  readonly probability: string;
  readonly calibrated: string;
  readonly loss: string;
}

export interface ModelGraph {
  readonly nodes: readonly GraphNode[];
  /** In the reference's state-dict order. */
  readonly parameters: readonly ParameterSpec[];
  /** In the model's task order. */
  readonly outputs: readonly TaskOutputs[];
  /** Backbone first, then the tasks. */
  readonly groups: readonly string[];
  /** Trained parameters whose gradient engines leave at zero: see zero-gradients.ts. */
  readonly zeroGradients: ReadonlySet<string>;
}
