import fc from 'fast-check';

/** Any character. fast-check's own unit 'binary' first makes a table of all million, to shrink texts that it was not given. */
export const codePoint = fc
  .oneof(fc.nat(0xd7ff), fc.integer({ min: 0xe000, max: 0x10ffff }))
  .map((code) => String.fromCodePoint(code));
