/** mask_mantissa_features: clears low mantissa bits, the reference's experiment with lower precision. */
import type { DataConfig } from '../../config/recap-config.ts';
import type { RawBlock } from '../example.ts';

/** Clears the named number of low bits of the float32 mantissa of a feature's values, in place. */
export function maskMantissa(
  block: RawBlock,
  features: DataConfig['seg_dense_schema']['mask_mantissa_features'],
): void {
  for (const [name, bits] of Object.entries(features)) {
    const data = block.columns.get(name)?.data;
    if (!data || bits === 0) continue;
    const mask = -1 << bits;
    if (data instanceof Float32Array) {
      const words = new Int32Array(data.buffer, data.byteOffset, data.length);
      for (let i = 0; i < words.length; i++) words[i]! &= mask;
    } else {
      const word = new Int32Array(1);
      const value = new Float32Array(word.buffer);
      for (let i = 0; i < data.length; i++) {
        value[0] = data[i]!;
        word[0]! &= mask;
        data[i] = value[0];
      }
    }
  }
}
