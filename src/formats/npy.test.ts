import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NpyError, npyNonzero } from './npy.ts';

/** What numpy.save writes for a one-dimensional array. */
function npy(descr: string, shape: string, data: Uint8Array): Uint8Array {
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`;
  const header = new TextEncoder().encode(`${text.padEnd(117)}\n`);
  return Uint8Array.from([
    0x93,
    ...new TextEncoder().encode('NUMPY'),
    1,
    0,
    header.length,
    0,
    ...header,
    ...data,
  ]);
}

it('finds the kept columns of a mask of any type', () => {
  expect([...npyNonzero(npy('|b1', '(4,)', Uint8Array.of(1, 0, 0, 1)))]).toEqual([0, 3]);
  const longs = new Uint8Array(BigInt64Array.of(0n, -1n, 2n ** 40n).buffer);
  expect([...npyNonzero(npy('<i8', '(3,)', longs))]).toEqual([1, 2]);
  expect([...npyNonzero(npy('<f4', '(2,)', new Uint8Array(Float32Array.of(0.5, -0).buffer)))]).toEqual([0]);
});

it('names what is wrong', () => {
  expect(() => npyNonzero(new Uint8Array(20))).toThrow(/NUMPY.*numpy.save/);
  expect(() => npyNonzero(npy('<U3', '(1,)', new Uint8Array(12)))).toThrow(/"<U3"/);
  expect(() => npyNonzero(npy('|b1', '(2, 2)', new Uint8Array(4)))).toThrow(/one-dimensional/);
  expect(() => npyNonzero(npy('|b1', '(5,)', new Uint8Array(4)))).toThrow(
    /5 elements need 5 bytes, it holds 4/,
  );
});

it('survives any damage', () => {
  fc.assert(
    fc.property(fc.nat(127), fc.nat(255), fc.nat(131), (at, value, cut) => {
      const bytes = npy('|b1', '(4,)', Uint8Array.of(1, 0, 0, 1));
      bytes[at] = value;
      for (const damaged of [bytes, bytes.slice(0, cut)]) {
        try {
          expect(npyNonzero(damaged).length).toBeLessThanOrEqual(4);
        } catch (error) {
          expect(error).toBeInstanceOf(NpyError);
        }
      }
    }),
  );
});
