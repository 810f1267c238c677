/**
 * Bias gradients: sums over the batch of every column, columns across invocations so that neighbours read neighbouring
 * floats (stock tfjs transposes the matrix first). Bindings dy, grads, hyper.
 */
import type { Kernel, Matrix } from './kernel.ts';
import { declare, HYPER, index, read, write } from './kernel.ts';
import type { LaneLayout } from './workgroup-sum.ts';
import { totalFunction } from './workgroup-sum.ts';

/** @param offset of the sums of product 0 in the small gradients; those of product z follow at offset + z·width. */
export function columnSums(
  rows: number,
  width: number,
  batch: number,
  dy: Matrix,
  offset: number,
  layout: LaneLayout,
): Kernel {
  const { lanes, sums } = layout;
  const bindings = [read('dy'), write('grads'), read('hyper')];
  const code = `${declare(bindings)}
${totalFunction(layout)}
@compute @workgroup_size(${sums}, ${lanes})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let lane = local.y;
  let z = group.z;
  let wanted = group.x * ${sums}u + local.x;
  let j = min(wanted, ${width - 1}u);
  var sum = 0.0;
  for (var row = lane; row < ${rows}u; row += ${lanes}u) { sum += dy[${index(dy, 'z', 'row', 'j')}]; }
  let all = total(lane, local.x, sum);
  if (wanted >= ${width}u || lane != 0u) { return; }
  let to = ${offset}u + z * ${width}u + j;
  grads[to] = select(all, grads[to] + all, hyper[${HYPER.accumulate}] != 0.0);
}
`;
  return {
    label: `column sums [${rows}×${batch > 1 ? `${batch}×` : ''}${width}]`,
    code,
    bindings,
    grid: () => [Math.ceil(width / sums), 1, batch],
  };
}
