/** Emits the forward pass of a plan: one dispatch per group of layers. */
import type { GroupOf, LayerGroup, LinearGroup } from './group-layers.ts';
import { linearShape } from './group-layers.ts';
import type { OpName } from '../../../graph/ops/registry.ts';
import { OPS } from '../../../graph/ops/registry.ts';
import type { ColumnDropout, ColumnsSpec } from '../kernels/columns-spec.ts';
import { hasAffine, readsHyper } from '../kernels/columns-spec.ts';
import { columnsForward, columnsInference } from '../kernels/columns-forward.ts';
import type { FusedOp } from '../kernels/epilogue.ts';
import { multiply } from '../kernels/gate.ts';
import type { HeadSpec } from '../kernels/head.ts';
import type { LayerNormSpec } from '../kernels/layer-norm.ts';
import { layerNormForward } from '../kernels/layer-norm.ts';
import { matrix } from '../kernels/kernel.ts';
import { columnLanes, rowLanes } from '../kernels/workgroup-sum.ts';
import { HEAD_INPUT } from './fuse-layers.ts';
import type { Emitter } from './emitter.ts';
import { regionMatrix } from './emitter.ts';
import { forwardAdd, forwardEmbedding, forwardInteraction } from './lookups.ts';
import type { Bound, PlanTensor } from './plan.ts';

/** What the backward pass needs beside the values. */
export interface Saved {
  /** The mask of gated linear groups before the gate, [rows, batch·width]. */
  readonly masks: Map<LinearGroup, PlanTensor>;
  /** Means and inverse deviations of norms. */
  readonly stats: Map<LayerGroup, PlanTensor>;
}

export function emitForward(emit: Emitter, training: boolean): Saved {
  const saved: Saved = { masks: new Map(), stats: new Map() };
  for (const group of emit.model.groups) {
    switch (group.kind) {
      case 'input': {
        const [layer] = group.layers;
        if (layer)
          emit.uploadValue(
            emit.model.placement.value(layer.id).root,
            group.layers.map(({ id, tensor }) => ({ name: tensor, region: emit.model.placement.value(id) })),
          );
        break;
      }
      case 'linear':
        forwardLinear(emit, group, training, saved);
        break;
      case 'columns':
        forwardColumns(emit, group, training, saved);
        break;
      case 'layer_norm':
        forwardLayerNorm(emit, group, training, saved);
        break;
      case 'multiply':
        forwardMultiply(emit, group);
        break;
      case 'add':
        forwardAdd(emit, group);
        break;
      case 'embedding':
        forwardEmbedding(emit, group, training);
        break;
      case 'interaction':
        forwardInteraction(emit, group);
        break;
      case 'concat':
        for (const { from, to } of emit.model.placement.copies(group))
          emit.copy(from, emit.value(from.root), to, emit.value(to.root));
        break;
    }
  }
  return saved;
}

function forwardLinear(emit: Emitter, group: LinearGroup, training: boolean, saved: Saved): void {
  const { rows } = emit;
  const { width, batch } = linearShape(group);
  const block = emit.block(group);
  const [first] = group.layers;
  if (!first) return;
  const gated = first.gate !== null;
  const weights = emit.operand(group);
  const bound: Record<string, Bound> = {
    a: { tensor: emit.value(emit.input(group, 0).root) },
    b: weights.bound,
    ...(first.bias === null ? {} : { bias: emit.small('params') }),
    c: { tensor: emit.value(emit.model.placement.group(group).root) },
  };
  let keep = null;
  if (gated) {
    bound['x'] = { tensor: emit.value(emit.input(group, 0, 1).root) };
    if (training) {
      keep = matrix(Math.ceil((batch * width) / 4) * 4, 0, width);
      const mask = emit.builder.tensor('mask', rows * keep.ld);
      saved.masks.set(group, mask);
      bound['kept'] = { tensor: mask };
    }
  }
  emit.gemm(
    {
      form: 'NT',
      m: rows,
      n: width,
      k: block.columns,
      batch,
      a: batch > 1 ? emit.inputs(group) : regionMatrix(emit.input(group, 0)),
      b: matrix(block.ld, 0, width * block.ld),
      halves: weights.halves,
    },
    {
      kind: 'forward',
      c: batch > 1 ? emit.outputs(group) : regionMatrix(emit.model.placement.group(group)),
      biasOffset: first.bias === null ? null : emit.model.layout.small(first.bias),
      activation: fusedOp(first.activation),
      gate: gated ? emit.inputs(group, 1) : null,
      keep,
    },
    bound,
  );
}

/** How a product ends in an operation. */
export function fusedOp(name: OpName | null): FusedOp | null {
  return (name !== null && OPS[name].fused) || null;
}

/** The kernel description of a column-wise group. */
export function columnsSpec(emit: Emitter, group: GroupOf<'columns'>): ColumnsSpec {
  const { placement, layout } = emit.model;
  const [first] = group.layers;
  if (!first) throw new Error('a group needs a layer');
  const dropout: ColumnDropout[] = [];
  let begin = 0;
  for (const { width, dropout: drop } of group.layers) {
    dropout.push({ begin, width, node: drop?.node ?? 0, rate: drop?.rate ?? 0 });
    begin += width;
  }
  const { norm } = first;
  return {
    rows: emit.rows,
    width: begin,
    x: regionMatrix(emit.input(group, 0)),
    y: regionMatrix(placement.group(group)),
    before: first.before,
    norm: norm && {
      epsilon: norm.epsilon,
      momentum: norm.momentum,
      weight: norm.weight === null ? null : layout.small(norm.weight),
      bias: norm.bias === null ? null : layout.small(norm.bias),
      learnsBias: norm.learnsBias,
      runningMean: layout.runningOffset(norm.runningMean),
      runningVar: layout.runningOffset(norm.runningVar),
    },
    after: first.after,
    dropout: dropout.some(({ rate }) => rate > 0) ? dropout : [],
  };
}

function forwardColumns(emit: Emitter, group: GroupOf<'columns'>, training: boolean, saved: Saved): void {
  const spec = columnsSpec(emit, group);
  const bound: Record<string, Bound> = {
    x: { tensor: emit.value(emit.input(group, 0).root) },
    y: { tensor: emit.value(emit.model.placement.group(group).root) },
  };
  if (hasAffine(spec)) bound['params'] = emit.small('params');
  if (spec.norm) bound['running'] = emit.whole('running');
  if (!training) {
    emit.builder.add(columnsInference(spec), bound);
    return;
  }
  if (readsHyper(spec)) bound['hyper'] = emit.whole('hyper');
  if (spec.norm) {
    const stats = emit.builder.tensor('batch norm statistics', 2 * spec.width);
    saved.stats.set(group, stats);
    bound['stats'] = { tensor: stats };
  }
  emit.builder.add(columnsForward(spec, columnLanes(emit.software)), bound);
}

/** The kernel description of a group of layer norms. */
export function layerNormSpec(emit: Emitter, group: GroupOf<'layer_norm'>): LayerNormSpec {
  const [first] = group.layers;
  if (!first) throw new Error('a group needs a layer');
  const { layout } = emit.model;
  return {
    rows: emit.rows,
    width: first.width,
    batch: group.layers.length,
    x: emit.inputs(group),
    epsilon: first.epsilon,
    weight: first.weight === null ? null : layout.small(first.weight),
    bias: first.bias === null ? null : layout.small(first.bias),
  };
}

function forwardLayerNorm(
  emit: Emitter,
  group: GroupOf<'layer_norm'>,
  training: boolean,
  saved: Saved,
): void {
  const spec = layerNormSpec(emit, group);
  const bound: Record<string, Bound> = {
    x: { tensor: emit.value(emit.input(group, 0).root) },
    y: { tensor: emit.value(emit.model.placement.group(group).root) },
    params: emit.small('params'),
  };
  if (training) {
    const stats = emit.builder.tensor('layer norm statistics', 2 * emit.rows * spec.batch);
    saved.stats.set(group, stats);
    bound['stats'] = { tensor: stats };
  }
  emit.builder.add(layerNormForward(spec, emit.outputs(group), rowLanes(emit.software), training), bound);
}

function forwardMultiply(emit: Emitter, group: GroupOf<'multiply'>): void {
  const y = emit.model.placement.group(group);
  const x = emit.input(group, 0, 0);
  const mask = emit.input(group, 0, 1);
  emit.builder.add(multiply(emit.rows, y.width, 1, regionMatrix(x), regionMatrix(mask), regionMatrix(y)), {
    x: { tensor: emit.value(x.root) },
    mask: { tensor: emit.value(mask.root) },
    y: { tensor: emit.value(y.root) },
  });
}

/** The kernel description of all towers' ends. */
export function headSpec(emit: Emitter): HeadSpec {
  const { fused, layout, placement } = emit.model;
  return {
    rows: emit.rows,
    x: regionMatrix(placement.value(HEAD_INPUT)),
    tasks: fused.head.map(({ posWeight, affine }) => ({
      posWeight,
      affine: affine && { weight: layout.small(affine.weight), bias: layout.small(affine.bias) },
    })),
  };
}
