/**
 * Copies (or adds) columns from one matrix to another: the raw columns into a concatenation, and whatever could not be
 * written to its place by its producer. Bindings source, to; within one matrix, to alone.
 */
import type { Kernel, Matrix } from './kernel.ts';
import { declare, eachRow, index, read, rowGroups, update, write } from './kernel.ts';

const WIDTH = 64;

/** @param within both are columns of one matrix, which a device binds once, and share none. */
export function copyColumns(
  rows: number,
  width: number,
  from: Matrix,
  to: Matrix,
  { accumulate = false, within = false } = {},
): Kernel {
  const bindings = within ? [update('to')] : [read('source'), write('to')];
  const source = within ? 'to' : 'source';
  return {
    label: `copy [${rows}×${width}]`,
    bindings,
    code: `${declare(bindings)}
@compute @workgroup_size(${WIDTH})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let j = id.x;
  if (j >= ${width}u) { return; }
${eachRow(rows, 'i', 'id.y', `  to[${index(to, '0u', 'i', 'j')}] ${accumulate ? '+=' : '='} ${source}[${index(from, '0u', 'i', 'j')}];`)}
}
`,
    grid: (used) => [Math.ceil(width / WIDTH), rowGroups(rows, used), 1],
  };
}

/** Zeroes columns. Binding to. */
export function zeroColumns(rows: number, width: number, to: Matrix): Kernel {
  const bindings = [write('to')];
  return {
    label: `zero [${rows}×${width}]`,
    bindings,
    code: `${declare(bindings)}
@compute @workgroup_size(${WIDTH})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let j = id.x;
  if (j >= ${width}u) { return; }
${eachRow(rows, 'i', 'id.y', `  to[${index(to, '0u', 'i', 'j')}] = 0.0;`)}
}
`,
    grid: (used) => [Math.ceil(width / WIDTH), rowGroups(rows, used), 1],
  };
}
