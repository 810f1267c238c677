/**
 * Column-wise layers: [signed log] → [BatchNorm] → [ReLU or clamp] → [dropout], in one kernel forward and one backward.
 * They cover the featurization and the towers' hidden layers; several layers side by side in one matrix are one op.
 * This file holds the description and the WGSL pieces that forward and backward share.
 */
import { dropoutScale, dropoutThreshold } from '../../dropout.ts';
import type { Matrix } from './kernel.ts';
import { HYPER, index, literal } from './kernel.ts';

export interface ColumnNorm {
  readonly epsilon: number;
  readonly momentum: number;
  /** Offsets in the small parameters, for all columns of the op; null without affine. */
  readonly weight: number | null;
  readonly bias: number | null;
  /** Offsets in the buffer of running statistics. */
  readonly runningMean: number;
  readonly runningVar: number;
}

/** Dropout of the columns [begin, begin + width): one graph node. */
export interface ColumnDropout {
  readonly begin: number;
  readonly width: number;
  readonly node: number;
  readonly rate: number;
}

export interface ColumnsSpec {
  readonly rows: number;
  readonly width: number;
  readonly x: Matrix;
  readonly y: Matrix;
  readonly signedLog: boolean;
  readonly norm: ColumnNorm | null;
  readonly activation: 'none' | 'relu' | { readonly min: number; readonly max: number };
  /** Empty without dropout. */
  readonly dropout: readonly ColumnDropout[];
}

/**
 * `fn source(row, column) -> f32` on binding `x`. The signed log reads bits: WGSL may assume that floats are finite, so
 * only an integer test finds NaN and infinity. log1p is a series below 1, where log(1 + x) would round x away.
 */
export function sourceFunction({ x, signedLog }: ColumnsSpec): string {
  const at = index(x, '0u', 'row', 'column');
  if (!signedLog) return `fn source(row: u32, column: u32) -> f32 { return x[${at}]; }\n`;
  return `
fn source(row: u32, column: u32) -> f32 {
  let bits = x[${at}];
  if ((bits & 0x7f800000u) == 0x7f800000u) { return 0.0; }
  let size = bitcast<f32>(bits & 0x7fffffffu);
  var magnitude: f32;
  if (size < 1.0) {
    // 2·artanh(s), s = x/(2 + x) ≤ 1/3
    let s = size / (2.0 + size);
    let q = s * s;
    magnitude = 2.0 * s * (1.0 + q * (1.0 / 3.0 + q * (1.0 / 5.0 + q * (1.0 / 7.0 + q * (1.0 / 9.0
      + q * (1.0 / 11.0 + q * (1.0 / 13.0 + q / 15.0)))))));
  } else {
    magnitude = log(1.0 + size);
  }
  return select(magnitude, -magnitude, (bits >> 31u) == 1u);
}
`;
}

/** `fn activate(value) -> f32` and `fn slope(value) -> f32`, its derivative at the same value. */
export function activationFunctions({ activation }: ColumnsSpec): string {
  if (activation === 'none')
    return `
fn activate(value: f32) -> f32 { return value; }
fn slope(value: f32) -> f32 { return 1.0; }
`;
  if (activation === 'relu')
    return `
fn activate(value: f32) -> f32 { return max(value, 0.0); }
fn slope(value: f32) -> f32 { return select(0.0, 1.0, value > 0.0); }
`;
  const low = literal(activation.min);
  const high = literal(activation.max);
  return `
fn activate(value: f32) -> f32 { return clamp(value, ${low}, ${high}); }
fn slope(value: f32) -> f32 { return select(0.0, 1.0, value >= ${low} && value <= ${high}); }
`;
}

/** `fn kept(row, column) -> f32`: dropout's factor, 0 or 1/(1 − rate); the hash of src/engines/dropout.ts. */
export function dropoutFunction({ dropout }: ColumnsSpec): string {
  if (dropout.length === 0) return 'fn kept(row: u32, column: u32) -> f32 { return 1.0; }\n';
  const choose = dropout
    .map(({ begin, width, node, rate }, position) => {
      const body = `begin = ${begin}u; width = ${width}u; node = ${node}u; threshold = ${dropoutThreshold(rate)}u; scale = ${literal(dropoutScale(rate))};`;
      return position === 0 ? `  ${body}` : `  if (column >= ${begin}u) { ${body} }`;
    })
    .join('\n');
  return `
fn pcg(value: u32) -> u32 {
  let state = value * 747796405u + 2891336453u;
  let word = ((state >> ((state >> 28u) + 4u)) ^ state) * 277803737u;
  return (word >> 22u) ^ word;
}
fn kept(row: u32, column: u32) -> f32 {
  var begin: u32; var width: u32; var node: u32; var threshold: u32; var scale: f32;
${choose}
  let prefix = (u32(hyper[${HYPER.dropoutHigh}]) << 16u) | u32(hyper[${HYPER.dropoutLow}]);
  let key = pcg(prefix + node);
  let hash = pcg(pcg(row * width + column - begin) + key);
  return select(0.0, scale, hash >= threshold);
}
`;
}

/** Expression of γ·x̂ + β for a column. */
export function scaled(norm: ColumnNorm, normalized: string): string {
  const weight = norm.weight === null ? '' : ` * params[${norm.weight}u + column]`;
  const bias = norm.bias === null ? '' : ` + params[${norm.bias}u + column]`;
  return `${normalized}${weight}${bias}`;
}

/** Whether the op needs dropout or running-statistics words of the step. */
export function readsHyper({ norm, dropout }: ColumnsSpec): boolean {
  return norm !== null || dropout.length > 0;
}

export function hasAffine({ norm }: ColumnsSpec): boolean {
  return norm !== null && (norm.weight !== null || norm.bias !== null);
}
