/**
 * Sums over the `lanes` invocations that share a row or a column, in a fixed order. With one lane (software adapters,
 * where a barrier costs more than the whole sum) there is no workgroup memory and no barrier in the code at all.
 */

export interface LaneLayout {
  /** Invocations that share one sum, a power of two. */
  readonly lanes: number;
  /** Sums of one workgroup. */
  readonly sums: number;
}

/** Declares `fn total(lane: u32, slot: u32, value: f32) -> f32`, to be called in uniform control flow. */
export function totalFunction({ lanes, sums }: LaneLayout): string {
  if (lanes === 1) return 'fn total(lane: u32, slot: u32, value: f32) -> f32 { return value; }\n';
  return `
var<workgroup> partials: array<f32, ${lanes * sums}>;
fn total(lane: u32, slot: u32, value: f32) -> f32 {
  partials[lane * ${sums}u + slot] = value;
  workgroupBarrier();
  for (var half = ${lanes / 2}u; half > 0u; half = half >> 1u) {
    if (lane < half) { partials[lane * ${sums}u + slot] += partials[(lane + half) * ${sums}u + slot]; }
    workgroupBarrier();
  }
  let sum = partials[slot];
  workgroupBarrier();
  return sum;
}
`;
}

/** Lane layout of kernels that reduce over the batch, one sum per column. */
export function columnLanes(software: boolean): LaneLayout {
  return software ? { lanes: 1, sums: 16 } : { lanes: 8, sums: 32 };
}

/** Lane layout of kernels that reduce over a row. */
export function rowLanes(software: boolean): LaneLayout {
  return software ? { lanes: 1, sums: 4 } : { lanes: 64, sums: 1 };
}
