/**
 * Embedding tables: rows of the small parameters that a column of the discrete tensor names. Backward, an id's examples add
 * up in their order in the invocations of the first of them, so that nothing depends on scheduling and no atomics are needed.
 */
import { dropoutFunction } from './columns-spec.ts';
import type { Binding, Kernel, Matrix } from './kernel.ts';
import { declare, eachRow, HYPER, index, read, rowGroups, write } from './kernel.ts';

const WIDTH = 64;

export interface EmbeddingSpec {
  /** Examples of the batch. */
  readonly rows: number;
  readonly width: number;
  /** The discrete tensor, and the column with the ids. */
  readonly ids: Matrix;
  readonly column: number;
  readonly tableRows: number;
  /** Offset of the table in the small parameters and gradients; its rows are dense. */
  readonly table: number;
  /** Examples that read zeros: see the graph node's `position`. */
  readonly dropout: { readonly node: number; readonly rate: number } | null;
}

/** `fn idOf(row) -> u32` on binding `ids`, and `fn has(row) -> f32`, 1 where the example reads its row. */
function rowFunctions({ ids, column, tableRows, dropout }: EmbeddingSpec): string {
  const kept = dropout && [{ begin: 0, width: 1, node: dropout.node, rate: dropout.rate }];
  return `
fn idOf(row: u32) -> u32 { return min(u32(max(ids[${index(ids, '0u', 'row', `${column}u`)}], 0.0)), ${tableRows - 1}u); }
${kept ? dropoutFunction({ dropout: kept }) : ''}
fn has(row: u32) -> f32 { return ${kept ? 'select(0.0, 1.0, kept(row, 0u) > 0.0)' : '1.0'}; }
`;
}

/** Bindings ids, params, y, and with dropout hyper. */
export function embeddingForward(spec: EmbeddingSpec, y: Matrix): Kernel {
  const { rows, width, table, dropout } = spec;
  const bindings: Binding[] = [read('ids'), read('params'), write('y')];
  if (dropout) bindings.push(read('hyper'));
  const body = `  y[${index(y, '0u', 'row', 'j')}] = params[${table}u + idOf(row) * ${width}u + j] * has(row);`;
  return {
    label: `embedding [${rows}×${width}]`,
    bindings,
    code: `${declare(bindings)}
${rowFunctions(spec)}
@compute @workgroup_size(${WIDTH})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let j = id.x;
  if (j >= ${width}u) { return; }
${eachRow(rows, 'row', 'id.y', body)}
}
`,
    grid: (used) => [Math.ceil(width / WIDTH), rowGroups(rows, used), 1],
  };
}

/** Zeroes the table's gradient unless gradients accumulate. Bindings grads, hyper. */
export function embeddingClear({ tableRows, width, table }: EmbeddingSpec): Kernel {
  const bindings = [write('grads'), read('hyper')];
  const body = `  if (hyper[${HYPER.accumulate}] == 0.0) { grads[${table}u + row * ${width}u + j] = 0.0; }`;
  return {
    label: `embedding [${tableRows}×${width}] clear`,
    bindings,
    code: `${declare(bindings)}
@compute @workgroup_size(${WIDTH})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let j = id.x;
  if (j >= ${width}u) { return; }
${eachRow(tableRows, 'row', 'id.y', body)}
}
`,
    grid: () => [Math.ceil(width / WIDTH), rowGroups(tableRows), 1],
  };
}

/** Adds to the table's gradient. Bindings ids, dy, grads, and with dropout hyper. */
export function embeddingBackward(spec: EmbeddingSpec, dy: Matrix): Kernel {
  const { rows, width, tableRows, table, dropout } = spec;
  const bindings: Binding[] = [read('ids'), read('dy'), write('grads')];
  if (dropout) bindings.push(read('hyper'));
  return {
    label: `embedding [${tableRows}×${width}] backward`,
    bindings,
    code: `${declare(bindings)}
${rowFunctions(spec)}
@compute @workgroup_size(${WIDTH})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let j = id.x;
  if (j >= ${width}u) { return; }
${eachRow(rows, 'row', 'id.y', '  gather(row, j);')}
}
fn gather(row: u32, j: u32) {
  let own = idOf(row);
  for (var earlier = 0u; earlier < row; earlier++) { if (idOf(earlier) == own) { return; } }
  var sum = 0.0;
  for (var r = row; r < ${rows}u; r++) {
    if (idOf(r) == own) { sum += dy[${index(dy, '0u', 'r', 'j')}] * has(r); }
  }
  let to = ${table}u + own * ${width}u + j;
  grads[to] += sum;
}
`,
    grid: () => [Math.ceil(width / WIDTH), rowGroups(rows), 1],
  };
}
