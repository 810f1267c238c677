/**
 * Column-wise layers backward. x̂, the activation's slope and the dropout mask are computed again from x, which costs a few
 * operations where storing them would cost memory traffic. Same layout as forward: columns across invocations, the
 * batch inside. BatchNorm's gradient: dx = γ/√(var + ε) · (g − mean(g) − x̂·mean(g·x̂)).
 */
import type { ColumnsSpec } from './columns-spec.ts';
import {
  activationFunctions,
  dropoutFunction,
  hasAffine,
  readsHyper,
  scaled,
  sourceBinding,
  sourceFunctions,
} from './columns-spec.ts';
import type { Binding, Kernel, Matrix } from './kernel.ts';
import { declare, eachRow, HYPER, index, literal, read, rowGroups, write } from './kernel.ts';
import type { LaneLayout } from './workgroup-sum.ts';
import { totalFunction } from './workgroup-sum.ts';

/** Where the gradients go. */
export interface ColumnsGradient {
  readonly dy: Matrix;
  /** Null where the input needs no gradient. */
  readonly dx: Matrix | null;
  readonly accumulate: boolean;
}

/** Bindings x, dy, and as needed dx, stats, params, grads, hyper. */
export function columnsBackward(spec: ColumnsSpec, gradient: ColumnsGradient, layout: LaneLayout): Kernel {
  const { norm, rows, width } = spec;
  const { dx, accumulate } = gradient;
  const affine = hasAffine(spec);
  const bindings: Binding[] = [sourceBinding(spec), read('dy')];
  if (dx) bindings.push(write('dx'));
  if (norm) bindings.push(read('stats'));
  if (affine) bindings.push(read('params'), write('grads'));
  if (readsHyper(spec)) bindings.push(read('hyper'));
  const incoming = `dy[${index(gradient.dy, '0u', 'row', 'column')}] * kept(row, column)`;
  const assign = (value: string) =>
    dx
      ? `dx[${index(dx, '0u', 'row', 'column')}] ${accumulate ? '+=' : '='} (${value}) * steepness(row, column);`
      : '';
  const head = `${declare(bindings)}
${sourceFunctions(spec)}${activationFunctions(spec)}${dropoutFunction(spec)}`;
  if (!norm)
    return {
      label: `columns [${rows}×${width}] backward`,
      code: `${head}
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let column = id.x;
  if (column >= ${width}u) { return; }
${eachRow(rows, 'row', 'id.y', `  ${assign(`${incoming} * slope(source(row, column))`)}`)}
}
`,
      bindings,
      grid: () => [Math.ceil(width / 64), rowGroups(rows), 1],
    };
  const { lanes, sums } = layout;
  const accumulated = (at: number, sum: string) =>
    `{ let to = ${at}u + column; grads[to] = select(${sum}, grads[to] + ${sum}, hyper[${HYPER.accumulate}] != 0.0); }`;
  const weight = norm.weight === null ? '' : ` * params[${norm.weight}u + column]`;
  const code = `${head}${totalFunction(layout)}
@compute @workgroup_size(${sums}, ${lanes})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let lane = local.y;
  let wanted = group.x * ${sums}u + local.x;
  let column = min(wanted, ${width - 1}u);
  let mean = stats[column];
  let inverse = stats[${width}u + column];
  var sum = 0.0;
  var product = 0.0;
  for (var row = lane; row < ${rows}u; row += ${lanes}u) {
    let normalized = (source(row, column) - mean) * inverse;
    let g = ${incoming} * slope(${scaled(norm, 'normalized')});
    sum += g;
    product += g * normalized;
  }
  let sums = total(lane, local.x, sum);
  let products = total(lane, local.x, product);
  if (wanted >= ${width}u) { return; }
  ${affine ? `if (lane == 0u) { ${norm.weight === null ? '' : accumulated(norm.weight, 'products')} ${norm.bias === null || norm.learnsBias === false ? '' : accumulated(norm.bias, 'sums')} }` : ''}
${
  dx
    ? `  for (var row = lane; row < ${rows}u; row += ${lanes}u) {
    let normalized = (source(row, column) - mean) * inverse;
    let g = ${incoming} * slope(${scaled(norm, 'normalized')});
    ${assign(`(g - (sums + normalized * products) * ${literal(1 / rows)}) * inverse${weight}`)}
  }`
    : ''
}
}
`;
  return {
    label: `columns [${rows}×${width}] batch norm backward`,
    code,
    bindings,
    grid: () => [Math.ceil(width / sums), 1, 1],
  };
}
