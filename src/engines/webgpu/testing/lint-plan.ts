/**
 * What a device would refuse, or silently compute wrong, in a plan: found from the plan alone, without a device. Limits are
 * those that every WebGPU device has.
 */
import { hyperLength } from '../kernels/kernel.ts';
import { assignBuffers } from '../plan/assign-buffers.ts';
import type { CompiledModel } from '../plan/compiled-model.ts';
import type { Bound, Plan, SharedBuffer } from '../plan/plan.ts';

/** The defaults of the WebGPU specification. */
export const DEFAULT_LIMITS = {
  storageBuffers: 8,
  invocations: 256,
  workgroupBytes: 16384,
  workgroups: 65535,
  bindingBytes: 134217728,
  bufferBytes: 268435456,
  alignment: 256,
} as const;

interface Range {
  readonly buffer: string;
  readonly begin: number;
  readonly end: number;
  readonly written: boolean;
  readonly name: string;
}

function sharedLength({ layout, graph }: CompiledModel, name: SharedBuffer): number {
  const lengths: Record<SharedBuffer, number> = {
    params: layout.arenaLength,
    expAvg: layout.arenaLength,
    expAvgSq: layout.arenaLength,
    halves: layout.smallOffset / 2,
    grads: layout.smallOffset,
    smallGrads: layout.smallLength,
    smallGroups: layout.smallLength,
    running: layout.runningLength,
    hyper: hyperLength(graph.groups.length),
  };
  return Math.max(4, Math.ceil(lengths[name] / 4) * 4);
}

/** What an update changes: the step reads the old values only, and changes each once. */
const STATE: readonly SharedBuffer[] = ['params', 'halves', 'expAvg', 'expAvgSq'];
/** What is whole before it is read. */
const GRADIENTS: readonly SharedBuffer[] = ['grads', 'smallGrads'];

interface SharedUse {
  readonly at: number;
  readonly label: string;
  readonly shared: SharedBuffer;
  readonly begin: number;
  readonly end: number;
  readonly access: string;
}

/** Wrong orders of what plans share: a barrier between dispatches orders them, so only the order in the plan counts. */
function lintShared({ dispatches }: Plan, { layout }: CompiledModel): string[] {
  const uses = dispatches.flatMap(({ kernel, bound }, at) =>
    kernel.bindings.flatMap(({ name, access }): SharedUse[] => {
      const to = bound[name];
      if (!to || !('shared' in to)) return [];
      const { shared, offset, length } = to;
      return [{ at, label: `${at} ${kernel.label}`, shared, begin: offset, end: offset + length, access }];
    }),
  );
  const problems: string[] = [];
  const writes = uses.filter(({ access }) => access !== 'read');
  for (const use of uses) {
    const { at, label, shared, begin, end, access } = use;
    const meets = (other: SharedUse) => other.shared === shared && other.begin < end && begin < other.end;
    const before = writes.some((other) => other.at < at && meets(other));
    const after = writes.some((other) => other.at > at && meets(other));
    if (STATE.includes(shared) && before)
      problems.push(
        access === 'read'
          ? `${label}: reads ${shared} that the step has updated already`
          : `${label}: updates ${shared} twice`,
      );
    if (GRADIENTS.includes(shared) && access === 'read' && after)
      problems.push(`${label}: reads ${shared} before it is whole`);
  }
  if (writes.some(({ shared }) => shared === 'expAvg'))
    for (const shared of STATE.filter((name) => uses.some((use) => use.shared === name)))
      for (const { offset, rows, columns, ld } of layout.blocks) {
        // Only rows that fill whole words have a copy.
        if (shared === 'halves' && columns % 4 !== 0) continue;
        const scale = shared === 'halves' ? 2 : 1;
        const [begin, end] = [offset / scale, (offset + rows * ld) / scale];
        if (!writes.some((use) => use.shared === shared && use.begin <= begin && use.end >= end))
          problems.push(`${shared} of the weights at ${offset} are never updated`);
      }
  return problems;
}

const WIDTHS: Readonly<Record<string, number>> = { f32: 4, u32: 4, 'vec2<u32>': 8, 'vec4<f32>': 16 };

/** @returns problems, each with its dispatch; empty for a plan that any device takes. */
export function lintPlan(plan: Plan, model: CompiledModel): string[] {
  const limits = DEFAULT_LIMITS;
  const problems: string[] = [];
  const slots = assignBuffers([...plan.tensors]);
  const slotOf = new Map(slots.flatMap(({ tensors }, at) => tensors.map(({ id }) => [id, at] as const)));
  for (const [at, { floats, tensors }] of slots.entries()) {
    if (floats * 4 > limits.bufferBytes) problems.push(`buffer ${at}: ${floats * 4} bytes`);
    if (tensors.some((tensor) => tensor.floats > floats))
      problems.push(`buffer ${at} is smaller than a tensor`);
  }
  const uploads = new Set([...plan.uploads.values()].map(({ tensor }) => tensor.id));
  const written = new Set(uploads);
  for (const [at, { kernel, bound }] of plan.dispatches.entries()) {
    const say = (what: string) => problems.push(`${at} ${kernel.label}: ${what}`);
    const range = (to: Bound, name: string, access: string): Range => {
      if ('shared' in to) {
        const { shared, offset, length } = to;
        if ((offset * 4) % limits.alignment !== 0) say(`${name} begins at byte ${offset * 4}`);
        if (offset < 0 || length <= 0 || offset + length > sharedLength(model, shared))
          say(
            `${name} is [${offset}, ${offset + length}) of ${sharedLength(model, shared)} floats of ${shared}`,
          );
        return { buffer: shared, begin: offset, end: offset + length, written: access !== 'read', name };
      }
      const { id, label } = to.tensor;
      const slot = slotOf.get(id);
      if (slot === undefined) say(`${name} (${label}) has no buffer`);
      return {
        buffer: `#${slot}`,
        begin: 0,
        end: slots[slot ?? 0]?.floats ?? 0,
        written: access !== 'read',
        name,
      };
    };
    if (kernel.bindings.length > limits.storageBuffers) say(`${kernel.bindings.length} storage buffers`);
    const extra = Object.keys(bound).filter(
      (name) => !kernel.bindings.some((binding) => binding.name === name),
    );
    // A caller may bind a table of what all its kernels need.
    const ranges = kernel.bindings.map(({ name, access, type }) => {
      const to = bound[name];
      if (!to) {
        say(`nothing is bound to ${name}`);
        return { buffer: '', begin: 0, end: 0, written: false, name };
      }
      const found = range(to, name, access);
      const bytes = (found.end - found.begin) * 4;
      if (bytes > limits.bindingBytes) say(`${name} is ${bytes} bytes`);
      if (bytes % (WIDTHS[type] ?? 4) !== 0) say(`${name} is no whole number of ${type}`);
      if ('tensor' in to) {
        const { id, label } = to.tensor;
        const adds = new RegExp(`\\b${name}\\[[^\\]]*\\] \\+=`).test(kernel.code);
        if ((access !== 'write' || adds) && !written.has(id))
          say(`${name} (${label}) is read before it is written`);
        if (access !== 'read') written.add(id);
        if (access !== 'read' && uploads.has(id)) say(`${name} overwrites the upload ${label}`);
      }
      return found;
    });
    if (extra.some((name) => kernel.code.includes(`> ${name}:`))) say(`declares ${extra.join()} twice`);
    for (const [left, a] of ranges.entries())
      for (const b of ranges.slice(left + 1)) {
        if (a.buffer !== b.buffer) continue;
        if (a.written !== b.written) say(`${a.name} and ${b.name} read and write one buffer`);
        else if (a.written && a.begin < b.end && b.begin < a.end) say(`${a.name} and ${b.name} overlap`);
      }
    const size = /@workgroup_size\((\d+)(?:, (\d+))?(?:, (\d+))?\)/.exec(kernel.code);
    const invocations = (size ?? []).slice(1).reduce((product, part) => product * Number(part ?? 1), 1);
    if (!size || invocations > limits.invocations) say(`${invocations} invocations`);
    const memory = [...kernel.code.matchAll(/var<workgroup> \w+: array<([^,]+(?:<f32>)?), (\d+)>/g)].reduce(
      (sum, [, type, length]) => sum + (WIDTHS[type ?? ''] ?? NaN) * Number(length),
      0,
    );
    if (!(memory <= limits.workgroupBytes)) say(`${memory} bytes of workgroup memory`);
    if (/workgroupBarrier/.test(kernel.code) && memory === 0) say('a barrier without workgroup memory');
    for (const rows of [1, plan.rows]) {
      const grid = kernel.grid(rows);
      if (grid.some((groups) => !(groups >= 1 && groups <= limits.workgroups))) say(`grid ${grid.join('×')}`);
    }
  }
  if (plan.output && !written.has(plan.output.id)) problems.push('the output is never written');
  return [...problems, ...lintShared(plan, model)];
}
