/** downcast: rounds features to a smaller type, in place, and back to float32, in which the model takes them. */
import type { DataConfig } from '../../config/recap-config.ts';
import type { RawBlock } from '../example.ts';

type DowncastTypes = NonNullable<NonNullable<DataConfig['preprocess']>['downcast']>['features'];
export type DowncastType = DowncastTypes[string];

const float = new Float32Array(1);
const word = new Uint32Array(float.buffer);

/** To the nearest bfloat16 (the upper half of a float32), ties to even. NaN stays NaN. */
function toBfloat16(value: number): number {
  if (Number.isNaN(value)) return NaN;
  float[0] = value;
  const bits = word[0]!;
  // The last kept bit joins the rounding constant, which makes ties go to even.
  word[0] = (bits + 0x7fff + ((bits >>> 16) & 1)) & 0xffff0000;
  return float[0];
}

/** To the nearest float16, ties to even; beyond 65504 it becomes infinite. */
function toFloat16(value: number): number {
  const size = Math.abs(value);
  if (!(size < 65520)) return Number.isNaN(value) ? NaN : Math.sign(value) * Infinity;
  // 11 significant bits; below 2^-14 a fixed step of 2^-24.
  const exponent = size < 2 ** -14 ? -14 : Math.floor(Math.log2(size));
  const step = 2 ** (Math.max(exponent, -14) - 10);
  const scaled = value / step;
  const below = Math.floor(scaled);
  const rest = scaled - below;
  return (rest > 0.5 || (rest === 0.5 && below % 2 !== 0) ? below + 1 : below) * step;
}

const CASTS: Readonly<Record<DowncastType, (value: number) => number>> = {
  bfloat16: toBfloat16,
  bool: (value) => (value !== 0 ? 1 : 0),
  float32: Math.fround,
  float16: toFloat16,
  // A cast of what does not fit is undefined in the reference; here it takes the nearest value that fits, NaN 0.
  uint8: (value) => Math.max(0, Math.min(255, Math.trunc(value) || 0)),
};

/** The value that a number has after a cast to the type and back. */
export function castTo(type: DowncastType, value: number): number {
  return CASTS[type](value);
}

/** Rounds the named features of the whole block. */
export function downcast(block: RawBlock, features: DowncastTypes): void {
  for (const [name, type] of Object.entries(features)) {
    const column = block.columns.get(name);
    if (!column) continue;
    const { data, stride } = column;
    const cast = CASTS[type];
    for (let i = 0, end = block.filled * stride; i < end; i++) data[i] = cast(data[i]!);
  }
}
