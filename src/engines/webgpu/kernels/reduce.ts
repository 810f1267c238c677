/**
 * Second half of a split-K product: adds the parts in their order (so the result does not depend on scheduling) and runs
 * the epilogue. One invocation per group of four columns; purely bandwidth-bound, the workspace is read once.
 */
import type { Epilogue } from './epilogue.ts';
import { epilogueCode } from './epilogue.ts';
import type { GemmProblem } from './gemm-problem.ts';
import { gemmLabel } from './gemm-problem.ts';
import type { Kernel } from './kernel.ts';
import { declare, eachRow, HALVES, read, rowGroups } from './kernel.ts';

const WIDTH = 64;

/** @returns the kernel with bindings `parts` and the epilogue's. */
export function reduceParts(problem: GemmProblem, epilogue: Epilogue, split: number): Kernel {
  const { form, m, n, batch } = problem;
  const ld = Math.ceil(n / 4);
  const end = epilogueCode(epilogue, m, n);
  const bindings = [read('parts', 'vec4<f32>'), ...end.bindings];
  const call = end.vector
    ? 'finish(z, i, j, sum);'
    : [0, 1, 2, 3].map((e) => `if (j + ${e}u < ${n}u) { finish(z, i, j + ${e}u, sum[${e}]); }`).join(' ');
  if (end.sums !== undefined) throw new Error('the parts of a product do not hold the sums over A');
  const code = `${declare(bindings)}
${end.halves ? HALVES : ''}${end.code}
@compute @workgroup_size(${WIDTH})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let quad = id.x;
  let z = id.z;
  if (quad >= ${ld}u) { return; }
  let j = quad * 4u;
${eachRow(
  m,
  'i',
  'id.y',
  `  let first = (z * ${m}u + i) * ${ld}u + quad;
  var sum = parts[first];
  for (var s = 1u; s < ${split}u; s++) { sum += parts[first + s * ${batch * m * ld}u]; }
  ${call}`,
)}
}
`;
  return {
    label: `${gemmLabel(problem)} reduce ${split}`,
    code,
    bindings,
    grid: (rows) => [Math.ceil(ld / WIDTH), rowGroups(m, form === 'TN' ? m : rows), batch],
  };
}
