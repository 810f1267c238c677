/**
 * Buffers for a plan's tensors: tensors whose lifetimes do not overlap share one. Biggest first, each into the first
 * buffer that is free during its life; for chains of layers this comes within a few per cent of the peak of live tensors.
 */
import type { PlanTensor } from './plan.ts';

export interface BufferSlot {
  /** Floats, a multiple of 4. */
  floats: number;
  readonly tensors: PlanTensor[];
}

const overlap = (a: PlanTensor, b: PlanTensor) => a.first <= b.last && b.first <= a.last;

/** @returns slots that hold every tensor that a dispatch touches; pinned ones have a slot of their own. */
export function assignBuffers(tensors: readonly PlanTensor[]): BufferSlot[] {
  const slots: BufferSlot[] = [];
  const used = tensors.filter(({ first, pinned }) => pinned || first >= 0);
  for (const tensor of used.toSorted((a, b) => b.floats - a.floats || a.id - b.id)) {
    const floats = Math.max(4, Math.ceil(tensor.floats / 4) * 4);
    const free = tensor.pinned
      ? undefined
      : slots.find(
          ({ tensors: [first, ...rest] }) =>
            first !== undefined && !first.pinned && [first, ...rest].every((each) => !overlap(each, tensor)),
        );
    if (free) {
      free.tensors.push(tensor);
      free.floats = Math.max(free.floats, floats);
    } else slots.push({ floats, tensors: [tensor] });
  }
  return slots;
}
