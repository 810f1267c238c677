/**
 * GraphBuilder: the little notebook that the part builders write nodes and parameters into. It keeps topological
 * order, unique names and widths, so that a builder can't make a graph that no engine can read.
 */
import type { ConfigPath } from '../config/config-path.ts';
import type { BatchNormConfig } from '../config/recap-config.ts';
import type { GraphNode, Initializer, ParameterSpec, Scope } from './graph.ts';
import { BACKBONE_GROUP } from './graph.ts';
import type { Constants } from './ops/element-op.ts';
import type { OpName } from './ops/registry.ts';

/** A model that can't be built; `path` is the configuration's key that asks for it, from the root. */
export class GraphError extends Error {
  override readonly name = 'GraphError';
  readonly path: ConfigPath;

  constructor(path: ConfigPath, problem: string) {
    super(`${path.join('.')}: ${problem}`);
    this.path = path;
  }
}

/** A node's identity while building: what follows needs only its id and width. */
export interface Value {
  readonly id: string;
  readonly width: number;
  /** What the raw concatenation is made of, for architectures that treat embeddings as vectors. */
  readonly parts?: { readonly dense: Value; readonly embeddings: readonly Value[] };
}

/** Where the part being built belongs. */
export interface Place {
  readonly scope: Scope;
  readonly group: string;
  readonly path: ConfigPath;
}

export const BACKBONE_PLACE: Omit<Place, 'path'> = { scope: ['backbone'], group: BACKBONE_GROUP };

const ZERO: Initializer = { kind: 'constant', value: 0 };
const ONE: Initializer = { kind: 'constant', value: 1 };

/** PyTorch's BatchNorm1d and LayerNorm default, which the reference leaves as it is. */
export const DEFAULT_NORM_EPSILON = 1e-5;

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** A node's kind and its own fields, without what the builder fills in. */
export type NodeBody = DistributiveOmit<GraphNode, 'id' | 'inputs' | 'width' | 'scope'>;

export class GraphBuilder {
  readonly nodes: GraphNode[] = [];
  readonly parameters: ParameterSpec[] = [];
  readonly #ids = new Set<string>();
  readonly #names = new Set<string>();

  /** Adds a node under an id that is not taken; its inputs must be there already. */
  node(id: string, body: NodeBody, inputs: readonly Value[], width: number, scope: Scope): Value {
    if (this.#ids.has(id)) throw new Error(`graph node ${id} exists twice`);
    for (const input of inputs)
      if (!this.#ids.has(input.id)) throw new Error(`graph node ${id} reads ${input.id}, which comes later`);
    this.#ids.add(id);
    this.nodes.push({ id, inputs: inputs.map((input) => input.id), width, scope, ...body } as GraphNode);
    return { id, width };
  }

  /** Declares one entry of the state dict and returns its name. */
  parameter(
    name: string,
    shape: readonly number[],
    init: Initializer,
    group: string,
    options: { trainable?: boolean; dtype?: 'F32' | 'I64' } = {},
  ): string {
    if (this.#names.has(name)) throw new Error(`parameter ${name} exists twice`);
    this.#names.add(name);
    const { trainable = true, dtype = 'F32' } = options;
    this.parameters.push({ name, shape, dtype, trainable, init, group });
    return name;
  }

  /** Linear with xavier-uniform weight [width, input.width] and zero bias [width] unless not `biased`: `prefix.weight`, `prefix.bias`. */
  linear(id: string, prefix: string, input: Value, width: number, place: Place, biased = true): Value {
    const weight = this.parameter(
      `${prefix}.weight`,
      [width, input.width],
      { kind: 'xavier_uniform' },
      place.group,
    );
    const bias = biased ? this.parameter(`${prefix}.bias`, [width], ZERO, place.group) : null;
    return this.node(id, { kind: 'linear', weight, bias }, [input], width, place.scope);
  }

  /** LayerNorm over the row; scale and offset unless `affine` is false. */
  layerNorm(id: string, prefix: string, input: Value, epsilon: number, affine: boolean, place: Place): Value {
    const shape = [input.width];
    const weight = affine ? this.parameter(`${prefix}.weight`, shape, ONE, place.group) : null;
    const bias = affine ? this.parameter(`${prefix}.bias`, shape, ZERO, place.group) : null;
    return this.node(id, { kind: 'layer_norm', epsilon, weight, bias }, [input], input.width, place.scope);
  }

  /** BatchNorm over the batch with running statistics in the state dict. */
  batchNorm(id: string, prefix: string, input: Value, config: BatchNormConfig, place: Place): Value {
    const shape = [input.width];
    const buffer = { trainable: false };
    const weight = config.affine ? this.parameter(`${prefix}.weight`, shape, ONE, place.group) : null;
    const bias = config.affine ? this.parameter(`${prefix}.bias`, shape, ZERO, place.group) : null;
    const body: NodeBody = {
      kind: 'batch_norm',
      epsilon: DEFAULT_NORM_EPSILON,
      momentum: config.momentum,
      weight,
      bias,
      runningMean: this.parameter(`${prefix}.running_mean`, shape, ZERO, place.group, buffer),
      runningVar: this.parameter(`${prefix}.running_var`, shape, ONE, place.group, buffer),
      numBatchesTracked: this.parameter(`${prefix}.num_batches_tracked`, [1], ZERO, place.group, {
        trainable: false,
        dtype: 'I64',
      }),
    };
    return this.node(id, body, [input], input.width, place.scope);
  }

  /** A table of the backbone's rate, uniform in ±1/√rows as torchrec's are. */
  embedding(
    id: string,
    name: string,
    discrete: Value,
    table: { rows: number; width: number; column: number; position?: { dropProbability: number } },
    scope: Scope,
  ): Value {
    const { rows, width, column, position = null } = table;
    const init: Initializer = { kind: 'uniform', limit: 1 / Math.sqrt(rows) };
    this.parameter(name, [rows, width], init, BACKBONE_GROUP);
    return this.node(
      id,
      { kind: 'embedding', table: name, rows, column, position },
      [discrete],
      width,
      scope,
    );
  }

  /** One of ops/registry.ts on every element. */
  op(id: string, op: OpName, input: Value, scope: Scope, constants: Constants = []): Value {
    return this.node(id, { kind: 'element_wise', op, constants }, [input], input.width, scope);
  }

  /** Columns of all inputs side by side; a single input passes through unchanged. */
  concat(id: string, inputs: readonly Value[], scope: Scope): Value {
    const [first, ...rest] = inputs;
    if (first && rest.length === 0) return first;
    const width = inputs.reduce((sum, input) => sum + input.width, 0);
    return this.node(id, { kind: 'concat' }, inputs, width, scope);
  }
}
