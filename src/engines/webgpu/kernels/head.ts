/**
 * The end of all towers in one dispatch: affine map, and in training the gradient of
 * BCE-with-logits. [batch, tasks] is a few thousand elements, so what counts is that it is one dispatch. The loss
 * itself is computed on the CPU in float64 from the logits, which are read back anyway (src/engines/bce.ts).
 */
import type { Binding, Kernel, Matrix } from './kernel.ts';
import { declare, foldedLine, HYPER, index, literal, read, write } from './kernel.ts';
import type { LaneLayout } from './workgroup-sum.ts';
import { totalFunction } from './workgroup-sum.ts';

export interface HeadTask {
  readonly posWeight: number;
  /** Offsets of the affine map in the small parameters, null without one. */
  readonly affine: { readonly weight: number; readonly bias: number } | null;
}

export interface HeadSpec {
  readonly rows: number;
  readonly tasks: readonly HeadTask[];
  /** The towers' outputs, [rows, tasks]. */
  readonly x: Matrix;
}

/** A function of the task's index as a chain of selects over its distinct values. */
function table(name: string, type: 'f32' | 'u32', values: readonly (string | number)[]): string {
  const lines = values.map((value, task) =>
    task === 0 ? `  var r: ${type} = ${value};` : `  if (task == ${task}u) { r = ${value}; }`,
  );
  return `fn ${name}(task: u32) -> ${type} {\n${lines.join('\n')}\n  return r;\n}\n`;
}

function affineFunctions(tasks: readonly HeadTask[]): string {
  const scale = tasks.map(({ affine }) => (affine ? `params[${affine.weight}]` : '1.0'));
  const shift = tasks.map(({ affine }) => (affine ? `params[${affine.bias}]` : '0.0'));
  return table('scaleOf', 'f32', scale) + table('shiftOf', 'f32', shift);
}

/**
 * Training: one workgroup per task, lanes along the batch. Bindings x, logits (dense [rows, tasks]), targets (labels, then
 * weights, each dense [rows, tasks]), dx, and with affine maps params, grads, hyper.
 * dx = weight/(rows·tasks) · ((1 − y) − (1 + (posWeight − 1)·y)·σ(−logit)) · scale
 */
export function headBackward(spec: HeadSpec, dx: Matrix, layout: LaneLayout): Kernel {
  const { rows, tasks, x } = spec;
  const { lanes } = layout;
  const affine = tasks.some((task) => task.affine);
  const bindings: Binding[] = [read('x'), write('logits'), read('targets'), write('dx')];
  if (affine) bindings.push(read('params'), write('grads'), read('hyper'));
  const count = tasks.length;
  const store = (name: string, pick: (task: { weight: number; bias: number }) => number) =>
    tasks
      .map(({ affine: map }, task) =>
        map
          ? `    if (task == ${task}u) { let to = ${pick(map)}u; grads[to] = select(${name}, grads[to] + ${name}, hyper[${HYPER.accumulate}] != 0.0); }`
          : '',
      )
      .filter((line) => line !== '')
      .join('\n');
  const code = `${declare(bindings)}
${affineFunctions(tasks)}${table(
    'posWeightOf',
    'f32',
    tasks.map(({ posWeight }) => literal(posWeight)),
  )}
${totalFunction({ lanes, sums: 1 })}
@compute @workgroup_size(${lanes})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let task = group.x;
  let lane = local.x;
  let scale = scaleOf(task);
  let shift = shiftOf(task);
  let surplus = posWeightOf(task) - 1.0;
  var scaleSum = 0.0;
  var shiftSum = 0.0;
  for (var row = lane; row < ${rows}u; row += ${lanes}u) {
    let at = row * ${count}u + task;
    let raw = x[${index(x, '0u', 'row', 'task')}];
    let logit = scale * raw + shift;
    logits[at] = logit;
    let label = targets[at];
    let weight = targets[at + ${rows * count}u] * ${literal(1 / (rows * count))};
    // σ(−x) without cancellation on either side
    let e = exp(-abs(logit));
    let complement = select(e, 1.0, logit < 0.0) / (1.0 + e);
    let g = weight * (1.0 - label - (1.0 + surplus * label) * complement);
    dx[${index(dx, '0u', 'row', 'task')}] = g * scale;
    scaleSum += g * raw;
    shiftSum += g;
  }
${
  affine
    ? `  let scaleAll = total(lane, 0u, scaleSum);
  let shiftAll = total(lane, 0u, shiftSum);
  if (lane == 0u) {
${store('scaleAll', (map) => map.weight)}
${store('shiftAll', (map) => map.bias)}
  }`
    : ''
}
}
`;
  return { label: `head [${rows}×${count}] loss gradient`, code, bindings, grid: () => [count, 1, 1] };
}

/**
 * Prediction, element-wise: the affine maps. Probabilities follow on the CPU in float64 (src/engines/heads.ts). Bindings
 * x, logits (dense [rows, tasks]), and with affine maps params.
 */
export function headInference(spec: HeadSpec): Kernel {
  const { rows, tasks, x } = spec;
  const count = tasks.length;
  const line = foldedLine(Math.ceil((rows * count) / 64));
  const affine = tasks.some((task) => task.affine);
  const bindings: Binding[] = [read('x'), write('logits')];
  if (affine) bindings.push(read('params'));
  const code = `${declare(bindings)}
${affineFunctions(tasks)}
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let at = ${line.index('group')} * 64u + local.x;
  if (at >= ${rows * count}u) { return; }
  let row = at / ${count}u;
  let task = at % ${count}u;
  logits[at] = scaleOf(task) * x[${index(x, '0u', 'row', 'task')}] + shiftOf(task);
}
`;
  return {
    label: `head [${rows}×${count}] prediction`,
    code,
    bindings,
    grid: (used) =>
      line.y > 1 ? [line.x, line.y, 1] : [Math.ceil((Math.min(used, rows) * count) / 64), 1, 1],
  };
}
