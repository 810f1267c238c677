/**
 * In place dy ← dy · slope, for an activation that ended a product and whose gradient does not come from a single product
 * (there it is the product's epilogue). Bindings dy, y.
 */
import type { FusedOp } from './epilogue.ts';
import type { Kernel, Matrix } from './kernel.ts';
import { declare, eachRow, index, read, rowGroups, write } from './kernel.ts';

export function activationGradient(rows: number, width: number, op: FusedOp, dy: Matrix, y: Matrix): Kernel {
  const bindings = [write('dy'), read('y')];
  return {
    label: `activation [${rows}×${width}] backward`,
    bindings,
    code: `${declare(bindings)}
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let j = id.x;
  if (j >= ${width}u) { return; }
${eachRow(
  rows,
  'i',
  'id.y',
  `  let to = ${index(dy, '0u', 'i', 'j')};
  dy[to] = ${op.gradient('dy[to]', `y[${index(y, '0u', 'i', 'j')}]`, 'f32')};`,
)}
}
`,
    grid: () => [Math.ceil(width / 64), rowGroups(rows), 1],
  };
}
