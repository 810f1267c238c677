/**
 * The layers' mathematics, forward and backward, in plain float64 loops: what every engine's kernels are tested
 * against. Matrices are row-major [rows, columns]; nothing here is fast or clever.
 */

/** y = x·Wᵀ + b; x [rows, inputs], w [outputs, inputs], b [outputs] or null → [rows, outputs]. */
export function linear(
  x: Float64Array,
  w: Float64Array,
  b: Float64Array | null,
  outputs: number,
): Float64Array {
  const inputs = w.length / outputs;
  const rows = x.length / inputs;
  const y = new Float64Array(rows * outputs);
  for (let row = 0; row < rows; row++)
    for (let output = 0; output < outputs; output++) {
      let sum = b?.[output] ?? 0;
      for (let input = 0; input < inputs; input++)
        sum += (x[row * inputs + input] ?? 0) * (w[output * inputs + input] ?? 0);
      y[row * outputs + output] = sum;
    }
  return y;
}

/** dx = dy·W, dw = dyᵀ·x, db = column sums of dy. */
export function linearBackward(
  dy: Float64Array,
  x: Float64Array,
  w: Float64Array,
  outputs: number,
): { dx: Float64Array; dw: Float64Array; db: Float64Array } {
  const inputs = w.length / outputs;
  const rows = x.length / inputs;
  const dx = new Float64Array(x.length);
  const dw = new Float64Array(w.length);
  const db = new Float64Array(outputs);
  for (let row = 0; row < rows; row++)
    for (let output = 0; output < outputs; output++) {
      const gradient = dy[row * outputs + output] ?? 0;
      db[output] = (db[output] ?? 0) + gradient;
      for (let input = 0; input < inputs; input++) {
        const at = row * inputs + input;
        const weight = output * inputs + input;
        dx[at] = (dx[at] ?? 0) + gradient * (w[weight] ?? 0);
        dw[weight] = (dw[weight] ?? 0) + gradient * (x[at] ?? 0);
      }
    }
  return { dx, dw, db };
}

/** 1/√(variance + ε); 0 where that is 1/0, so that a constant row under ε = 0 becomes 0, not PyTorch's NaN. */
export function inverseDeviation(variance: number, epsilon: number): number {
  const sum = variance + epsilon;
  return sum > 0 ? 1 / Math.sqrt(sum) : 0;
}

/** Normalised values and 1/σ of each group, for the backward pass. */
export interface Normalized {
  readonly xhat: Float64Array;
  readonly inverse: Float64Array;
  /** Mean and biased variance of each group. */
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/** Where element `index` of group `group` lies: rows are LayerNorm's groups, columns BatchNorm's. */
type Indexing = {
  readonly groups: number;
  readonly length: number;
  readonly at: (group: number, index: number) => number;
};

export const byRow = (rows: number, columns: number): Indexing => ({
  groups: rows,
  length: columns,
  at: (row, column) => row * columns + column,
});

export const byColumn = (rows: number, columns: number): Indexing => ({
  groups: columns,
  length: rows,
  at: (column, row) => row * columns + column,
});

/** (x − mean) / √(variance + ε) within each group, with the biased variance. */
export function normalize(x: Float64Array, indexing: Indexing, epsilon: number): Normalized {
  const { groups, length, at } = indexing;
  const mean = new Float64Array(groups);
  const variance = new Float64Array(groups);
  for (let group = 0; group < groups; group++) {
    let sum = 0;
    for (let index = 0; index < length; index++) sum += x[at(group, index)] ?? 0;
    const center = sum / length;
    let squares = 0;
    for (let index = 0; index < length; index++) squares += ((x[at(group, index)] ?? 0) - center) ** 2;
    mean[group] = center;
    variance[group] = squares / length;
  }
  return { ...normalizeWith(x, indexing, mean, variance, epsilon), mean, variance };
}

/** The same with given statistics: BatchNorm in evaluation. */
export function normalizeWith(
  x: Float64Array,
  { groups, length, at }: Indexing,
  mean: Float64Array,
  variance: Float64Array,
  epsilon: number,
): { xhat: Float64Array; inverse: Float64Array } {
  const xhat = new Float64Array(x.length);
  const inverse = variance.map((each) => inverseDeviation(each, epsilon));
  for (let group = 0; group < groups; group++)
    for (let index = 0; index < length; index++) {
      const place = at(group, index);
      xhat[place] = ((x[place] ?? 0) - (mean[group] ?? 0)) * (inverse[group] ?? 0);
    }
  return { xhat, inverse };
}

/** dx = (dxhat − mean(dxhat) − xhat·mean(dxhat·xhat)) / σ within each group. */
export function normalizeBackward(
  dxhat: Float64Array,
  { xhat, inverse }: Pick<Normalized, 'xhat' | 'inverse'>,
  { groups, length, at }: Indexing,
): Float64Array {
  const dx = new Float64Array(xhat.length);
  for (let group = 0; group < groups; group++) {
    let sum = 0;
    let product = 0;
    for (let index = 0; index < length; index++) {
      const gradient = dxhat[at(group, index)] ?? 0;
      sum += gradient;
      product += gradient * (xhat[at(group, index)] ?? 0);
    }
    for (let index = 0; index < length; index++) {
      const place = at(group, index);
      dx[place] =
        (inverse[group] ?? 0) *
        ((dxhat[place] ?? 0) - sum / length - ((xhat[place] ?? 0) * product) / length);
    }
  }
  return dx;
}

/** xhat·weight + bias by column; null stands for 1 and 0. */
export function scaleColumns(
  xhat: Float64Array,
  weight: Float64Array | null,
  bias: Float64Array | null,
  columns: number,
) {
  return xhat.map(
    (value, index) => value * (weight?.[index % columns] ?? 1) + (bias?.[index % columns] ?? 0),
  );
}

/** Gradients of scaleColumns. */
export function scaleColumnsBackward(
  dy: Float64Array,
  xhat: Float64Array,
  weight: Float64Array | null,
  columns: number,
): { dxhat: Float64Array; dweight: Float64Array; dbias: Float64Array } {
  const dweight = new Float64Array(columns);
  const dbias = new Float64Array(columns);
  dy.forEach((gradient, index) => {
    const column = index % columns;
    dweight[column] = (dweight[column] ?? 0) + gradient * (xhat[index] ?? 0);
    dbias[column] = (dbias[column] ?? 0) + gradient;
  });
  return { dxhat: dy.map((gradient, index) => gradient * (weight?.[index % columns] ?? 1)), dweight, dbias };
}

/** One Adam update in place, PyTorch's form: p −= lr·m̂/(√v̂ + ε). `step` counts from 1. */
export function adam(
  parameter: Float64Array,
  gradient: Float64Array,
  m: Float64Array,
  v: Float64Array,
  step: number,
  rate: number,
  { beta1, beta2, epsilon }: { beta1: number; beta2: number; epsilon: number },
): void {
  const correction1 = 1 - beta1 ** step;
  const correction2 = 1 - beta2 ** step;
  for (let index = 0; index < parameter.length; index++) {
    const g = gradient[index] ?? 0;
    const first = beta1 * (m[index] ?? 0) + (1 - beta1) * g;
    const second = beta2 * (v[index] ?? 0) + (1 - beta2) * g * g;
    m[index] = first;
    v[index] = second;
    const update = (rate * first) / correction1 / (Math.sqrt(second / correction2) + epsilon);
    parameter[index] = (parameter[index] ?? 0) - update;
  }
}
