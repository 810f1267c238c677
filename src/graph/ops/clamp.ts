/** min ≤ x ≤ max; the gradient passes inside and on the bounds. */
import type { Constants, ElementOp } from './element-op.ts';

const bounds = ([min = NaN, max = NaN]: Constants) => ({ min, max });

export const clamp: ElementOp = {
  constants: ['min_value', 'max_value'],
  flops: 1,
  value: (x, constants) => Math.min(Math.max(x, bounds(constants).min), bounds(constants).max),
  slope: (x, constants) => (x >= bounds(constants).min && x <= bounds(constants).max ? 1 : 0),
  wgsl: {
    value: ([min, max]) => `return clamp(x, ${min}, ${max});`,
    slope: ([min, max]) => `return select(0.0, 1.0, x >= ${min} && x <= ${max});`,
  },
  tfjs: {
    value: (tf, x, constants) => tf.clipByValue(x, bounds(constants).min, bounds(constants).max),
    slope: (tf, x, _, constants) => {
      const { min, max } = bounds(constants);
      return tf.mul(tf.sub(1, tf.step(tf.sub(x, max))), tf.sub(1, tf.step(tf.sub(min, x))));
    },
  },
  onnx: (steps, x, constants) => {
    const { min, max } = bounds(constants);
    return steps.result('Clip', [x, steps.constant('min_value', min), steps.constant('max_value', max)]);
  },
  pytorch: (x, constants) => `torch.clamp(${x}, ${bounds(constants).min}, ${bounds(constants).max})`,
};
