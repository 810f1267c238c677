/** Emits the layers that few models have: sums, embedding tables, interactions. */
import { zeroColumns } from '../kernels/copy.ts';
import type { EmbeddingSpec } from '../kernels/embedding.ts';
import { embeddingBackward, embeddingClear, embeddingForward } from '../kernels/embedding.ts';
import type { InteractionSpec } from '../kernels/interaction.ts';
import { interactionBackward, interactionForward } from '../kernels/interaction.ts';
import type { Emitter } from './emitter.ts';
import { regionMatrix } from './emitter.ts';
import type { ValueGradients } from './gradients.ts';
import type { GroupOf } from './group-layers.ts';
import type { Region } from './placement.ts';
import type { Bound } from './plan.ts';

const boundTo = (emit: Emitter, { root }: Region): Bound => ({ tensor: emit.value(root) });

export function forwardAdd(emit: Emitter, group: GroupOf<'add'>): void {
  const y = emit.model.placement.group(group);
  for (const which of [0, 1]) {
    const x = emit.input(group, 0, which);
    emit.copy(x, emit.value(x.root), y, emit.value(y.root), which > 0);
  }
}

/** The output's gradient is both inputs'. */
export function backwardAdd(
  emit: Emitter,
  group: GroupOf<'add'>,
  gradients: ValueGradients,
  needs: ReadonlySet<string>,
): void {
  const y = emit.model.placement.group(group);
  (group.layers[0]?.inputs ?? []).forEach((id, which) => {
    if (!needs.has(id)) return;
    const x = emit.input(group, 0, which);
    emit.copy(y, gradients.tensor(y.root), x, gradients.tensor(x.root), gradients.contribute([x]));
  });
}

function embeddingSpec(emit: Emitter, group: GroupOf<'embedding'>): EmbeddingSpec {
  const [layer] = group.layers;
  if (!layer) throw new Error('a group needs a layer');
  const { width, column, rows: tableRows, table, position } = layer;
  return {
    rows: emit.rows,
    width,
    ids: regionMatrix(emit.input(group, 0)),
    column,
    tableRows,
    table: emit.model.layout.small(table),
    dropout: position && { node: position.node, rate: position.dropProbability },
  };
}

export function forwardEmbedding(emit: Emitter, group: GroupOf<'embedding'>, training: boolean): void {
  const spec = embeddingSpec(emit, group);
  const y = emit.model.placement.group(group);
  // A prediction knows no position yet.
  if (spec.dropout && !training) {
    emit.builder.add(zeroColumns(emit.rows, y.width, regionMatrix(y)), { to: boundTo(emit, y) });
    return;
  }
  emit.builder.add(embeddingForward(spec, regionMatrix(y)), {
    ids: boundTo(emit, emit.input(group, 0)),
    params: emit.small('params'),
    y: boundTo(emit, y),
    ...(spec.dropout ? { hyper: emit.whole('hyper') } : {}),
  });
}

export function backwardEmbedding(
  emit: Emitter,
  group: GroupOf<'embedding'>,
  gradients: ValueGradients,
): void {
  const spec = embeddingSpec(emit, group);
  const y = emit.model.placement.group(group);
  const grads = emit.whole('smallGrads');
  const hyper = emit.whole('hyper');
  emit.builder.add(embeddingClear(spec), { grads, hyper });
  emit.builder.add(embeddingBackward(spec, regionMatrix(y)), {
    ids: boundTo(emit, emit.input(group, 0)),
    dy: { tensor: gradients.tensor(y.root) },
    grads,
    ...(spec.dropout ? { hyper } : {}),
  });
}

function interactionSpec(emit: Emitter, group: GroupOf<'interaction'>): InteractionSpec {
  const vectors = group.layers[0]?.vectors ?? 1;
  const x = emit.input(group, 0);
  return { rows: emit.rows, vectors, width: x.width / vectors, x: regionMatrix(x) };
}

export function forwardInteraction(emit: Emitter, group: GroupOf<'interaction'>): void {
  const y = emit.model.placement.group(group);
  emit.builder.add(interactionForward(interactionSpec(emit, group), regionMatrix(y)), {
    x: boundTo(emit, emit.input(group, 0)),
    y: boundTo(emit, y),
  });
}

export function backwardInteraction(
  emit: Emitter,
  group: GroupOf<'interaction'>,
  gradients: ValueGradients,
  needs: ReadonlySet<string>,
): void {
  if (!needs.has(group.layers[0]?.inputs[0] ?? '')) return;
  const x = emit.input(group, 0);
  const y = emit.model.placement.group(group);
  const spec = interactionSpec(emit, group);
  const accumulate = gradients.contribute([x]);
  emit.builder.add(interactionBackward(spec, regionMatrix(y), spec.x, accumulate), {
    x: boundTo(emit, x),
    dy: { tensor: gradients.tensor(y.root) },
    dx: { tensor: gradients.tensor(x.root) },
  });
}
