/** 1 / (1 + e^−x). */
import type { ElementOp } from './element-op.ts';

const sigma = (x: number) => 1 / (1 + Math.exp(-x));

export const sigmoid: ElementOp = {
  constants: [],
  flops: 4,
  value: sigma,
  slope: (x) => sigma(x) * sigma(-x),
  wgsl: {
    value: () => 'return 1.0 / (1.0 + exp(-x));',
    // From |x|, so that e^|x| never overflows.
    slope: () => 'let e = exp(-abs(x));\n  return e / ((1.0 + e) * (1.0 + e));',
  },
  tfjs: { value: (tf, x) => tf.sigmoid(x), slope: (tf, _, y) => tf.mul(y, tf.sub(1, y)) },
  onnx: (steps, x) => steps.result('Sigmoid', [x]),
  pytorch: (x) => `torch.sigmoid(${x})`,
};
