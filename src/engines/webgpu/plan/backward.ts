/**
 * Emits the backward pass: groups in reverse order, each turning its values' gradient into those of its inputs and of its
 * parameters. A linear's input gradient comes before its weight gradient, because the latter's epilogue updates the
 * weights in place.
 */
import type { AdamOptions } from '../../engine.ts';
import { HEAD_INPUT } from './fuse-layers.ts';
import type { GroupOf, LayerGroup, LinearGroup } from './group-layers.ts';
import { linearShape } from './group-layers.ts';
import { columnSums } from '../kernels/column-sums.ts';
import { columnsBackward } from '../kernels/columns-backward.ts';
import { hasAffine, readsHyper } from '../kernels/columns-spec.ts';
import type { FusedOp } from '../kernels/epilogue.ts';
import { gateBackward } from '../kernels/gate.ts';
import { headBackward } from '../kernels/head.ts';
import type { Matrix } from '../kernels/kernel.ts';
import { matrix } from '../kernels/kernel.ts';
import { layerNormBackward, layerNormParameters } from '../kernels/layer-norm.ts';
import { activationGradient } from '../kernels/activation-gradient.ts';
import { columnLanes, rowLanes } from '../kernels/workgroup-sum.ts';
import type { Emitter } from './emitter.ts';
import { regionMatrix } from './emitter.ts';
import type { Saved } from './forward.ts';
import { columnsSpec, fusedOp, headSpec, layerNormSpec } from './forward.ts';
import { ValueGradients } from './gradients.ts';
import { backwardAdd, backwardEmbedding, backwardInteraction } from './lookups.ts';
import type { Region } from './placement.ts';
import type { Bound, PlanTensor } from './plan.ts';

/** What becomes of weight gradients: an Adam step at once, or memory. */
export type WeightUpdate = { readonly kind: 'adam'; readonly adam: AdamOptions } | { readonly kind: 'store' };

/** @returns the tensor with the logits, [rows, tasks]. */
export function emitBackward(emit: Emitter, saved: Saved, update: WeightUpdate): PlanTensor {
  const backward = new Backward(emit, saved, update);
  const logits = backward.head();
  for (const group of emit.model.groups.toReversed()) backward.group(group);
  return logits;
}

class Backward {
  readonly #gradients: ValueGradients;
  readonly #needs: ReadonlySet<string>;
  /** Activated groups whose gradient was multiplied with the slope by the product that made it. */
  readonly #masked = new Set<LayerGroup>();

  constructor(
    private readonly emit: Emitter,
    private readonly saved: Saved,
    private readonly update: WeightUpdate,
  ) {
    this.#gradients = new ValueGradients(emit);
    this.#needs = valuesWithGradient(emit.model.groups);
  }

  head(): PlanTensor {
    const { emit } = this;
    const spec = headSpec(emit);
    const region = emit.model.placement.value(HEAD_INPUT);
    const count = spec.tasks.length;
    const logits = emit.builder.tensor('logits', emit.rows * count, true);
    this.#gradients.contribute([region]);
    emit.builder.add(
      headBackward(
        spec,
        regionMatrix(region),
        emit.software ? { lanes: 1, sums: 1 } : { lanes: 64, sums: 1 },
      ),
      {
        x: { tensor: emit.value(region.root) },
        logits: { tensor: logits },
        targets: { tensor: emit.builder.upload('targets', 2 * emit.rows * count) },
        dx: this.#gradient(region),
        params: emit.small('params'),
        grads: emit.whole('smallGrads'),
        hyper: emit.whole('hyper'),
      },
    );
    return logits;
  }

  group(group: LayerGroup): void {
    if (group.kind === 'input' || !group.layers.some(({ id }) => this.#needs.has(id))) return;
    if (group.kind !== 'concat') this.#gradients.complete(this.emit.model.placement.group(group));
    switch (group.kind) {
      case 'linear':
        return this.#linear(group);
      case 'columns':
        return this.#columns(group);
      case 'layer_norm':
        return this.#layerNorm(group);
      case 'multiply':
        return this.#multiply(group);
      case 'add':
        return backwardAdd(this.emit, group, this.#gradients, this.#needs);
      case 'embedding':
        return backwardEmbedding(this.emit, group, this.#gradients);
      case 'interaction':
        return backwardInteraction(this.emit, group, this.#gradients, this.#needs);
      case 'concat':
        return this.#concat(group);
    }
  }

  #gradient(region: Region): Bound {
    return { tensor: this.#gradients.tensor(region.root) };
  }

  #value(region: Region): Bound {
    return { tensor: this.emit.value(region.root) };
  }

  #concat(group: GroupOf<'concat'>): void {
    const { emit } = this;
    const needed = emit.model.placement
      .copies(group)
      .filter(({ from }) =>
        group.layers[0]?.inputs.some(
          (id) => this.#needs.has(id) && same(emit.model.placement.value(id), from),
        ),
      );
    for (const { from, to } of needed) {
      this.#gradients.complete(to);
      const accumulate = this.#gradients.contribute([from]);
      emit.copy(to, this.#gradients.tensor(to.root), from, this.#gradients.tensor(from.root), accumulate);
    }
  }

  #linear(group: LinearGroup): void {
    const { emit } = this;
    const { rows } = emit;
    const { width, batch } = linearShape(group);
    const block = emit.block(group);
    const output = emit.model.placement.group(group);
    const [first] = group.layers;
    if (!first) return;
    let dy: Matrix = { ...regionMatrix(output), batchStride: width };
    let dyBound = this.#gradient(output);
    const activation = fusedOp(first.activation);
    if (activation && !this.#masked.has(group))
      emit.builder.add(
        activationGradient(rows, output.width, activation, regionMatrix(output), regionMatrix(output)),
        {
          dy: dyBound,
          y: this.#value(output),
        },
      );
    if (first.gate !== null) {
      const dMask = matrix(Math.ceil((batch * width) / 4) * 4, 0, width);
      const tensor = emit.builder.tensor('mask gradient', rows * dMask.ld);
      this.#gate(group, dy, dMask, tensor);
      dy = dMask;
      dyBound = { tensor };
    }
    const bias = first.bias === null || !first.learnsBias ? null : emit.model.layout.small(first.bias);
    // A weight gradient's tiles of dy give its sums for nothing, where there are tiles.
    if (emit.software && bias !== null)
      emit.builder.add(columnSums(rows, width, batch, dy, bias, columnLanes(true)), {
        dy: dyBound,
        grads: emit.whole('smallGrads'),
        hyper: emit.whole('hyper'),
      });
    const weights = matrix(block.ld, 0, width * block.ld);
    const x = batch > 1 ? emit.inputs(group) : regionMatrix(emit.input(group, 0));
    const inputs = Array.from({ length: batch }, (_, member) => emit.input(group, member));
    const [input] = inputs;
    if (!input) return;
    if (this.#needs.has(first.inputs[0] ?? '')) {
      const accumulate = this.#gradients.contribute(inputs);
      const before = this.#activationBefore(group);
      if (before) this.#masked.add(before.group);
      const { bound: b, halves } = emit.operand(group);
      const bound: Record<string, Bound> = { a: dyBound, b, c: this.#gradient(input) };
      if (before) bound['y'] = this.#value(input);
      emit.gemm(
        { form: 'NN', m: rows, n: block.columns, k: width, batch, a: dy, b: weights, halves },
        { kind: 'input_gradient', c: x, accumulate, activation: before && { op: before.op, y: x } },
        bound,
      );
    }
    const problem = { form: 'TN', m: width, n: block.columns, k: rows, batch, a: dy, b: x } as const;
    const operands = {
      a: dyBound,
      b: this.#value(input),
      hyper: emit.whole('hyper'),
      ...(emit.software || bias === null ? {} : { grads: emit.whole('smallGrads') }),
    };
    const sums = { bias: emit.software ? null : bias };
    const copy = emit.halves(block);
    if (this.update.kind === 'adam')
      emit.gemm(
        problem,
        { kind: 'adam', c: weights, adam: this.update.adam, rates: block.rates, copy, ...sums },
        {
          ...operands,
          ...(copy ? { h: emit.halfCopy(block) } : {}),
          p: emit.weights(group),
          m: emit.weights(group, 'expAvg'),
          v: emit.weights(group, 'expAvgSq'),
        },
      );
    else
      emit.gemm(
        problem,
        { kind: 'store_gradient', c: weights, ...sums },
        { ...operands, c: emit.weights(group, 'grads') },
      );
  }

  #gate(group: LinearGroup, dy: Matrix, dMask: Matrix, tensor: PlanTensor): void {
    const { emit } = this;
    const { width, batch } = linearShape(group);
    const gates = Array.from({ length: batch }, (_, member) => emit.input(group, member, 1));
    const [gate] = gates;
    const mask = this.saved.masks.get(group);
    if (!gate || !mask) throw new Error('a gated layer has no mask');
    const x = emit.inputs(group, 1);
    const needed = this.#needs.has(group.layers[0]?.gate ?? '');
    const targets = x.batchStride === 0 ? [gate] : gates;
    const accumulateX = needed && this.#gradients.contribute(targets);
    const bound: Record<string, Bound> = {
      dy: this.#gradient(emit.model.placement.group(group)),
      x: this.#value(gate),
      mask: { tensor: mask },
      dMask: { tensor },
    };
    if (needed) bound['dx'] = this.#gradient(gate);
    emit.builder.add(
      gateBackward({
        rows: emit.rows,
        width,
        batch,
        dy,
        x,
        mask: dMask,
        dMask,
        dx: needed ? x : null,
        accumulateX,
      }),
      bound,
    );
  }

  /** The activated group whose whole value, and nothing else, this group reads and no other does. */
  #activationBefore(group: LinearGroup): { readonly group: LayerGroup; readonly op: FusedOp } | null {
    const { groups } = this.emit.model;
    const [first] = group.layers;
    const source = groups.find(({ layers }) => layers.some(({ id }) => id === first?.inputs[0]));
    if (source?.kind !== 'linear') return null;
    const op = fusedOp(source.layers[0]?.activation ?? null);
    if (!op) return null;
    const ids = source.layers.map(({ id }) => id);
    const readers = groups.filter(({ layers }) =>
      layers.some(({ inputs }) => inputs.some((id) => ids.includes(id))),
    );
    if (readers.length !== 1 || group.layers.some(({ gate }) => gate !== null && ids.includes(gate)))
      return null;
    const read = new Set(group.layers.map(({ inputs }) => inputs[0]));
    return ids.every((id) => read.has(id)) ? { group: source, op } : null;
  }

  #columns(group: GroupOf<'columns'>): void {
    const { emit } = this;
    const spec = columnsSpec(emit, group);
    const output = emit.model.placement.group(group);
    const input = emit.input(group, 0);
    const needed = this.#needs.has(group.layers[0]?.inputs[0] ?? '');
    if (!needed && !hasAffine(spec)) return;
    const whole = { ...input, width: spec.width };
    const accumulate = needed && this.#gradients.contribute([whole]);
    const stats = this.saved.stats.get(group);
    const bound: Record<string, Bound> = { x: this.#value(input), dy: this.#gradient(output) };
    if (needed) bound['dx'] = this.#gradient(input);
    if (stats) bound['stats'] = { tensor: stats };
    if (hasAffine(spec)) {
      bound['params'] = emit.small('params');
      bound['grads'] = emit.whole('smallGrads');
    }
    if (readsHyper(spec)) bound['hyper'] = emit.whole('hyper');
    emit.builder.add(
      columnsBackward(
        spec,
        { dy: regionMatrix(output), dx: needed ? regionMatrix(input) : null, accumulate },
        columnLanes(emit.software),
      ),
      bound,
    );
  }

  #layerNorm(group: GroupOf<'layer_norm'>): void {
    const { emit } = this;
    const spec = layerNormSpec(emit, group);
    const dy = emit.outputs(group);
    const inputs = group.layers.map((_, member) => emit.input(group, member));
    const [input] = inputs;
    const stats = this.saved.stats.get(group);
    if (!input || !stats) throw new Error('a layer norm has no statistics');
    const bound: Record<string, Bound> = {
      x: this.#value(input),
      dy: this.#gradient(emit.model.placement.group(group)),
      stats: { tensor: stats },
    };
    const learned = { ...spec, bias: group.layers[0]?.learnsBias ? spec.bias : null };
    if (learned.weight !== null || learned.bias !== null)
      emit.builder.add(layerNormParameters(learned, dy, columnLanes(emit.software)), {
        ...bound,
        grads: emit.whole('smallGrads'),
        hyper: emit.whole('hyper'),
      });
    if (!this.#needs.has(group.layers[0]?.inputs[0] ?? '')) return;
    const accumulate = this.#gradients.contribute(inputs);
    emit.builder.add(layerNormBackward(spec, dy, spec.x, accumulate, rowLanes(emit.software)), {
      ...bound,
      dx: this.#gradient(input),
      params: emit.small('params'),
    });
  }

  #multiply(group: GroupOf<'multiply'>): void {
    const { emit } = this;
    const [layer] = group.layers;
    if (!layer) return;
    const output = emit.model.placement.group(group);
    // One dispatch per factor: the factors' gradients may share a buffer.
    for (const [own, other] of [
      [0, 1],
      [1, 0],
    ] as const) {
      if (!this.#needs.has(layer.inputs[own] ?? '')) continue;
      const x = emit.input(group, 0, own);
      const mask = emit.input(group, 0, other);
      const accumulateX = this.#gradients.contribute([x]);
      emit.builder.add(
        gateBackward({
          rows: emit.rows,
          width: output.width,
          batch: 1,
          dy: regionMatrix(output),
          x: regionMatrix(x),
          mask: regionMatrix(mask),
          dMask: null,
          dx: regionMatrix(x),
          accumulateX,
        }),
        { dy: this.#gradient(output), x: this.#value(x), mask: this.#value(mask), dx: this.#gradient(x) },
      );
    }
  }
}

const same = (a: Region, b: Region) => a.root === b.root && a.column === b.column && a.width === b.width;

/** Values that depend on a trainable parameter. */
function valuesWithGradient(groups: readonly LayerGroup[]): Set<string> {
  const needs = new Set<string>();
  for (const group of groups)
    for (const layer of group.layers) {
      const own =
        layer.kind === 'linear' ||
        layer.kind === 'embedding' ||
        (layer.kind === 'layer_norm' && (layer.weight !== null || layer.bias !== null)) ||
        (layer.kind === 'columns' &&
          layer.norm !== null &&
          (layer.norm.weight !== null || layer.norm.bias !== null));
      if (own || layer.inputs.some((id) => needs.has(id))) needs.add(layer.id);
    }
  return needs;
}
