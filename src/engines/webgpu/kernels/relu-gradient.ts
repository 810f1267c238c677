/**
 * In place dy ← dy where y > 0, else 0: for a ReLU whose gradient does not come from a single product (there it is the
 * product's epilogue). Bindings dy, y.
 */
import type { Kernel, Matrix } from './kernel.ts';
import { declare, index, read, write } from './kernel.ts';

export function reluGradient(rows: number, width: number, dy: Matrix, y: Matrix): Kernel {
  const bindings = [write('dy'), read('y')];
  return {
    label: `relu [${rows}×${width}] backward`,
    bindings,
    code: `${declare(bindings)}
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let j = id.x;
  let i = id.y;
  if (j >= ${width}u) { return; }
  if (y[${index(y, '0u', 'i', 'j')}] <= 0.0) { dy[${index(dy, '0u', 'i', 'j')}] = 0.0; }
}
`,
    grid: () => [Math.ceil(width / 64), rows, 1],
  };
}
