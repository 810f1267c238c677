import { describe, expect, it } from 'vitest';
import { halfToNumber, numberToHalf } from './half.ts';
import { readSafetensors, SafetensorsError, writeSafetensors } from './safetensors.ts';
import type { StateDict } from './state-dict.ts';

describe('half precision', () => {
  it('gives every one of its 65,536 numbers back', () => {
    const all = Array.from({ length: 0x10000 }, (_, bits) => bits);
    const wrong = all.filter((bits) => {
      const value = halfToNumber(bits);
      return numberToHalf(value) !== (Number.isNaN(value) ? 0x7e00 : bits);
    });
    expect(wrong).toEqual([]);
  });

  it('takes the nearer neighbour, and the even one of two equally near', () => {
    const finite = Array.from({ length: 0x7bff }, (_, bits) => bits);
    const wrong = finite.filter((bits) => {
      const [low, high] = [halfToNumber(bits), halfToNumber(bits + 1)];
      const middle = (low + high) / 2;
      const eighth = (high - low) / 8;
      return (
        numberToHalf(middle) !== (bits % 2 === 0 ? bits : bits + 1) ||
        numberToHalf(middle - eighth) !== bits ||
        numberToHalf(-middle - eighth) !== (0x8000 | (bits + 1))
      );
    });
    expect(wrong).toEqual([]);
    expect(numberToHalf(65519.9)).toBe(0x7bff);
    expect(numberToHalf(65520)).toBe(0x7c00);
    expect(numberToHalf(-1e9)).toBe(0xfc00);
  });
});

describe('safetensors in half precision', () => {
  const tensor = (values: number[]): StateDict =>
    new Map([
      ['weight', { dtype: 'F32', shape: [values.length], data: Float32Array.from(values) }],
      ['num_batches_tracked', { dtype: 'I64', shape: [], data: BigInt64Array.of(7n) }],
    ]);

  it('reads what it writes, rounded, and half as long', () => {
    const bytes = writeSafetensors(tensor([0.1, -2, 1e-5, 65504]), { step: '3' }, 'F16');
    const { tensors, dtypes, metadata } = readSafetensors(bytes);
    expect(dtypes.get('weight')).toBe('F16');
    expect(metadata).toEqual({ step: '3' });
    expect(tensors.get('num_batches_tracked')?.data).toEqual(BigInt64Array.of(7n));
    const values = [...(tensors.get('weight')?.data ?? [])].map(Number);
    for (const [i, wanted] of [0.1, -2, 1e-5, 65504].entries()) {
      expect(Math.abs((values[i] ?? NaN) - wanted)).toBeLessThanOrEqual(
        Math.abs(wanted) * 2 ** -11 + 2 ** -25,
      );
    }
  });

  it('refuses what half precision cannot say', () => {
    expect(() => writeSafetensors(tensor([0, 70000]), {}, 'F16')).toThrow(SafetensorsError);
    expect(() => writeSafetensors(tensor([0, 70000]), {}, 'F16')).toThrow(/weight.*element 1, 70000/);
  });
});
