/** All element-wise operations by name. */
import { clamp } from './clamp.ts';
import type { ElementOp } from './element-op.ts';
import { gelu } from './gelu.ts';
import { relu } from './relu.ts';
import { sigmoid } from './sigmoid.ts';
import { signedLog } from './signed-log.ts';
import { tanh } from './tanh.ts';

const REGISTRY = { clamp, gelu, relu, sigmoid, signed_log: signedLog, tanh } satisfies Record<
  string,
  ElementOp
>;

export type OpName = keyof typeof REGISTRY;
export const OP_NAMES = Object.keys(REGISTRY) as readonly OpName[];
export const OPS: Readonly<Record<OpName, ElementOp>> = REGISTRY;
