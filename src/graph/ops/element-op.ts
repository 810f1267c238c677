/**
 * An element-wise operation, said once for every reader of the graph: the oracle takes `value` and `slope`, the tfjs engine
 * `tfjs`, our kernels `wgsl`, the writers `onnx` and `pytorch`, the cost table `flops`. A new one is a file like relu.ts and
 * its line in registry.ts.
 */
import type * as tf from '@tensorflow/tfjs-core';

/** Constants of one use, in the operation's own order: clamp's bounds, for instance. */
export type Constants = readonly number[];

type Tfjs = typeof tf;

/** What an ONNX writer gives an operation to write itself with. */
export interface OnnxSteps {
  /** Adds a node of the standard's operators on the way to the result. @returns the name of its value. */
  step(name: string, operator: string, inputs: readonly string[]): string;
  /** Adds the node that gives the result. */
  result(operator: string, inputs: readonly string[]): string;
  /** A float32 scalar. */
  scalar(value: number): string;
  /** A constant of this use, under the node's name and its own. */
  constant(name: string, value: number): string;
}

export interface ElementOp {
  /** What the constants of a use are called, in order; the reference keeps clamp's in its state dict. */
  readonly constants: readonly string[];
  /** Operations of one element, roughly. */
  readonly flops: number;
  /**
   * The operation maps NaN and ±∞ to numbers. Shader compilers may assume that floats are finite, so its WGSL gets the
   * element's bits, and the tfjs engine cleans what it uploads.
   */
  readonly filtersNonFinite?: boolean;
  value(x: number, constants: Constants): number;
  /** d value / d x; at a kink the side that PyTorch takes. */
  slope(x: number, constants: Constants): number;
  /** Bodies of `fn (x: f32) -> f32`, or of `fn (x: u32) -> f32` on bits; constants come as literals. */
  readonly wgsl: {
    value(constants: readonly string[]): string;
    slope(constants: readonly string[]): string;
  };
  /**
   * For an operation whose slope its own value tells: expressions on a scalar or vector type, so that it can end a matrix
   * product and its gradient, without a dispatch of its own.
   */
  readonly fused?: {
    value(x: string, type: string): string;
    /** The gradient `dy` times the slope, from the value `y`. */
    gradient(dy: string, y: string, type: string): string;
  };
  readonly tfjs: {
    value(tf: Tfjs, x: tf.Tensor, constants: Constants): tf.Tensor;
    /** From the input and the value. */
    slope(tf: Tfjs, x: tf.Tensor, y: tf.Tensor, constants: Constants): tf.Tensor;
  };
  /** @returns what `steps.result` does. */
  onnx(steps: OnnxSteps, x: string, constants: Constants): string;
  /** A Python expression with `torch` imported; `x` is one too. */
  pytorch(x: string, constants: Constants): string;
}
