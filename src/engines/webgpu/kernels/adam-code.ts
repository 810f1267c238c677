/**
 * Adam as WGSL text, shared by the kernel that updates small parameters and by the weight gradients' epilogue.
 * Update lr·m̂/(√v̂ + ε) in PyTorch's form: p −= lr/(1 − β₁ᵗ) · m / (√v/√(1 − β₂ᵗ) + ε). Rates and corrections come from
 * the buffer `hyper`, so that a schedule never makes a new pipeline.
 */
import type { AdamOptions } from '../../engine.ts';
import { HYPER, literal } from './kernel.ts';

/** Which learning-rate group a row of a weight block belongs to: rows [begin, next begin) have `group`. */
export interface RateRange {
  readonly begin: number;
  readonly group: number;
}

/**
 * `fn adam(index, gradient, rate)` on bindings p, m, v, hyper whose elements are of type `type`; with `copy` it writes the
 * new weights to `h` in half precision too, and needs HALVES.
 */
export function adamFunction(options: AdamOptions, type: 'f32' | 'vec4<f32>', copy = false): string {
  const beta2 = literal(options.beta2);
  return `
fn adam(at: u32, g: ${type}, rate: f32) {
  let first = m[at] + ${literal(1 - options.beta1)} * (g - m[at]);
  let second = ${beta2} * v[at] + ${literal(1 - options.beta2)} * g * g;
  m[at] = first;
  v[at] = second;
  let weight = p[at] - rate * first / (sqrt(second) / hyper[${HYPER.secondCorrection}] + ${literal(options.epsilon)});
  p[at] = weight;${copy ? '\n  h[at] = packed(weight);' : ''}
}
`;
}

/** The same on four columns that the caller has loaded: `adamCall`'s function. */
export function adamBlockFunction(options: AdamOptions, copy = false): string {
  const type = 'vec4<f32>';
  const beta2 = literal(options.beta2);
  return `
fn adamWith(at: u32, g: ${type}, rate: f32, correction: f32, oldWeight: ${type}, oldFirst: ${type}, oldSecond: ${type}) {
  let first = oldFirst + ${literal(1 - options.beta1)} * (g - oldFirst);
  let second = ${beta2} * oldSecond + ${literal(1 - options.beta2)} * g * g;
  m[at] = first;
  v[at] = second;
  let weight = oldWeight - rate * first / (sqrt(second) / correction + ${literal(options.epsilon)});
  p[at] = weight;${copy ? '\n  h[at] = packed(weight);' : ''}
}
`;
}

/** Reads the step's correction once, for `adamCall`. */
export const ADAM_START = `  let correction = hyper[${HYPER.secondCorrection}];\n`;

/** Loads what `adamCall` of the same suffix needs. */
export function adamLoads(at: string, suffix: string, rate: string): string {
  return `    let rate${suffix} = ${rate};
    let weight${suffix} = p[${at}];
    let first${suffix} = m[${at}];
    let second${suffix} = v[${at}];
`;
}

export function adamCall(at: string, suffix: string, gradient: string): string {
  return `adamWith(${at}, ${gradient}, rate${suffix}, correction, weight${suffix}, first${suffix}, second${suffix});`;
}

/** `fn rate(row) -> f32`: the corrected learning rate of a row. A chain of selects: at most one per group. */
export function rateFunction(ranges: readonly RateRange[]): string {
  const at = (group: number) => `hyper[${HYPER.rates + group}]`;
  const lines = ranges.map(({ begin, group }, position) =>
    position === 0 ? `  var r = ${at(group)};` : `  if (row >= ${begin}u) { r = ${at(group)}; }`,
  );
  return `\nfn rate(row: u32) -> f32 {\n${lines.join('\n')}\n  return r;\n}\n`;
}

/** Merges neighbouring ranges of the same group. */
export function mergeRanges(ranges: readonly RateRange[]): RateRange[] {
  return ranges.filter(({ group }, position) => position === 0 || ranges[position - 1]?.group !== group);
}
