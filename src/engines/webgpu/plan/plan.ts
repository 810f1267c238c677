/**
 * A plan: the dispatches of one step in order, each with its kernel and what is bound to it, and the tensors they use.
 * Still independent of a device: the executor gives it buffers, pipelines and bind groups.
 */
import type { Kernel } from '../kernels/kernel.ts';

/** Device memory of a plan. Tensors whose lifetimes do not overlap share a buffer. */
export interface PlanTensor {
  readonly id: number;
  readonly label: string;
  readonly floats: number;
  /** Kept apart from reuse: uploads, downloads, and what must live through the whole step. */
  readonly pinned: boolean;
  /** First and last dispatch that touches it; -1 before the first use. */
  first: number;
  last: number;
}

/** Buffers that all plans of an engine share. */
export type SharedBuffer =
  'params' | 'halves' | 'expAvg' | 'expAvgSq' | 'grads' | 'smallGrads' | 'smallGroups' | 'running' | 'hyper';

/** What a binding points to: a whole plan tensor, or a range of a shared buffer, in floats. */
export type Bound =
  | { readonly tensor: PlanTensor }
  | { readonly shared: SharedBuffer; readonly offset: number; readonly length: number };

export interface Dispatch {
  readonly kernel: Kernel;
  readonly bound: Readonly<Record<string, Bound>>;
  /** For splitting a step into submits of similar length and for the report. */
  readonly flops: number;
  /** Bytes read and written if every operand crosses the memory bus once. */
  readonly bytes: number;
}

/** Where an upload goes: dense rows of `width` floats, to columns of a matrix whose rows are `ld` floats. */
export interface Upload {
  readonly tensor: PlanTensor;
  readonly column: number;
  readonly width: number;
  readonly ld: number;
}

export interface Plan {
  readonly rows: number;
  readonly dispatches: readonly Dispatch[];
  readonly tensors: readonly PlanTensor[];
  /** Uploads by name: the graph's inputs, and `targets`. */
  readonly uploads: ReadonlyMap<string, Upload>;
  /** Read back after the step: logits [rows, tasks]; null where nothing is. */
  readonly output: PlanTensor | null;
}

/** Collects dispatches and the lifetimes of tensors. */
export class PlanBuilder {
  readonly dispatches: Dispatch[] = [];
  readonly tensors: PlanTensor[] = [];
  readonly uploads = new Map<string, Upload>();
  readonly rows: number;

  constructor(rows: number) {
    this.rows = rows;
  }

  tensor(label: string, floats: number, pinned = false): PlanTensor {
    const tensor = { id: this.tensors.length, label, floats, pinned, first: -1, last: -1 };
    this.tensors.push(tensor);
    return tensor;
  }

  /** An upload that fills a tensor of its own. */
  upload(name: string, floats: number): PlanTensor {
    const tensor = this.tensor(name, floats, true);
    this.uploadTo(name, { tensor, column: 0, width: 1, ld: 1 });
    return tensor;
  }

  uploadTo(name: string, upload: Upload): void {
    this.uploads.set(name, upload);
  }

  /** Adds a dispatch; `bound` needs exactly the kernel's bindings. */
  add(kernel: Kernel, bound: Readonly<Record<string, Bound>>, flops = 0): void {
    const at = this.dispatches.length;
    let bytes = 0;
    for (const { name, access } of kernel.bindings) {
      const to = bound[name];
      if (!to) throw new Error(`${kernel.label}: nothing is bound to ${name}`);
      const floats = 'tensor' in to ? to.tensor.floats : to.length;
      bytes += 4 * floats * (access === 'update' ? 2 : 1);
      if ('tensor' in to) {
        if (to.tensor.first < 0) to.tensor.first = at;
        to.tensor.last = at;
      }
    }
    this.dispatches.push({ kernel, bound, flops, bytes });
  }

  plan(output: PlanTensor | null): Plan {
    const { rows, dispatches, uploads } = this;
    return { rows, dispatches, tensors: this.tensors, uploads, output };
  }
}

export interface PlanCost {
  readonly flops: number;
  /** Bytes moved if every operand of every dispatch crosses the memory bus once. */
  readonly bytes: number;
  readonly dispatches: number;
}

/** Total of a plan, for reports and tests. */
export function planCost(plan: Plan): PlanCost {
  let flops = 0;
  let bytes = 0;
  for (const dispatch of plan.dispatches) {
    flops += dispatch.flops;
    bytes += dispatch.bytes;
  }
  return { flops, bytes, dispatches: plan.dispatches.length };
}
