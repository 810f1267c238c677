/** Non-finite → 0, then sign(x)·log1p(|x|). */
import type { ElementOp, OnnxSteps } from './element-op.ts';

export const signedLog: ElementOp = {
  constants: [],
  flops: 4,
  filtersNonFinite: true,
  value: (x) => (Number.isFinite(x) ? Math.sign(x) * Math.log1p(Math.abs(x)) : 0),
  slope: (x) => (Number.isFinite(x) ? 1 / (1 + Math.abs(x)) : 0),
  wgsl: {
    // log1p is a series below 1, where log(1 + x) would round x away: 2·artanh(s), s = x/(2 + x) ≤ 1/3.
    value: () => `if ((x & 0x7f800000u) == 0x7f800000u) { return 0.0; }
  let size = bitcast<f32>(x & 0x7fffffffu);
  var magnitude: f32;
  if (size < 1.0) {
    let s = size / (2.0 + size);
    let q = s * s;
    magnitude = 2.0 * s * (1.0 + q * (1.0 / 3.0 + q * (1.0 / 5.0 + q * (1.0 / 7.0 + q * (1.0 / 9.0
      + q * (1.0 / 11.0 + q * (1.0 / 13.0 + q / 15.0)))))));
  } else {
    magnitude = log(1.0 + size);
  }
  return select(magnitude, -magnitude, (x >> 31u) == 1u);`,
    slope: () => `if ((x & 0x7f800000u) == 0x7f800000u) { return 0.0; }
  return 1.0 / (1.0 + bitcast<f32>(x & 0x7fffffffu));`,
  },
  tfjs: {
    value: (tf, x) => tf.mul(tf.sign(x), tf.log1p(tf.abs(x))),
    slope: (tf, x) => tf.reciprocal(tf.add(1, tf.abs(x))),
  },
  // ONNX has no log1p, and log(1 + |x|) has no digits left for a small x that a BatchNorm makes large again;
  // log(u)·|x|/(u − 1) with u = 1 + |x| rounded has them all (Kahan's form).
  onnx: (steps, x) => {
    const step: OnnxSteps['step'] = (name, operator, inputs) => steps.step(name, operator, inputs);
    const [zero, one] = [steps.scalar(0), steps.scalar(1)];
    const bad = step('not_finite', 'Or', [step('is_nan', 'IsNaN', [x]), step('is_infinite', 'IsInf', [x])]);
    const finite = step('finite', 'Where', [bad, zero, x]);
    const size = step('abs', 'Abs', [finite]);
    const u = step('one_plus', 'Add', [size, one]);
    const rounded = step('one_plus_minus_one', 'Sub', [u, one]);
    const log = step('log', 'Mul', [
      step('log_rounded', 'Log', [u]),
      step('correction', 'Div', [size, rounded]),
    ]);
    const tiny = step('is_tiny', 'Equal', [rounded, zero]);
    const log1p = step('log1p', 'Where', [tiny, size, log]);
    return steps.result('Mul', [step('sign', 'Sign', [finite]), log1p]);
  },
  // PyTorch's vectorised log1p is infinite above 1e38; there the 1 has long been rounded away.
  pytorch: (x) =>
    `(lambda v: torch.sign(v) * torch.where(v.abs() < 1e30, torch.log1p(v.abs()), torch.log(v.abs())))(torch.nan_to_num(${x}, nan=0.0, posinf=0.0, neginf=0.0))`,
};
