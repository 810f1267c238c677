/**
 * LayerNorm of rows, for several segments of a row at once (the MaskBlocks' outputs side by side are one op). Rows across
 * workgroups, a row's columns across lanes: a row is read three times but stays in cache. On software adapters one
 * invocation takes a whole row, without barriers.
 */
import type { Binding, Kernel, Matrix } from './kernel.ts';
import { declare, foldedLine, HYPER, index, literal, read, write } from './kernel.ts';
import type { LaneLayout } from './workgroup-sum.ts';
import { totalFunction } from './workgroup-sum.ts';

export interface LayerNormSpec {
  readonly rows: number;
  readonly width: number;
  /** Segments per row; segment z starts at z·batchStride of each matrix. */
  readonly batch: number;
  readonly x: Matrix;
  readonly epsilon: number;
  /** Offsets of γ and β in the small parameters, for segment 0, segments side by side; null without affine. */
  readonly weight: number | null;
  readonly bias: number | null;
}

const column = ({ width }: LayerNormSpec, offset: number) => `${offset}u + z * ${width}u + j`;

/** A constant row has no direction: with ε = 0 its normalised values are 0, not 0/0. */
const inverseOf = (epsilon: number) =>
  `select(0.0, 1.0 / sqrt(variance + ${literal(epsilon)}), variance + ${literal(epsilon)} > 0.0)`;

/** Bindings x, y, [params], [stats: mean and inverse deviation of (row, z), for the backward kernels]. */
export function layerNormForward(spec: LayerNormSpec, y: Matrix, layout: LaneLayout, keep: boolean): Kernel {
  const { rows, width, batch, x, weight, bias } = spec;
  const { lanes, sums } = layout;
  const line = foldedLine(Math.ceil(rows / sums));
  const bindings: Binding[] = [read('x'), write('y')];
  if (weight !== null || bias !== null) bindings.push(read('params'));
  if (keep) bindings.push(write('stats'));
  const value = `(x[${index(x, 'z', 'row', 'j')}] - mean) * inverse${weight === null ? '' : ` * params[${column(spec, weight)}]`}${bias === null ? '' : ` + params[${column(spec, bias)}]`}`;
  const code = `${declare(bindings)}
${totalFunction(layout)}
@compute @workgroup_size(${lanes}, ${sums})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let lane = local.x;
  let z = group.z;
  let wanted = ${line.index('group')} * ${sums}u + local.y;
  let row = min(wanted, ${rows - 1}u);
  var sum = 0.0;
  for (var j = lane; j < ${width}u; j += ${lanes}u) { sum += x[${index(x, 'z', 'row', 'j')}]; }
  let mean = total(lane, local.y, sum) * ${literal(1 / width)};
  var squares = 0.0;
  for (var j = lane; j < ${width}u; j += ${lanes}u) {
    let d = x[${index(x, 'z', 'row', 'j')}] - mean;
    squares += d * d;
  }
  let variance = total(lane, local.y, squares) * ${literal(1 / width)};
  let inverse = ${inverseOf(spec.epsilon)};
  if (wanted >= ${rows}u) { return; }
  ${keep ? `if (lane == 0u) { let at = (row * ${batch}u + z) * 2u; stats[at] = mean; stats[at + 1u] = inverse; }` : ''}
  for (var j = lane; j < ${width}u; j += ${lanes}u) {
    y[${index(y, 'z', 'row', 'j')}] = ${value};
  }
}
`;
  return {
    label: `layer norm [${rows}×${batch > 1 ? `${batch}×` : ''}${width}] forward`,
    code,
    bindings,
    grid: (used) =>
      line.y > 1 ? [line.x, line.y, batch] : [Math.ceil(Math.min(used, rows) / sums), 1, batch],
  };
}

/**
 * dx = (g − mean(g) − x̂·mean(g·x̂))/σ with g = dy·γ, along the row. Bindings x, dy, dx, stats, [params].
 */
export function layerNormBackward(
  spec: LayerNormSpec,
  dy: Matrix,
  dx: Matrix,
  accumulate: boolean,
  layout: LaneLayout,
): Kernel {
  const { rows, width, batch, x, weight } = spec;
  const { lanes, sums } = layout;
  const line = foldedLine(Math.ceil(rows / sums));
  const bindings: Binding[] = [read('x'), read('dy'), write('dx'), read('stats')];
  if (weight !== null) bindings.push(read('params'));
  const g = `dy[${index(dy, 'z', 'row', 'j')}]${weight === null ? '' : ` * params[${column(spec, weight)}]`}`;
  const normalized = `(x[${index(x, 'z', 'row', 'j')}] - mean) * inverse`;
  const code = `${declare(bindings)}
${totalFunction(layout)}
@compute @workgroup_size(${lanes}, ${sums})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let lane = local.x;
  let z = group.z;
  let wanted = ${line.index('group')} * ${sums}u + local.y;
  let row = min(wanted, ${rows - 1}u);
  let mean = stats[(row * ${batch}u + z) * 2u];
  let inverse = stats[(row * ${batch}u + z) * 2u + 1u];
  var sum = 0.0;
  var product = 0.0;
  for (var j = lane; j < ${width}u; j += ${lanes}u) {
    let g = ${g};
    sum += g;
    product += g * (${normalized});
  }
  let sumMean = total(lane, local.y, sum) * ${literal(1 / width)};
  let productMean = total(lane, local.y, product) * ${literal(1 / width)};
  if (wanted >= ${rows}u) { return; }
  for (var j = lane; j < ${width}u; j += ${lanes}u) {
    dx[${index(dx, 'z', 'row', 'j')}] ${accumulate ? '+=' : '='} (${g} - sumMean - ${normalized} * productMean) * inverse;
  }
}
`;
  return {
    label: `layer norm [${rows}×${batch > 1 ? `${batch}×` : ''}${width}] backward`,
    code,
    bindings,
    grid: () => [line.x, line.y, batch],
  };
}

/** dγ = Σ dy·x̂ and dβ = Σ dy over the batch, columns across invocations. Bindings x, dy, stats, grads, hyper. */
export function layerNormParameters(spec: LayerNormSpec, dy: Matrix, layout: LaneLayout): Kernel {
  const { rows, width, batch, x, weight, bias } = spec;
  const { lanes, sums } = layout;
  const bindings: Binding[] = [read('x'), read('dy'), read('stats'), write('grads'), read('hyper')];
  const accumulated = (offset: number, value: string) =>
    `{ let to = ${column(spec, offset)}; grads[to] = select(${value}, grads[to] + ${value}, hyper[${HYPER.accumulate}] != 0.0); }`;
  const code = `${declare(bindings)}
${totalFunction(layout)}
@compute @workgroup_size(${sums}, ${lanes})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let lane = local.y;
  let z = group.z;
  let wanted = group.x * ${sums}u + local.x;
  let j = min(wanted, ${width - 1}u);
  var sum = 0.0;
  var product = 0.0;
  for (var row = lane; row < ${rows}u; row += ${lanes}u) {
    let at = (row * ${batch}u + z) * 2u;
    let g = dy[${index(dy, 'z', 'row', 'j')}];
    sum += g;
    product += g * (x[${index(x, 'z', 'row', 'j')}] - stats[at]) * stats[at + 1u];
  }
  let sums = total(lane, local.x, sum);
  let products = total(lane, local.x, product);
  if (wanted >= ${width}u || lane != 0u) { return; }
  ${weight === null ? '' : accumulated(weight, 'products')}
  ${bias === null ? '' : accumulated(bias, 'sums')}
}
`;
  return {
    label: `layer norm [${rows}×${batch > 1 ? `${batch}×` : ''}${width}] parameters`,
    code,
    bindings,
    grid: () => [Math.ceil(width / sums), 1, batch],
  };
}
