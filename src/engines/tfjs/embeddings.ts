/**
 * Tables and dot products as tfjs operations. Sums over examples are products with constant matrices: a scatter by atomics
 * would add in another order at every run.
 */
import * as tf from '@tensorflow/tfjs-core';
import { differentiable, take } from './ops.ts';

/** Row ids[i] of a table where kept, else zeros. */
export function embedding(table: tf.Tensor, ids: readonly number[], kept: Float32Array): tf.Tensor {
  return differentiable([table], (save) => {
    const [rows = 0] = table.shape;
    const mask = tf.tensor2d(kept, [ids.length, 1]);
    save([mask]);
    return {
      value: tf.mul(tf.gather(table, tf.tensor1d([...ids], 'int32')), mask),
      gradient: (dy, saved) => {
        const chosen = tf.cast(tf.oneHot(tf.tensor1d([...ids], 'int32'), rows), 'float32');
        const masked = tf.mul(dy, take(saved, 'mask').mask);
        return [tf.matMul(chosen as tf.Tensor2D, masked as tf.Tensor2D, true, false)];
      },
    };
  });
}

/** Dot products of the input's equal parts with one another, x [rows, vectors·width]. */
export function interaction(x: tf.Tensor, vectors: number): tf.Tensor {
  return differentiable([x], (save) => {
    const [rows = 0, columns = 0] = x.shape;
    const stack = (of: tf.Tensor): tf.Tensor3D => tf.reshape(of, [rows, vectors, columns / vectors]);
    save([x]);
    const parts = stack(x);
    const all = tf.reshape(tf.matMul(parts, parts, false, true), [rows, vectors * vectors]);
    return {
      value: tf.matMul(all as tf.Tensor2D, pairMatrix(vectors, false)),
      gradient: (dy, saved) => {
        const both = tf.matMul(dy as tf.Tensor2D, pairMatrix(vectors, true), false, true);
        const weights: tf.Tensor3D = tf.reshape(both, [rows, vectors, vectors]);
        return [tf.reshape(tf.matMul(weights, stack(take(saved, 'x').x)), x.shape)];
      },
    };
  });
}

/** [vectors², pairs]: 1 where product (i, j) is a pair's, or also where (j, i) is. */
function pairMatrix(vectors: number, both: boolean): tf.Tensor2D {
  const pairs = (vectors * (vectors - 1)) / 2;
  const data = new Float32Array(vectors * vectors * pairs);
  let column = 0;
  for (let i = 1; i < vectors; i++)
    for (let j = 0; j < i; j++) {
      data[(i * vectors + j) * pairs + column] = 1;
      if (both) data[(j * vectors + i) * pairs + column] = 1;
      column++;
    }
  return tf.tensor2d(data, [vectors * vectors, pairs]);
}
