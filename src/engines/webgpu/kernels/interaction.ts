/** DLRM's interaction: dot products of a row's equal parts with one another, of part i with all j < i. */
import type { Kernel, Matrix } from './kernel.ts';
import { declare, eachRow, index, read, rowGroups, write } from './kernel.ts';

const WIDTH = 64;

export interface InteractionSpec {
  readonly rows: number;
  /** Parts of a row, and the columns of one. */
  readonly vectors: number;
  readonly width: number;
  readonly x: Matrix;
}

/** Bindings x, y. */
export function interactionForward(spec: InteractionSpec, y: Matrix): Kernel {
  const { rows, vectors, width, x } = spec;
  const pairs = (vectors * (vectors - 1)) / 2;
  const bindings = [read('x'), write('y')];
  const part = (which: string) => `x[${index(x, '0u', 'row', `${which} * ${width}u + d`)}]`;
  const body = `  var sum = 0.0;
  for (var d = 0u; d < ${width}u; d++) { sum += ${part('i')} * ${part('j')}; }
  y[${index(y, '0u', 'row', 'pair')}] = sum;`;
  return {
    label: `interaction [${rows}×${vectors}×${width}]`,
    bindings,
    code: `${declare(bindings)}
@compute @workgroup_size(${WIDTH})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let pair = id.x;
  if (pair >= ${pairs}u) { return; }
  var i = 1u;
  var j = pair;
  while (j >= i) { j -= i; i++; }
${eachRow(rows, 'row', 'id.y', body)}
}
`,
    grid: (used) => [Math.ceil(pairs / WIDTH), rowGroups(rows, used), 1],
  };
}

/** dxᵢ = Σⱼ dy(i, j)·xⱼ. Bindings x, dy, dx. */
export function interactionBackward(
  spec: InteractionSpec,
  dy: Matrix,
  dx: Matrix,
  accumulate: boolean,
): Kernel {
  const { rows, vectors, width, x } = spec;
  const bindings = [read('x'), read('dy'), write('dx')];
  const body = `  var sum = 0.0;
  for (var j = 0u; j < ${vectors}u; j++) {
    if (j == i) { continue; }
    let high = max(i, j);
    let pair = high * (high - 1u) / 2u + min(i, j);
    sum += dy[${index(dy, '0u', 'row', 'pair')}] * x[${index(x, '0u', 'row', `j * ${width}u + d`)}];
  }
  dx[${index(dx, '0u', 'row', 'column')}] ${accumulate ? '+=' : '='} sum;`;
  return {
    label: `interaction [${rows}×${vectors}×${width}] backward`,
    bindings,
    code: `${declare(bindings)}
@compute @workgroup_size(${WIDTH})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let column = id.x;
  if (column >= ${vectors * width}u) { return; }
  let i = column / ${width}u;
  let d = column % ${width}u;
${eachRow(rows, 'row', 'id.y', body)}
}
`,
    grid: () => [Math.ceil((vectors * width) / WIDTH), rowGroups(rows), 1],
  };
}
