/** What forward and backward emission share: matrices of values, and how a product becomes dispatches. */
import { copyColumns } from '../kernels/copy.ts';
import type { Epilogue } from '../kernels/epilogue.ts';
import type { GemmProblem } from '../kernels/gemm.ts';
import { gemm } from '../kernels/gemm.ts';
import { gemmFlops } from '../kernels/gemm-problem.ts';
import { partialEpilogue } from '../kernels/gemm-tiled.ts';
import type { Matrix } from '../kernels/kernel.ts';
import { hyperLength } from '../kernels/kernel.ts';
import { reduceParts } from '../kernels/reduce.ts';
import { soonerVariant } from '../variants.ts';
import type { CompiledModel, PlanOptions } from './compiled-model.ts';
import type { LayerGroup, LinearGroup } from './group-layers.ts';
import type { WeightBlock } from './parameters.ts';
import type { Region, Root } from './placement.ts';
import type { Bound, PlanBuilder, PlanTensor, SharedBuffer } from './plan.ts';

export class Emitter {
  readonly #values = new Map<Root, PlanTensor>();

  constructor(
    readonly model: CompiledModel,
    readonly builder: PlanBuilder,
    private readonly options: PlanOptions,
  ) {}

  get software(): boolean {
    return this.options.software;
  }

  get rows(): number {
    return this.builder.rows;
  }

  /** The tensor of a root; made on first use, for inputs as uploads. */
  value(root: Root): PlanTensor {
    const known = this.#values.get(root);
    if (known) return known;
    const tensor = this.builder.tensor(`value ${root.id}`, this.rows * root.ld);
    this.#values.set(root, tensor);
    return tensor;
  }

  /** Declares a root as an upload named after the batch's tensor. */
  uploadValue(root: Root, parts: readonly { readonly name: string; readonly region: Region }[]): void {
    const tensor = this.builder.tensor(parts.map(({ name }) => name).join(', '), this.rows * root.ld, true);
    this.#values.set(root, tensor);
    for (const { name, region } of parts)
      this.builder.uploadTo(name, { tensor, column: region.column, width: region.width, ld: root.ld });
  }

  /** A product with its epilogue: one dispatch, or two when the variant splits the sum. */
  gemm(problem: GemmProblem, epilogue: Epilogue, bound: Readonly<Record<string, Bound>>): void {
    const variant = this.options.choose(problem, epilogue.kind);
    const flops = gemmFlops(problem);
    if (variant.kind === 'direct' || variant.split === 1) {
      const kernel = gemm(problem, epilogue, variant);
      const sooner = this.options.quickStart ? soonerVariant(problem, variant) : null;
      const both = sooner ? { ...kernel, sooner: gemm(problem, epilogue, sooner) } : kernel;
      this.builder.add(both, bound, flops);
      return;
    }
    const { m, n, batch } = problem;
    const parts = this.builder.tensor('split-K parts', variant.split * batch * m * Math.ceil(n / 4) * 4);
    const { a, b, ...rest } = bound;
    if (!a || !b) throw new Error('a product needs operands a and b');
    this.builder.add(gemm(problem, partialEpilogue(problem), variant), { a, b, c: { tensor: parts } }, flops);
    this.builder.add(reduceParts(problem, epilogue, variant.split), { ...rest, parts: { tensor: parts } });
  }

  /** Copies columns, or adds them. @param source of the values of `from`, or of their gradients; `to` likewise. */
  copy(from: Region, source: PlanTensor, to: Region, target: PlanTensor, accumulate = false): void {
    const within = source === target;
    this.builder.add(
      copyColumns(this.rows, from.width, regionMatrix(from), regionMatrix(to), { accumulate, within }),
      within ? { to: { tensor: target } } : { source: { tensor: source }, to: { tensor: target } },
    );
  }

  small(name: 'params' | 'expAvg' | 'expAvgSq'): Bound {
    const { smallOffset, smallLength } = this.model.layout;
    return { shared: name, offset: smallOffset, length: smallLength };
  }

  whole(shared: 'smallGrads' | 'smallGroups' | 'running' | 'hyper'): Bound {
    const { layout, graph } = this.model;
    const length =
      shared === 'running'
        ? layout.runningLength
        : shared === 'hyper'
          ? hyperLength(graph.groups.length)
          : layout.smallLength;
    return { shared, offset: 0, length };
  }

  /** The weights (or moments, or gradients) of a linear group. */
  weights(group: LinearGroup, shared: SharedBuffer = 'params'): Bound {
    const block = this.block(group);
    return { shared, offset: block.offset, length: block.rows * block.ld };
  }

  /** Whether products read the group's weights in half precision: where rows fill whole words. */
  halves({ columns }: WeightBlock): boolean {
    return this.options.halfWeights && columns % 4 === 0;
  }

  /** The half-precision copy of a block of weights. */
  halfCopy({ offset, rows, ld }: WeightBlock): Bound {
    return { shared: 'halves', offset: offset / 2, length: (rows * ld) / 2 };
  }

  /** What a product reads as a linear group's weights, and whether that is in half precision. */
  operand(group: LinearGroup): { readonly bound: Bound; readonly halves: boolean } {
    const block = this.block(group);
    const halves = this.halves(block);
    return { halves, bound: halves ? this.halfCopy(block) : this.weights(group) };
  }

  block(group: LinearGroup): WeightBlock {
    const block = this.model.layout.blockOf.get(group);
    if (!block) throw new Error('a linear group has no weights');
    return block;
  }

  /** Region of input number `which` of a group's member. */
  input(group: LayerGroup, member: number, which = 0): Region {
    return this.model.placement.value(group.layers[member]?.inputs[which] ?? '');
  }

  /** Matrix over the inputs of a group's members: batchStride is their distance, 0 for one member or one shared value. */
  inputs(group: LayerGroup, which = 0): Matrix {
    const first = this.input(group, 0, which);
    const stride = group.layers.length > 1 ? this.input(group, 1, which).column - first.column : 0;
    return regionMatrix(first, stride);
  }

  /** Matrix over the values of a group's members. */
  outputs(group: LayerGroup): Matrix {
    return regionMatrix(this.model.placement.group(group), group.layers[0]?.width ?? 0);
  }
}

export function regionMatrix(region: Region, batchStride = 0): Matrix {
  return { offset: region.column, ld: region.root.ld, batchStride };
}
