/** The hyperbolic tangent. */
import type { ElementOp } from './element-op.ts';

export const tanh: ElementOp = {
  constants: [],
  flops: 4,
  value: Math.tanh,
  slope: (x) => 1 - Math.tanh(x) ** 2,
  wgsl: {
    // Some drivers compute tanh as a quotient of exponentials, which overflow.
    value: () => 'return tanh(clamp(x, -15.0, 15.0));',
    slope: () => 'let y = tanh(clamp(x, -15.0, 15.0));\n  return 1.0 - y * y;',
  },
  tfjs: { value: (tf, x) => tf.tanh(x), slope: (tf, _, y) => tf.sub(1, tf.square(y)) },
  onnx: (steps, x) => steps.result('Tanh', [x]),
  pytorch: (x) => `torch.tanh(${x})`,
};
