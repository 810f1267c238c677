/**
 * The layers as tfjs operations with gradients of their own. tfjs's registered gradients would reduce over axis 0 (a
 * full transpose on the webgpu backend, 95 ms for a [128, 256] on SwiftShader), record several tape nodes per layer, and
 * are missing from tfjs-core's Node bundle. Column sums are products with a row of ones instead.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Constants, ElementOp } from '../../graph/ops/element-op.ts';

/** Tensors that the backward pass needs: they outlive the forward pass's tidy. */
type Save = (tensors: tf.Tensor[]) => void;

interface Differentiable {
  readonly value: tf.Tensor;
  /** One gradient per input, from the output's gradient and what was saved. */
  readonly gradient: (dy: tf.Tensor, saved: readonly tf.Tensor[]) => tf.Tensor[];
}

/** An operation with inputs that gradients flow to. */
export function differentiable(
  inputs: readonly tf.Tensor[],
  compute: (save: Save) => Differentiable,
): tf.Tensor {
  return tf.customGrad((...args) => {
    const save = args.at(-1) as Save;
    const { value, gradient } = compute(save);
    return { value, gradFunc: (dy, saved) => gradient(dy, saved) };
  })(...inputs);
}

/** The saved tensors, which tfjs types as a plain list. */
export function take<const Names extends readonly string[]>(
  saved: readonly tf.Tensor[],
  ...names: Names
): Record<Names[number], tf.Tensor> {
  const entries = names.map((name, index) => {
    const tensor = saved[index];
    if (!tensor) throw new Error(`tfjs did not save ${name}`);
    return [name, tensor];
  });
  return Object.fromEntries(entries) as Record<Names[number], tf.Tensor>;
}

/** Sum over the rows of x [rows, columns], as [1, columns]; `ones` is [1, rows]. */
export function columnSums(x: tf.Tensor, ones: tf.Tensor): tf.Tensor {
  return tf.matMul(ones as tf.Tensor2D, x as tf.Tensor2D);
}

/** y = x·Wᵀ + b. `flows` is false where x depends on no trained parameter and its gradient would be thrown away. */
export function linear(
  x: tf.Tensor,
  w: tf.Tensor,
  b: tf.Tensor | null,
  learnsBias: boolean,
  ones: tf.Tensor,
  flows: boolean,
): tf.Tensor {
  const inputs = [w, ...(b && learnsBias ? [b] : []), ...(flows ? [x] : [])];
  return differentiable(inputs, (save) => {
    save([x, w]);
    // Not tf.fused.matMul: with a bias and a transposed matrix it is wrong on the wasm backend (4.22).
    const product = tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D, false, true);
    const value = b ? tf.add(product, b) : product;
    return {
      value,
      gradient: (dy, saved) => {
        const { x: input, w: weight } = take(saved, 'x', 'w');
        const dw = tf.matMul(dy as tf.Tensor2D, input as tf.Tensor2D, true, false);
        const db = b && learnsBias ? [tf.reshape(columnSums(dy, ones), b.shape)] : [];
        return [dw, ...db, ...(flows ? [tf.matMul(dy as tf.Tensor2D, weight as tf.Tensor2D)] : [])];
      },
    };
  });
}

/** Scale and offset of a norm, or null. */
export interface Affine {
  readonly weight: tf.Tensor | null;
  readonly bias: tf.Tensor | null;
  /** False where the bias gets no gradient. */
  readonly learnsBias: boolean;
}

/** Mean over a norm's group: rows (LayerNorm) or columns (BatchNorm), with the group's axis kept. */
type GroupMean = (x: tf.Tensor) => tf.Tensor;

export const rowMean: GroupMean = (x) => tf.mean(x, 1, true);

/** `averages` is [1, rows] of 1/rows. */
export const columnMean =
  (averages: tf.Tensor): GroupMean =>
  (x) =>
    columnSums(x, averages);

/** Below this a variance is zero: the smallest whose inverse root is finite in float32 with room to multiply. */
const TINY = 1e-30;

/** 1/√(variance + ε), and 0 where a constant row under ε = 0 has no deviation (PyTorch gives NaN there). */
export function inverseDeviation(variance: tf.Tensor, epsilon: number): tf.Tensor {
  if (epsilon > 0) return tf.rsqrt(tf.add(variance, epsilon));
  return tf.mul(tf.rsqrt(tf.maximum(variance, TINY)), tf.step(variance));
}

/** xhat·weight + bias. */
function scaled(xhat: tf.Tensor, { weight, bias }: Affine): tf.Tensor {
  const product = weight ? tf.mul(xhat, weight) : xhat;
  return bias ? tf.add(product, bias) : product;
}

/** Statistics of a BatchNorm's batch, [1, columns] each; the variance is the biased one. */
export interface BatchStatistics {
  readonly mean: tf.Tensor;
  readonly variance: tf.Tensor;
}

/**
 * (x − mean)/√(variance + ε)·weight + bias over the groups that `mean` averages.
 * @param report gets the statistics; what it wants to keep it must `tf.keep`.
 */
export function normalize(
  x: tf.Tensor,
  affine: Affine,
  groupMean: GroupMean,
  epsilon: number,
  ones: tf.Tensor,
  flows: boolean,
  report?: (statistics: BatchStatistics) => void,
): tf.Tensor {
  const { weight, bias, learnsBias } = affine;
  const inputs = [...(flows ? [x] : []), ...(weight ? [weight] : []), ...(bias && learnsBias ? [bias] : [])];
  const compute = (save?: Save): Differentiable => {
    const mean = groupMean(x);
    const centered = tf.sub(x, mean);
    const variance = groupMean(tf.square(centered));
    report?.({ mean, variance });
    const inverse = inverseDeviation(variance, epsilon);
    const xhat = tf.mul(centered, inverse);
    save?.([xhat, inverse, ...(weight ? [weight] : [])]);
    return {
      value: scaled(xhat, affine),
      gradient: (dy, saved) => {
        const { xhat: normalized, inverse: scale } = take(saved, 'xhat', 'inverse');
        const gradients: tf.Tensor[] = [];
        if (flows) {
          const dxhat = weight ? tf.mul(dy, take(saved.slice(2), 'weight').weight) : dy;
          const along = tf.mul(normalized, groupMean(tf.mul(dxhat, normalized)));
          gradients.push(tf.mul(scale, tf.sub(tf.sub(dxhat, groupMean(dxhat)), along)));
        }
        if (weight) gradients.push(tf.reshape(columnSums(tf.mul(dy, normalized), ones), weight.shape));
        if (bias && learnsBias) gradients.push(tf.reshape(columnSums(dy, ones), bias.shape));
        return gradients;
      },
    };
  };
  // Without any input that gradients flow to there is nothing to differentiate.
  return inputs.length > 0 ? differentiable(inputs, compute) : compute().value;
}

/** BatchNorm with running statistics, for evaluation. */
export function normalizeWith(
  x: tf.Tensor,
  mean: tf.Tensor,
  variance: tf.Tensor,
  affine: Affine,
  epsilon: number,
): tf.Tensor {
  return scaled(tf.mul(tf.sub(x, mean), inverseDeviation(variance, epsilon)), affine);
}

/** An element-wise operation of the table. */
export function elementWise(x: tf.Tensor, { tfjs }: ElementOp, constants: Constants): tf.Tensor {
  return differentiable([x], (save) => {
    const value = tfjs.value(tf, x, constants);
    save([x, value]);
    return {
      value,
      gradient: (dy, saved) => {
        const { x: input, value: output } = take(saved, 'x', 'value');
        return [tf.mul(dy, tfjs.slope(tf, input, output, constants))];
      },
    };
  });
}

/** a ⊙ b. `flows` tells whether gradients flow to a: to the mask b they always do. */
export function multiply(a: tf.Tensor, b: tf.Tensor, flows: boolean): tf.Tensor {
  return differentiable(flows ? [a, b] : [b], (save) => {
    save([a, b]);
    return {
      value: tf.mul(a, b),
      gradient: (dy, saved) => {
        const { a: left, b: right } = take(saved, 'a', 'b');
        const db = tf.mul(dy, left);
        return flows ? [tf.mul(dy, right), db] : [db];
      },
    };
  });
}

/** a + b. */
export function add(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  return differentiable([a, b], () => ({ value: tf.add(a, b), gradient: (dy) => [dy, dy] }));
}

/** x ⊙ factors, which are constant. */
export function dropout(x: tf.Tensor, factors: tf.Tensor): tf.Tensor {
  return differentiable([x], (save) => {
    save([factors]);
    return {
      value: tf.mul(x, factors),
      gradient: (dy, saved) => [tf.mul(dy, take(saved, 'factors').factors)],
    };
  });
}

/** Columns side by side. */
export function concat(inputs: readonly tf.Tensor[]): tf.Tensor {
  return differentiable(inputs, () => ({
    value: tf.concat([...inputs], 1),
    gradient: (dy) => {
      let column = 0;
      return inputs.map((input) => {
        const width = input.shape[1] ?? 1;
        const part = tf.slice(dy, [0, column], [-1, width]);
        column += width;
        return part;
      });
    },
  }));
}

/**
 * A scalar whose gradient is that of the mean task loss, positive·σ(x) − negative·σ(−x). Its value is not the loss: that
 * is computed from the logits on the CPU (see bce.ts).
 * @param logits [size, tasks].
 * @param positive (1 − label)·weight/(size·tasks), [size, tasks].
 * @param negative posWeight·label·weight/(size·tasks), [size, tasks].
 */
export function lossGradient(logits: tf.Tensor, positive: tf.Tensor, negative: tf.Tensor): tf.Scalar {
  const value = differentiable([logits], (save) => {
    save([logits]);
    return {
      value: tf.scalar(0),
      gradient: (_, saved) => {
        const x = take(saved, 'logits').logits;
        return [tf.sub(tf.mul(positive, tf.sigmoid(x)), tf.mul(negative, tf.sigmoid(tf.neg(x))))];
      },
    };
  });
  return value as tf.Scalar;
}
