/**
 * Copies (or adds) columns from one matrix to another: the raw columns into a concatenation, and whatever could not be
 * written to its place by its producer. Bindings source, to.
 */
import type { Kernel, Matrix } from './kernel.ts';
import { declare, eachRow, index, read, rowGroups, write } from './kernel.ts';

const WIDTH = 64;

export function copyColumns(
  rows: number,
  width: number,
  from: Matrix,
  to: Matrix,
  accumulate = false,
): Kernel {
  const bindings = [read('source'), write('to')];
  return {
    label: `copy [${rows}×${width}]`,
    bindings,
    code: `${declare(bindings)}
@compute @workgroup_size(${WIDTH})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let j = id.x;
  if (j >= ${width}u) { return; }
${eachRow(rows, 'i', 'id.y', `  to[${index(to, '0u', 'i', 'j')}] ${accumulate ? '+=' : '='} source[${index(from, '0u', 'i', 'j')}];`)}
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
