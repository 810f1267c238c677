/** NumPy's .npy files, as far as feature masks need them: one-dimensional arrays of bools or numbers. */

export class NpyError extends Error {
  override readonly name = 'NpyError';
}

const READERS: Readonly<Record<string, readonly [number, (view: DataView, at: number) => boolean]>> = {
  '|b1': [1, (view, at) => view.getUint8(at) !== 0],
  '|u1': [1, (view, at) => view.getUint8(at) !== 0],
  '|i1': [1, (view, at) => view.getUint8(at) !== 0],
  '<i4': [4, (view, at) => view.getInt32(at, true) !== 0],
  '<u4': [4, (view, at) => view.getInt32(at, true) !== 0],
  '<f4': [4, (view, at) => view.getFloat32(at, true) !== 0],
  '<i8': [8, (view, at) => view.getBigInt64(at, true) !== 0n],
  '<f8': [8, (view, at) => view.getFloat64(at, true) !== 0],
};

/**
 * Positions of the non-zero elements of a one-dimensional .npy array: which columns a mask keeps.
 * @throws NpyError naming what is wrong when the bytes are no such array.
 */
export function npyNonzero(bytes: Uint8Array): Int32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fail = (what: string) =>
    new NpyError(`The mask is no usable .npy file: ${what}. Save it with numpy.save.`);
  const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
  if (bytes.length < 12 || magic.some((byte, i) => bytes[i] !== byte))
    throw fail('it does not begin with \\x93NUMPY');
  const long = view.getUint8(6) >= 2;
  const headerStart = long ? 12 : 10;
  const dataStart = headerStart + (long ? view.getUint32(8, true) : view.getUint16(8, true));
  if (dataStart > bytes.length)
    throw fail(`the header ends at byte ${dataStart}, the file at ${bytes.length}`);
  const header = new TextDecoder('latin1').decode(bytes.subarray(headerStart, dataStart));
  const descr = /'descr':\s*'([^']+)'/.exec(header)?.[1] ?? '';
  const length = Number(/'shape':\s*\((\d+),\s*\)/.exec(header)?.[1] ?? NaN);
  const reader = Object.hasOwn(READERS, descr) ? READERS[descr] : undefined;
  if (!reader) throw fail(`its element type is ${JSON.stringify(descr)}, wanted a bool or a number`);
  if (!Number.isSafeInteger(length)) throw fail('its shape is not one-dimensional');
  const [size, nonzero] = reader;
  if (bytes.length - dataStart !== size * length) {
    throw fail(`${length} elements need ${size * length} bytes, it holds ${bytes.length - dataStart}`);
  }
  const kept: number[] = [];
  for (let i = 0; i < length; i++) if (nonzero(view, dataStart + i * size)) kept.push(i);
  return Int32Array.from(kept);
}

/** A boolean .npy array that is true at the given places, as numpy.save writes it: what npyNonzero reads. */
export function writeNpyMask(places: Int32Array, length: number): Uint8Array<ArrayBuffer> {
  const preamble = 10;
  const header = `{'descr': '|b1', 'fortran_order': False, 'shape': (${length},), }`;
  const headerLength = Math.ceil((preamble + header.length + 1) / 64) * 64 - preamble;
  const text = `\x93NUMPY\x01\x00${String.fromCharCode(headerLength & 255, headerLength >> 8)}${header.padEnd(headerLength - 1)}\n`;
  const bytes = new Uint8Array(text.length + length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  for (const place of places) bytes[text.length + place] = 1;
  return bytes;
}
