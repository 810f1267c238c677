/**
 * Column-wise layers forward. In training with BatchNorm the batch is the inner loop: invocations run along the columns,
 * so that neighbours read neighbouring floats and no transpose is needed; several lanes share a column on GPUs because
 * 2,560 columns alone would leave most of a GPU idle. Without statistics (evaluation, no BatchNorm) it is element-wise.
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
import type { Binding, Kernel } from './kernel.ts';
import { declare, eachRow, HYPER, index, literal, read, rowGroups, update, write } from './kernel.ts';
import type { LaneLayout } from './workgroup-sum.ts';
import { totalFunction } from './workgroup-sum.ts';

/**
 * Training: bindings x, y, and as needed params, stats (mean and 1/√(var + ε) of every column, for the backward
 * kernel), running, hyper.
 */
export function columnsForward(spec: ColumnsSpec, layout: LaneLayout): Kernel {
  const { norm, rows, width } = spec;
  if (!norm) return elementwise(spec, true);
  const { lanes, sums } = layout;
  const bindings: Binding[] = [sourceBinding(spec), write('y')];
  if (hasAffine(spec)) bindings.push(read('params'));
  bindings.push(write('stats'), update('running'), read('hyper'));
  const unbiased = rows > 1 ? literal(rows / (rows - 1)) : '1.0';
  const code = `${declare(bindings)}
${sourceFunctions(spec)}${activationFunctions(spec)}${dropoutFunction(spec)}${totalFunction(layout)}
@compute @workgroup_size(${sums}, ${lanes})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let lane = local.y;
  let wanted = group.x * ${sums}u + local.x;
  let column = min(wanted, ${width - 1}u);
  var sum = 0.0;
  for (var row = lane; row < ${rows}u; row += ${lanes}u) { sum += source(row, column); }
  let mean = total(lane, local.x, sum) * ${literal(1 / rows)};
  var squares = 0.0;
  for (var row = lane; row < ${rows}u; row += ${lanes}u) {
    let d = source(row, column) - mean;
    squares += d * d;
  }
  let variance = total(lane, local.x, squares) * ${literal(1 / rows)};
  let inverse = 1.0 / sqrt(variance + ${literal(norm.epsilon)});
  if (wanted >= ${width}u) { return; }
  if (lane == 0u) {
    stats[column] = mean;
    stats[${width}u + column] = inverse;
    if (hyper[${HYPER.track}] != 0.0) {
      let m = ${norm.runningMean}u + column;
      let v = ${norm.runningVar}u + column;
      running[m] += ${literal(norm.momentum)} * (mean - running[m]);
      running[v] += ${literal(norm.momentum)} * (variance * ${unbiased} - running[v]);
    }
  }
  for (var row = lane; row < ${rows}u; row += ${lanes}u) {
    let normalized = (source(row, column) - mean) * inverse;
    y[${index(spec.y, '0u', 'row', 'column')}] = activate(${scaled(norm, 'normalized')}) * kept(row, column);
  }
}
`;
  return {
    label: `columns [${rows}×${width}] batch norm forward`,
    code,
    bindings,
    grid: () => [Math.ceil(width / sums), 1, 1],
  };
}

/** Evaluation: running statistics, no dropout. Bindings x, y, and as needed params, running. */
export function columnsInference(spec: ColumnsSpec): Kernel {
  return elementwise({ ...spec, dropout: [] }, false);
}

function elementwise(spec: ColumnsSpec, training: boolean): Kernel {
  const { norm, rows, width } = spec;
  const bindings: Binding[] = [sourceBinding(spec), write('y')];
  if (hasAffine(spec)) bindings.push(read('params'));
  if (norm) bindings.push(read('running'));
  if (training && readsHyper(spec)) bindings.push(read('hyper'));
  const value = norm
    ? scaled(
        norm,
        `((source(row, column) - running[${norm.runningMean}u + column]) / sqrt(running[${norm.runningVar}u + column] + ${literal(norm.epsilon)}))`,
      )
    : 'source(row, column)';
  const code = `${declare(bindings)}
${sourceFunctions(spec)}${activationFunctions(spec)}${dropoutFunction(spec)}
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let column = id.x;
  if (column >= ${width}u) { return; }
${eachRow(rows, 'row', 'id.y', `  y[${index(spec.y, '0u', 'row', 'column')}] = activate(${value}) * kept(row, column);`)}
}
`;
  return {
    label: `columns [${rows}×${width}] element-wise`,
    code,
    bindings,
    grid: (used) => [Math.ceil(width / 64), rowGroups(rows, used), 1],
  };
}
