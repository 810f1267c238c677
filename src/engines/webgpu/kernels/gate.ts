/**
 * The MaskBlock's gate y = x ⊙ mask, element-wise and bandwidth-bound. Forward it is a GEMM epilogue; the kernel here is
 * for products that could not be fused. Backward, all blocks that gate the same x are one dispatch, which adds their
 * shares of dx in registers instead of reading and writing dx once a block.
 */
import type { Binding, Kernel, Matrix } from './kernel.ts';
import { declare, eachRow, index, read, rowGroups, write } from './kernel.ts';

const WIDTH = 64;

/** Bindings x, mask, y. */
export function multiply(
  rows: number,
  width: number,
  batch: number,
  x: Matrix,
  mask: Matrix,
  y: Matrix,
): Kernel {
  const bindings = [read('x'), read('mask'), write('y')];
  const at = (matrix: Matrix) => index(matrix, 'z', 'i', 'j');
  return {
    label: `multiply [${rows}×${width}]`,
    bindings,
    code: `${declare(bindings)}
@compute @workgroup_size(${WIDTH})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let j = id.x;
  let z = id.z;
  if (j >= ${width}u) { return; }
${eachRow(rows, 'i', 'id.y', `  y[${at(y)}] = x[${at(x)}] * mask[${at(mask)}];`)}
}
`,
    grid: (used) => [Math.ceil(width / WIDTH), rowGroups(rows, used), batch],
  };
}

export interface GateGradient {
  readonly rows: number;
  readonly width: number;
  readonly batch: number;
  readonly dy: Matrix;
  readonly x: Matrix;
  readonly mask: Matrix;
  /** Null where it is not needed. */
  readonly dMask: Matrix | null;
  /** Null where x needs no gradient. With batchStride 0 the products' shares are added up. */
  readonly dx: Matrix | null;
  readonly accumulateX: boolean;
}

/** Bindings dy, x, mask, and as needed dMask, dx. */
export function gateBackward(gradient: GateGradient): Kernel {
  const { rows, width, batch, dy, x, mask, dMask, dx } = gradient;
  const shared = dx !== null && dx.batchStride === 0 && batch > 1;
  const bindings: Binding[] = [read('dy'), read('x'), read('mask')];
  if (dMask) bindings.push(write('dMask'));
  if (dx) bindings.push(write('dx'));
  const at = (matrix: Matrix) => index(matrix, 'z', 'i', 'j');
  const maskLine = dMask ? `dMask[${at(dMask)}] = g * x[${at(x)}];` : '';
  const assign = dx ? `dx[${at(dx)}] ${gradient.accumulateX ? '+=' : '='}` : '';
  const body = shared
    ? `
  var sum = 0.0;
  for (var z = 0u; z < ${batch}u; z++) {
    let g = dy[${at(dy)}];
    ${maskLine}
    sum += g * mask[${at(mask)}];
  }
  let z = 0u;
  ${assign} sum;`
    : `
  let z = id.z;
  let g = dy[${at(dy)}];
  ${maskLine}
  ${dx ? `${assign} g * mask[${at(mask)}];` : ''}`;
  return {
    label: `gate [${rows}×${batch > 1 ? `${batch}×` : ''}${width}] backward`,
    bindings,
    code: `${declare(bindings)}
@compute @workgroup_size(${WIDTH})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let j = id.x;
  if (j >= ${width}u) { return; }
${eachRow(rows, 'i', 'id.y', body)}
}
`,
    grid: () => [Math.ceil(width / WIDTH), rowGroups(rows), shared ? 1 : batch],
  };
}
