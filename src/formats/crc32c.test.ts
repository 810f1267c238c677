import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32c, crc32cOf, maskCrc } from './crc32c.ts';

/** The definition, bit by bit: the oracle for the tables. */
function plainCrc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}

describe('crc32c', () => {
  it('has the published check values', () => {
    expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283);
    // RFC 3720, B.4: 32 bytes of zeros, of ones, ascending, descending.
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(255))).toBe(0x62a8ab43);
    expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
    expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => 31 - i))).toBe(0x113fdb5c);
    expect(crc32c(new Uint8Array(0))).toBe(0);
  });

  it('equals the bit-wise definition at every length and alignment', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), fc.nat(9), (bytes, offset) => {
        const moved = new Uint8Array(bytes.length + offset);
        moved.set(bytes, offset);
        expect(crc32c(moved.subarray(offset))).toBe(plainCrc32c(bytes));
        expect(crc32cOf(new DataView(moved.buffer), offset, moved.length)).toBe(plainCrc32c(bytes));
      }),
    );
  });

  it('masks as TFRecord does', () => {
    // The first eight bytes of a record of 935 bytes, and the four that the reference’s writer put behind them.
    const header = Uint8Array.of(0xa7, 0x03, 0, 0, 0, 0, 0, 0);
    expect(maskCrc(crc32c(header))).toBe(0x04dad9c2);
  });
});
