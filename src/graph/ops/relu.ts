/** max(x, 0). */
import type { ElementOp } from './element-op.ts';

export const relu: ElementOp = {
  constants: [],
  flops: 1,
  value: (x) => Math.max(x, 0),
  slope: (x) => (x > 0 ? 1 : 0),
  wgsl: {
    value: () => 'return max(x, 0.0);',
    slope: () => 'return select(0.0, 1.0, x > 0.0);',
  },
  fused: {
    value: (x, type) => `max(${x}, ${type}(0.0))`,
    gradient: (dy, y, type) => `select(${type}(0.0), ${dy}, ${y} > ${type}(0.0))`,
  },
  tfjs: { value: (tf, x) => tf.relu(x), slope: (tf, _, y) => tf.step(y) },
  onnx: (steps, x) => steps.result('Relu', [x]),
  pytorch: (x) => `torch.relu(${x})`,
};
