/**
 * Adam in place. `adamSmall` updates all biases, norms and affine maps in one dispatch, with each element's rate group from
 * a table; `adamBlock` updates one block of weights from stored gradients (used with gradient accumulation only: the
 * usual step runs Adam in the weight gradient's epilogue and never stores a weight gradient). `packHalves` makes the
 * half-precision copy of weights that were loaded.
 */
import type { AdamOptions } from '../../engine.ts';
import { adamFunction, rateFunction, type RateRange } from './adam-code.ts';
import type { Kernel } from './kernel.ts';
import { declare, HALVES, HYPER, read, update, write } from './kernel.ts';

const WIDTH = 64;
/** WebGPU allows 65,535 workgroups along a dimension; beyond that the grid folds. */
const FOLD = 32768;

function folded(items: number): [number, number, number] {
  const groups = Math.ceil(items / WIDTH);
  return [Math.min(groups, FOLD), Math.ceil(groups / FOLD), 1];
}

const position = `id.x + id.y * ${FOLD * WIDTH}u`;

/** Bindings p, m, v, grads, groups, hyper. */
export function adamSmall(length: number, adam: AdamOptions): Kernel {
  const bindings = [
    update('p'),
    update('m'),
    update('v'),
    read('grads'),
    read('groups', 'u32'),
    read('hyper'),
  ];
  return {
    label: `adam ${length} small parameters`,
    bindings,
    code: `${declare(bindings)}
${adamFunction(adam, 'f32')}
@compute @workgroup_size(${WIDTH})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let at = ${position};
  if (at >= ${length}u) { return; }
  adam(at, grads[at] * hyper[${HYPER.gradientScale}], hyper[${HYPER.rates}u + groups[at]]);
}
`,
    grid: () => folded(length),
  };
}

/** @param ld floats of a row, a multiple of 4. Bindings p, m, v, grads, hyper; with `copy` also h, the weights in halves. */
export function adamBlock(
  rows: number,
  ld: number,
  adam: AdamOptions,
  rates: readonly RateRange[],
  copy = false,
): Kernel {
  const type = 'vec4<f32>';
  const bindings = [
    update('p', type),
    update('m', type),
    update('v', type),
    read('grads', type),
    read('hyper'),
  ];
  if (copy) bindings.push(write('h', 'vec2<u32>'));
  const length = (rows * ld) / 4;
  return {
    label: `adam [${rows}×${ld}]`,
    bindings,
    code: `${declare(bindings)}
${copy ? HALVES : ''}${adamFunction(adam, type, copy)}${rateFunction(rates)}
@compute @workgroup_size(${WIDTH})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let at = ${position};
  if (at >= ${length}u) { return; }
  adam(at, grads[at] * hyper[${HYPER.gradientScale}], rate(at / ${ld / 4}u));
}
`,
    grid: () => folded(length),
  };
}

/** @param length floats, a multiple of 4. Bindings p, and h for its half-precision copy. */
export function packHalves(length: number): Kernel {
  const bindings = [read('p', 'vec4<f32>'), write('h', 'vec2<u32>')];
  return {
    label: `pack ${length} weights`,
    bindings,
    code: `${declare(bindings)}
${HALVES}
@compute @workgroup_size(${WIDTH})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let at = ${position};
  if (at >= ${length / 4}u) { return; }
  h[at] = packed(p[at]);
}
`,
    grid: () => folded(length / 4),
  };
}
