/** The plans of an engine: a training step, the update after accumulation, prediction, and packing loaded weights. */
import type { AdamOptions } from '../../engine.ts';
import { HEAD_INPUT } from './fuse-layers.ts';
import { adamBlock, adamSmall, packHalves } from '../kernels/adam.ts';
import { headInference } from '../kernels/head.ts';
import { emitBackward } from './backward.ts';
import type { CompiledModel, PlanOptions } from './compiled-model.ts';
import { Emitter } from './emitter.ts';
import { emitForward, headSpec } from './forward.ts';
import type { Bound, Plan } from './plan.ts';
import { PlanBuilder } from './plan.ts';

/** Forward, backward and update in one plan. */
export function trainingPlan(
  model: CompiledModel,
  rows: number,
  adam: AdamOptions,
  options: PlanOptions,
): Plan {
  const emit = new Emitter(model, new PlanBuilder(rows), options);
  const saved = emitForward(emit, true);
  const logits = emitBackward(emit, saved, { kind: 'adam', adam });
  emitSmallUpdate(emit, adam);
  return emit.builder.plan(logits);
}

/** Forward and backward, with gradients stored or added in `grads` and `smallGrads`. */
export function gradientPlan(model: CompiledModel, rows: number, options: PlanOptions): Plan {
  const emit = new Emitter(model, new PlanBuilder(rows), options);
  const saved = emitForward(emit, true);
  return emit.builder.plan(emitBackward(emit, saved, { kind: 'store' }));
}

/** Adam on stored gradients. */
export function updatePlan(model: CompiledModel, adam: AdamOptions, options: PlanOptions): Plan {
  const emit = new Emitter(model, new PlanBuilder(1), options);
  for (const block of model.layout.blocks) {
    const range = (shared: 'params' | 'expAvg' | 'expAvgSq' | 'grads'): Bound => ({
      shared,
      offset: block.offset,
      length: block.rows * block.ld,
    });
    const copy = emit.halves(block);
    emit.builder.add(adamBlock(block.rows, block.ld, adam, block.rates, copy), {
      ...(copy ? { h: emit.halfCopy(block) } : {}),
      p: range('params'),
      m: range('expAvg'),
      v: range('expAvgSq'),
      grads: range('grads'),
      hyper: emit.whole('hyper'),
    });
  }
  emitSmallUpdate(emit, adam);
  return emit.builder.plan(null);
}

/** Makes the half-precision copy of weights that were loaded. */
export function packPlan(model: CompiledModel, options: PlanOptions): Plan {
  const emit = new Emitter(model, new PlanBuilder(1), options);
  // Block by block: all of them together may be more than a binding can hold.
  for (const block of model.layout.blocks) {
    const length = block.rows * block.ld;
    emit.builder.add(packHalves(length), {
      p: { shared: 'params', offset: block.offset, length },
      h: { shared: 'halves', offset: block.offset / 2, length: length / 2 },
    });
  }
  return emit.builder.plan(null);
}

/** Evaluation mode; the output holds the logits, [rows, tasks]. */
export function predictionPlan(model: CompiledModel, rows: number, options: PlanOptions): Plan {
  const emit = new Emitter(model, new PlanBuilder(rows), options);
  emitForward(emit, false);
  const spec = headSpec(emit);
  const out = emit.builder.tensor('logits', rows * spec.tasks.length, true);
  emit.builder.add(headInference(spec), {
    x: { tensor: emit.value(model.placement.value(HEAD_INPUT).root) },
    logits: { tensor: out },
    params: emit.small('params'),
  });
  return emit.builder.plan(out);
}

function emitSmallUpdate(emit: Emitter, adam: AdamOptions): void {
  emit.builder.add(adamSmall(emit.model.layout.smallLength, adam), {
    p: emit.small('params'),
    m: emit.small('expAvg'),
    v: emit.small('expAvgSq'),
    grads: emit.whole('smallGrads'),
    groups: emit.whole('smallGroups'),
    hyper: emit.whole('hyper'),
  });
}
