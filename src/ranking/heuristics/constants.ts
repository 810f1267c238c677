/** Short forms for declaring a heuristic's constants. */
import type { ConstantSpec } from './heuristic.ts';

/** A multiplier between 0 and 10. */
export const factorConstant = (name: string, label: string, value: number): ConstantSpec => ({
  name,
  label,
  min: 0,
  max: 10,
  step: 0.05,
  default: value,
  kind: 'number',
});

/** A whole number or a duration from 0 to `max`. */
export const amountConstant = (name: string, label: string, value: number, max: number): ConstantSpec => ({
  name,
  label,
  min: 0,
  max,
  step: 1,
  default: value,
  kind: 'number',
});

/** A switch: 0 or 1. */
export const flagConstant = (name: string, label: string, value: 0 | 1): ConstantSpec => ({
  name,
  label,
  min: 0,
  max: 1,
  step: 1,
  default: value,
  kind: 'flag',
});
