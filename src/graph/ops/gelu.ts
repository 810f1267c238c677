/** x·Φ(x), Φ the normal distribution (Hendrycks and Gimpel 2016), exact and not by tanh. */
import type { ElementOp } from './element-op.ts';

/** By its series of positive terms: erf(x) = 2/√π · e^−x² · Σ 2ⁿ·x^(2n+1) / (2n+1)!!. */
function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

const distribution = (x: number) => (1 + erf(x * Math.SQRT1_2)) / 2;
const ROOT = Math.sqrt(2 * Math.PI);

/** Φ(x) by Abramowitz and Stegun 7.1.26, within 1e-7. */
const PHI = `let a = abs(x) * 0.70710678;
  let t = 1.0 / (1.0 + 0.3275911 * a);
  let tail = 0.5 * t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    * exp(-a * a);
  let phi = select(1.0 - tail, tail, x < 0.0);`;

export const gelu: ElementOp = {
  constants: [],
  flops: 12,
  value: (x) => x * distribution(x),
  slope: (x) => distribution(x) + (x * Math.exp((-x * x) / 2)) / ROOT,
  wgsl: {
    value: () => `${PHI}\n  return x * phi;`,
    slope: () => `${PHI}\n  return phi + x * exp(-0.5 * x * x) * 0.39894228;`,
  },
  tfjs: {
    value: (tf, x) => tf.mul(x, tf.mul(0.5, tf.add(1, tf.erf(tf.mul(x, Math.SQRT1_2))))),
    slope: (tf, x) => {
      const phi = tf.mul(0.5, tf.add(1, tf.erf(tf.mul(x, Math.SQRT1_2))));
      return tf.add(phi, tf.mul(tf.div(x, ROOT), tf.exp(tf.mul(-0.5, tf.square(x)))));
    },
  },
  onnx: (steps, x) => {
    const scaled = steps.step('scaled', 'Mul', [x, steps.scalar(Math.SQRT1_2)]);
    const erf1 = steps.step('erf_plus_one', 'Add', [steps.scalar(1), steps.step('erf', 'Erf', [scaled])]);
    return steps.result('Mul', [x, steps.step('phi', 'Mul', [steps.scalar(0.5), erf1])]);
  },
  pytorch: (x) => `torch.nn.functional.gelu(${x})`,
};
