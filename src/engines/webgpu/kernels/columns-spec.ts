/**
 * Column-wise layers: [operation] → [BatchNorm] → [operation] → [dropout], in one kernel forward and one backward.
 * They cover the featurization and the towers' hidden layers; several layers side by side in one matrix are one op.
 * This file holds the description and the WGSL pieces that forward and backward share.
 */
import type { Constants } from '../../../graph/ops/element-op.ts';
import type { OpName } from '../../../graph/ops/registry.ts';
import { OPS } from '../../../graph/ops/registry.ts';
import { dropoutScale, dropoutThreshold } from '../../dropout.ts';
import type { Binding, Matrix } from './kernel.ts';
import { HYPER, index, literal, read } from './kernel.ts';

/** An element-wise operation with its constants. */
export interface ElementUse {
  readonly op: OpName;
  readonly constants: Constants;
}

export interface ColumnNorm {
  readonly epsilon: number;
  readonly momentum: number;
  /** Offsets in the small parameters, for all columns of the op; null without affine. */
  readonly weight: number | null;
  readonly bias: number | null;
  /** False where the bias gets no gradient. */
  readonly learnsBias?: boolean;
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
  /** Element-wise operations of the table (graph/ops), before and after the norm. */
  readonly before: ElementUse | null;
  readonly norm: ColumnNorm | null;
  readonly after: ElementUse | null;
  /** Empty without dropout. */
  readonly dropout: readonly ColumnDropout[];
}

/** A function of one element from a body of the table. An operation that filters non-finite values takes bits. */
function elementFunction(name: string, use: ElementUse, body: 'value' | 'slope'): string {
  const { wgsl, filtersNonFinite } = OPS[use.op];
  const type = filtersNonFinite ? 'u32' : 'f32';
  return `
fn ${name}(x: ${type}) -> f32 {
  ${wgsl[body](use.constants.map(literal))}
}
`;
}

/** Whether binding `x` is read as bits. */
const readsBits = ({ before }: ColumnsSpec) => before !== null && OPS[before.op].filtersNonFinite === true;

/** Binding `x`: WGSL may assume that floats are finite, so an operation that filters what is not reads bits. */
export function sourceBinding(spec: ColumnsSpec): Binding {
  return read('x', readsBits(spec) ? 'u32' : 'f32');
}

/** `fn source(row, column) -> f32` on binding `x`, and `fn steepness(row, column) -> f32`, its derivative. */
export function sourceFunctions({ x, before }: ColumnsSpec): string {
  const at = `x[${index(x, '0u', 'row', 'column')}]`;
  const element = (name: string, value: string) =>
    `fn ${name}(row: u32, column: u32) -> f32 { return ${value}; }\n`;
  if (!before) return element('source', at) + element('steepness', '1.0');
  return (
    elementFunction('before', before, 'value') +
    elementFunction('beforeSlope', before, 'slope') +
    element('source', `before(${at})`) +
    element('steepness', `beforeSlope(${at})`)
  );
}

/** `fn activate(value) -> f32` and `fn slope(value) -> f32`, its derivative at the same value. */
export function activationFunctions({ after }: ColumnsSpec): string {
  if (!after)
    return `
fn activate(value: f32) -> f32 { return value; }
fn slope(value: f32) -> f32 { return 1.0; }
`;
  const argument = OPS[after.op].filtersNonFinite ? 'bitcast<u32>(value)' : 'value';
  return `${elementFunction('after', after, 'value')}${elementFunction('afterSlope', after, 'slope')}
fn activate(value: f32) -> f32 { return after(${argument}); }
fn slope(value: f32) -> f32 { return afterSlope(${argument}); }
`;
}

/** `fn kept(row, column) -> f32`: dropout's factor, 0 or 1/(1 − rate); the hash of src/engines/dropout.ts. */
export function dropoutFunction({ dropout }: Pick<ColumnsSpec, 'dropout'>): string {
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
