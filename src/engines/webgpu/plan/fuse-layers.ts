/**
 * First pass: graph nodes → layers. A layer is what one kernel can do: a linear with its ReLU or gate, or a column-wise chain
 * element-wise operation → BatchNorm → element-wise operation → dropout. The chains of sigmoid, calibration, affine map and loss at the towers'
 * ends become one head. A node is absorbed only where nothing else reads the value before it.
 */
import type { GraphInput, GraphNode, ModelGraph, NodeOf } from '../../../graph/graph.ts';
import type { OpName } from '../../../graph/ops/registry.ts';
import { OPS } from '../../../graph/ops/registry.ts';
import type { ElementUse } from '../kernels/columns-spec.ts';

interface LayerBase {
  /** The id of the graph node whose value the layer gives. */
  readonly id: string;
  readonly inputs: readonly string[];
  readonly width: number;
}

export type InputLayer = LayerBase & { readonly kind: 'input'; readonly tensor: GraphInput };
export type LinearLayer = LayerBase & {
  readonly kind: 'linear';
  readonly weight: string;
  readonly bias: string | null;
  /** False where the bias gets no gradient. */
  readonly learnsBias: boolean;
  /** An operation that can end a product (ElementOp.fused), or null. */
  readonly activation: OpName | null;
  /** The value that the product is multiplied with (then also the second input), or null. */
  readonly gate: string | null;
};
export type ColumnsLayer = LayerBase & {
  readonly kind: 'columns';
  readonly before: ElementUse | null;
  readonly norm: (NodeOf<'batch_norm'> & { readonly learnsBias: boolean }) | null;
  readonly after: ElementUse | null;
  /** `node` is the index in ModelGraph.nodes, which keys the mask. */
  readonly dropout: { readonly node: number; readonly rate: number } | null;
};
export type LayerNormLayer = LayerBase & {
  readonly kind: 'layer_norm';
  readonly epsilon: number;
  readonly weight: string | null;
  readonly bias: string | null;
  readonly learnsBias: boolean;
};
export type MultiplyLayer = LayerBase & { readonly kind: 'multiply' };
export type AddLayer = LayerBase & { readonly kind: 'add' };
export type EmbeddingLayer = LayerBase & {
  readonly kind: 'embedding';
  readonly table: string;
  readonly rows: number;
  readonly column: number;
  /** Positions: `node` is the index in ModelGraph.nodes, which keys the mask of examples without one. */
  readonly position: { readonly node: number; readonly dropProbability: number } | null;
};
export type InteractionLayer = LayerBase & { readonly kind: 'interaction'; readonly vectors: number };
export type ConcatLayer = LayerBase & { readonly kind: 'concat' };

export type Layer =
  | InputLayer
  | LinearLayer
  | ColumnsLayer
  | LayerNormLayer
  | MultiplyLayer
  | AddLayer
  | EmbeddingLayer
  | InteractionLayer
  | ConcatLayer;

export interface HeadTaskNodes {
  /** The layer that gives the tower's output, before the affine map. */
  readonly input: string;
  readonly posWeight: number;
  readonly affine: { readonly weight: string; readonly bias: string } | null;
}

export interface FusedGraph {
  /** In topological order; the last is the concatenation HEAD_INPUT of all towers' outputs. */
  readonly layers: readonly Layer[];
  readonly head: readonly HeadTaskNodes[];
}

/** Id of the concatenation that the head reads, [batch, tasks]. */
export const HEAD_INPUT = '(head)';

export function fuseLayers(graph: ModelGraph): FusedGraph {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const position = new Map(graph.nodes.map((node, index) => [node.id, index]));
  const node = (id: string): GraphNode => {
    const found = byId.get(id);
    if (!found) throw new Error(`the graph has no node ${id}`);
    return found;
  };
  const head = graph.outputs.map((output): HeadTaskNodes => {
    const logit = node(output.logit);
    const loss = node(output.loss);
    if (loss.kind !== 'loss') throw new Error(`${output.loss} is no loss`);
    const affine = logit.kind === 'affine' ? logit : null;
    return {
      input: affine ? (affine.inputs[0] ?? '') : logit.id,
      posWeight: loss.posWeight,
      affine: affine && { weight: affine.weight, bias: affine.bias },
    };
  });
  const headNodes = new Set(
    graph.outputs.flatMap(({ logit, probability, calibrated, loss }) => [
      ...(node(logit).kind === 'affine' ? [logit] : []),
      probability,
      calibrated,
      loss,
    ]),
  );

  const readers = new Map<string, (GraphNode | 'head')[]>();
  const addReader = (id: string, reader: GraphNode | 'head') =>
    readers.set(id, [...(readers.get(id) ?? []), reader]);
  for (const each of graph.nodes)
    if (!headNodes.has(each.id)) for (const input of each.inputs) addReader(input, each);
  for (const { input } of head) addReader(input, 'head');
  /** The only node that reads a value, or null. */
  const soleReader = (id: string): GraphNode | null => {
    const all = readers.get(id) ?? [];
    const [only] = all;
    return all.length === 1 && only && only !== 'head' ? only : null;
  };

  const absorbed = new Set<string>();
  const found: { readonly at: number; readonly layer: Layer }[] = [];
  for (const start of graph.nodes) {
    if (headNodes.has(start.id) || absorbed.has(start.id)) continue;
    const chain = new Chain(start, soleReader, position, graph.zeroGradients);
    const layer = chain.layer();
    for (const id of chain.taken) absorbed.add(id);
    found.push({ at: position.get(layer.id) ?? 0, layer });
  }
  const layers = found.toSorted((a, b) => a.at - b.at).map(({ layer }) => layer);
  layers.push({
    kind: 'concat',
    id: HEAD_INPUT,
    inputs: head.map(({ input }) => input),
    width: head.length,
  });
  return { layers, head };
}

/** Follows a node's sole readers as far as one kernel can go. */
class Chain {
  readonly taken: string[];
  #last: GraphNode;

  constructor(
    private readonly start: GraphNode,
    private readonly soleReader: (id: string) => GraphNode | null,
    private readonly position: ReadonlyMap<string, number>,
    private readonly zeroGradients: ReadonlySet<string>,
  ) {
    this.#last = start;
    this.taken = [start.id];
  }

  layer(): Layer {
    const { start } = this;
    const [input = ''] = start.inputs;
    switch (start.kind) {
      case 'input':
        return { kind: 'input', id: start.id, inputs: [], width: start.width, tensor: start.tensor };
      case 'linear': {
        // Dropout wants the activation in its own kernel, and that kernel can do both.
        const op = this.#next('element_wise');
        if (op && OPS[op.op].fused && this.soleReader(op.id)?.kind !== 'dropout') {
          this.#take(op);
          return this.#linear(start, input, op.op, null);
        }
        const product = this.#next('multiply');
        const gate = product?.inputs.find((id) => id !== start.id);
        if (product && gate !== undefined) {
          this.#take(product);
          return this.#linear(start, input, null, gate);
        }
        return this.#linear(start, input, null, null);
      }
      case 'layer_norm': {
        const { id, width, epsilon, weight, bias } = start;
        return {
          kind: 'layer_norm',
          id,
          inputs: [input],
          width,
          epsilon,
          weight,
          bias,
          learnsBias: this.#learns(bias),
        };
      }
      case 'embedding': {
        const { id, width, table, rows, column } = start;
        const node = this.position.get(id) ?? 0;
        const position = start.position && { ...start.position, node };
        return { kind: 'embedding', id, inputs: [input], width, table, rows, column, position };
      }
      case 'interaction': {
        const { id, width, vectors } = start;
        return { kind: 'interaction', id, inputs: [input], width, vectors };
      }
      case 'multiply':
      case 'add':
      case 'concat':
        return { kind: start.kind, id: start.id, inputs: start.inputs, width: start.width };
      case 'element_wise':
      case 'batch_norm':
      case 'dropout':
        return this.#columns(input);
      case 'affine':
      case 'calibrate':
      case 'loss':
        throw new Error(`node ${start.id} (${start.kind}) belongs to no task's output`);
    }
  }

  #columns(input: string): ColumnsLayer {
    const { start } = this;
    let free = true;
    // Takes the start itself where it fits, else its reader.
    const current = <K extends GraphNode['kind']>(kind: K): NodeOf<K> | null => {
      const own = free && start.kind === kind ? (start as NodeOf<K>) : null;
      if (own) free = false;
      if (own || free) return own;
      const next = this.#next(kind);
      if (next) this.#take(next);
      return next;
    };
    const use = (node: NodeOf<'element_wise'> | null): ElementUse | null =>
      node && { op: node.op, constants: node.constants };
    const before = use(current('element_wise'));
    const batchNorm = current('batch_norm');
    const norm = batchNorm && { ...batchNorm, learnsBias: this.#learns(batchNorm.bias) };
    const after = use(current('element_wise'));
    const dropout = current('dropout');
    return {
      kind: 'columns',
      id: this.#last.id,
      inputs: [input],
      width: start.width,
      before,
      norm,
      after,
      dropout: dropout && { node: this.position.get(dropout.id) ?? 0, rate: dropout.rate },
    };
  }

  #linear(
    start: NodeOf<'linear'>,
    input: string,
    activation: OpName | null,
    gate: string | null,
  ): LinearLayer {
    const { weight, bias, width } = start;
    const inputs = gate === null ? [input] : [input, gate];
    return {
      kind: 'linear',
      id: this.#last.id,
      inputs,
      width,
      weight,
      bias,
      learnsBias: this.#learns(bias),
      activation,
      gate,
    };
  }

  #learns(bias: string | null): boolean {
    return bias !== null && !this.zeroGradients.has(bias);
  }

  #next<K extends GraphNode['kind']>(kind: K): NodeOf<K> | null {
    const reader = this.soleReader(this.#last.id);
    return reader?.kind === kind ? (reader as NodeOf<K>) : null;
  }

  #take(node: GraphNode): void {
    this.taken.push(node.id);
    this.#last = node;
  }
}
