/**
 * safetensors: a state dict as one file. u64 length of the header, a JSON header with dtype, shape and offsets of every
 * tensor, then the tensors' little-endian bytes without gaps.
 */
import { halfToNumber, numberToHalf } from './half.ts';
import { jsonDuplicateKey } from './json-keys.ts';
import { sizeOf, type StateDict, type StateTensor } from './state-dict.ts';

/** The format's own limit of the header. */
const MAX_HEADER = 100_000_000;

/** A safetensors file that cannot be read. Names the tensor where it is known and the byte of the file. */
export class SafetensorsError extends Error {
  override readonly name = 'SafetensorsError';
  readonly tensor: string | null;
  readonly offset: number;

  constructor(tensor: string | null, offset: number, what: string, mend: string) {
    const place = tensor === null ? 'safetensors' : `Tensor "${short(tensor)}"`;
    super(`${place}, byte ${offset}: ${short(what)}. ${mend}`);
    this.tensor = tensor;
    this.offset = offset;
  }
}

const COPY_AGAIN = 'Copy or download the file again.';
const EXPORT_AGAIN = 'Export the file again.';
const SAVE_AS_SAFETENSORS =
  'Save the weights with safetensors.torch.save_file(model.state_dict(), FILE) and use that file.';

/** Files that people take for safetensors, by their first bytes. */
const OTHER_FILES: readonly (readonly [string, readonly number[]])[] = [
  ['a zip archive, such as torch.save writes', [0x50, 0x4b, 0x03, 0x04]],
  ['a pickle, such as old versions of torch.save write', [0x80, 0x02, 0x8a, 0x0a]],
  ['an HDF5 file', [0x89, 0x48, 0x44, 0x46]],
  ['compressed with gzip', [0x1f, 0x8b, 0x08]],
];

/** A text of the file in a message: as much as a person reads. */
const short = (text: string) => (text.length > 200 ? `${text.slice(0, 200)}…` : text);

type Plain = Uint8Array<ArrayBuffer>;
type Dtype = StateTensor['dtype'];

/** An element type of a file: its size, and its values as numbers or, for 64-bit integers, bigints. */
interface DtypeReader {
  readonly bytes: number;
  /** What it becomes when nobody asks for something else. */
  readonly becomes: Dtype;
  values(copy: Plain): ArrayLike<number> | ArrayLike<bigint>;
}

const float = (bytes: number, values: DtypeReader['values']): DtypeReader => ({
  bytes,
  becomes: 'F32',
  values,
});
const integer = (bytes: number, values: DtypeReader['values']): DtypeReader => ({
  bytes,
  becomes: 'I64',
  values,
});

const DTYPES: Readonly<Record<string, DtypeReader>> = {
  F32: float(4, (copy) => new Float32Array(copy.buffer)),
  F64: float(8, (copy) => new Float64Array(copy.buffer)),
  F16: float(2, (copy) => Float32Array.from(new Uint16Array(copy.buffer), halfToNumber)),
  BF16: float(2, (copy) => {
    const bits = Uint32Array.from(new Uint16Array(copy.buffer), (half) => half << 16);
    return new Float32Array(bits.buffer);
  }),
  I64: integer(8, (copy) => new BigInt64Array(copy.buffer)),
  U64: integer(8, (copy) => new BigUint64Array(copy.buffer)),
  I32: integer(4, (copy) => new Int32Array(copy.buffer)),
  U32: integer(4, (copy) => new Uint32Array(copy.buffer)),
  I16: integer(2, (copy) => new Int16Array(copy.buffer)),
  U16: integer(2, (copy) => new Uint16Array(copy.buffer)),
  I8: integer(1, (copy) => new Int8Array(copy.buffer)),
  U8: integer(1, (copy) => copy),
  BOOL: integer(1, (copy) => copy),
};

/**
 * Values in the type that is asked for, as PyTorch's copy_ casts them, but for what the type cannot say: a number that is
 * no integer, one beyond its range.
 * @throws the error that `fail` makes.
 */
function castTo(
  wanted: Dtype,
  values: ArrayLike<number> | ArrayLike<bigint>,
  shape: readonly number[],
  fail: (what: string) => SafetensorsError,
): StateTensor {
  if (wanted === 'F32' && values instanceof Float32Array) return { dtype: 'F32', shape, data: values };
  if (wanted === 'I64' && values instanceof BigInt64Array) return { dtype: 'I64', shape, data: values };
  const length = values.length;
  if (wanted === 'I64') {
    const data = new BigInt64Array(length);
    for (let i = 0; i < length; i++) {
      const value = values[i]!;
      if (typeof value === 'number' && !Number.isSafeInteger(value))
        throw fail(`element ${i}, ${value}, is no whole number that is known to the last digit`);
      data[i] = BigInt(value);
      if (data[i] !== BigInt(value)) throw fail(`element ${i}, ${value}, is beyond a 64-bit integer`);
    }
    return { dtype: 'I64', shape, data };
  }
  const data = new Float32Array(length);
  for (let i = 0; i < length; i++) {
    const value = Number(values[i]!);
    data[i] = value;
    if (Math.abs(data[i]!) === Infinity && Number.isFinite(value))
      throw fail(`element ${i}, ${value}, is beyond a 32-bit float`);
  }
  return { dtype: 'F32', shape, data };
}

interface Entry {
  readonly name: string;
  /** As the file has it. */
  readonly dtype: string;
  readonly reader: DtypeReader;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface Safetensors {
  readonly tensors: StateDict;
  /** The header's `__metadata__`, string to string. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Element types as the file has them, by tensor. */
  readonly dtypes: ReadonlyMap<string, string>;
}

/** A value of the header in a message. */
const said = (value: unknown) => (value === undefined ? '(none)' : short(JSON.stringify(value)));
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function readHeader(bytes: Uint8Array): { header: Record<string, unknown>; dataStart: number } {
  const fail = (offset: number, what: string, mend: string) => new SafetensorsError(null, offset, what, mend);
  for (const [what, start] of OTHER_FILES) {
    if (start.every((byte, i) => bytes[i] === byte)) throw fail(0, `this is ${what}`, SAVE_AS_SAFETENSORS);
  }
  if (bytes.length < 8)
    throw fail(bytes.length, `the file has ${bytes.length} bytes, the header alone 8`, COPY_AGAIN);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(0, true) + view.getUint32(4, true) * 4294967296;
  if (length > MAX_HEADER) {
    throw fail(
      0,
      `the header claims ${length} bytes, at most ${MAX_HEADER} are allowed`,
      'It is no safetensors file.',
    );
  }
  if (8 + length > bytes.length) {
    throw fail(0, `the header claims ${length} bytes, the file has ${bytes.length - 8} more`, COPY_AGAIN);
  }
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, 8 + length));
    header = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw fail(8, `the header is no JSON (${reason})`, EXPORT_AGAIN);
  }
  if (!isRecord(header)) throw fail(8, 'the header is no JSON object', EXPORT_AGAIN);
  const twice = jsonDuplicateKey(text);
  if (twice) {
    const offset = 8 + new TextEncoder().encode(text.slice(0, twice.index)).length;
    throw new SafetensorsError(twice.key, offset, 'the header names it twice', EXPORT_AGAIN);
  }
  return { header, dataStart: 8 + length };
}

function readMetadata(value: unknown): Record<string, string> {
  if (value === undefined) return {};
  const entries = isRecord(value) ? Object.entries(value) : null;
  const texts = entries?.filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  if (!entries || texts?.length !== entries.length) {
    throw new SafetensorsError('__metadata__', 8, 'the metadata must map names to texts', EXPORT_AGAIN);
  }
  return Object.fromEntries(texts);
}

function readEntry(name: string, value: unknown, dataStart: number): Entry {
  const fail = (offset: number, what: string, mend = EXPORT_AGAIN) =>
    new SafetensorsError(name, offset, what, mend);
  if (!isRecord(value)) throw fail(8, 'its header entry is no object');
  const { dtype, shape, data_offsets: offsets } = value;
  const reader = typeof dtype === 'string' && Object.hasOwn(DTYPES, dtype) ? DTYPES[dtype] : undefined;
  if (!reader) {
    throw fail(
      8,
      `dtype ${said(dtype)} is not supported`,
      'Convert it to F32, or num_batches_tracked to I64.',
    );
  }
  if (!Array.isArray(shape) || !shape.every(isCount)) throw fail(8, `${said(shape)} is no shape`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) {
    throw fail(8, `data_offsets ${said(offsets)} are no pair of bytes`);
  }
  const [begin, end] = offsets as [number, number];
  const need = sizeOf(shape) * reader.bytes;
  if (end - begin !== need) {
    const what = `shape [${shape.join(', ')}] of ${String(dtype)} needs ${need} bytes, data_offsets hold ${end - begin}`;
    throw fail(dataStart + begin, what);
  }
  return { name, dtype: String(dtype), reader, shape, begin, end };
}

function checkLayout(entries: readonly Entry[], dataStart: number, fileLength: number): void {
  let end = 0;
  for (const entry of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    const at = dataStart + entry.begin;
    if (entry.begin < end)
      throw new SafetensorsError(entry.name, at, 'it overlaps the tensor before it', EXPORT_AGAIN);
    if (entry.begin > end) {
      throw new SafetensorsError(
        entry.name,
        at,
        `${entry.begin - end} unused bytes stand before it`,
        EXPORT_AGAIN,
      );
    }
    end = entry.end;
    if (dataStart + end > fileLength) {
      const what = `it ends at byte ${dataStart + end}, the file at ${fileLength}`;
      throw new SafetensorsError(entry.name, at, what, COPY_AGAIN);
    }
  }
  if (dataStart + end < fileLength) {
    const what = `${fileLength - dataStart - end} bytes follow the last tensor`;
    throw new SafetensorsError(null, dataStart + end, what, EXPORT_AGAIN);
  }
}

/** The names of a file's tensors, in the header's order. @throws SafetensorsError for a header that cannot be read. */
export function safetensorsNames(bytes: Uint8Array): string[] {
  return Object.keys(readHeader(bytes).header).filter((name) => name !== '__metadata__');
}

/**
 * Reads a safetensors file. Unless asked for something else, floats become F32 (F64 by rounding) and integers I64;
 * tensors stand in the header's order, with their own memory.
 * @param wanted the type that a tensor of a name is to have; undefined leaves it to the file's.
 * @throws SafetensorsError naming the tensor and byte: cut file, bad header, duplicate name, unsupported dtype, overlap,
 * gap, a size that does not fit the shape, a value that the wanted type cannot say.
 */
export function readSafetensors(
  bytes: Uint8Array,
  wanted: (name: string) => Dtype | undefined = () => undefined,
): Safetensors {
  const { header, dataStart } = readHeader(bytes);
  const { __metadata__: metadata, ...tensors } = header;
  const entries = Object.entries(tensors).map(([name, value]) => readEntry(name, value, dataStart));
  checkLayout(entries, dataStart, bytes.length);
  const state = new Map<string, StateTensor>();
  for (const { name, dtype, reader, shape, begin, end } of entries) {
    const copy = new Uint8Array(end - begin);
    copy.set(bytes.subarray(dataStart + begin, dataStart + end));
    const fail = (what: string) =>
      new SafetensorsError(
        name,
        dataStart + begin,
        `${what} (it is ${dtype})`,
        'Export it as F32, num_batches_tracked as I64.',
      );
    state.set(name, castTo(wanted(name) ?? reader.becomes, reader.values(copy), shape, fail));
  }
  const dtypes = new Map(entries.map(({ name, dtype }) => [name, dtype]));
  return { tensors: state, metadata: readMetadata(metadata), dtypes };
}

/** The header's `__metadata__` alone, without the tensors. @throws SafetensorsError as readSafetensors, of the header. */
export function readSafetensorsMetadata(bytes: Uint8Array): Readonly<Record<string, string>> {
  return readMetadata(readHeader(bytes).header['__metadata__']);
}

/**
 * A state dict as safetensors bytes. The header keeps the dict's order; in the data the I64 tensors come first, so that
 * every tensor starts at a multiple of its element size, as readers that map the file into memory want it.
 * @param floats the element type in which F32 tensors are written; F16 rounds them.
 * @throws SafetensorsError when a tensor's data does not fit its shape or the element type, or a tensor is called
 * `__metadata__`.
 */
export function writeSafetensors(
  tensors: StateDict,
  metadata: Readonly<Record<string, string>> = {},
  floats: 'F32' | 'F16' = 'F32',
): Uint8Array<ArrayBuffer> {
  const parts = new Map<string, { readonly begin: number; readonly bytes: Uint8Array }>();
  let length = 0;
  for (const dtype of ['I64', 'F32'] as const) {
    for (const [name, tensor] of tensors) {
      if (tensor.dtype !== dtype) continue;
      if (name === '__metadata__' || sizeOf(tensor.shape) !== tensor.data.length) {
        const what = `shape [${tensor.shape.join(', ')}] does not fit ${tensor.data.length} values, or the name is reserved`;
        throw new SafetensorsError(name, length, what, 'Correct the state dict.');
      }
      const bytes = bytesOf(name, tensor, floats, length);
      parts.set(name, { begin: length, bytes });
      length += bytes.length;
    }
  }
  const entries = [...tensors].map(([name, { dtype, shape }]): [string, unknown] => {
    const { begin = 0, bytes } = parts.get(name) ?? {};
    const offsets = [begin, begin + (bytes?.length ?? 0)];
    return [name, { dtype: dtype === 'F32' ? floats : dtype, shape, data_offsets: offsets }];
  });
  if (Object.keys(metadata).length > 0) entries.unshift(['__metadata__', metadata]);
  // Not through an object: that would move names that look like numbers to the front.
  const json = `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`;
  const header = new TextEncoder().encode(json);
  const headerLength = Math.ceil(header.length / 8) * 8;
  const out = new Uint8Array(8 + headerLength + length);
  new DataView(out.buffer).setUint32(0, headerLength, true);
  out.fill(0x20, 8, 8 + headerLength);
  out.set(header, 8);
  for (const { begin, bytes } of parts.values()) out.set(bytes, 8 + headerLength + begin);
  return out;
}

function bytesOf(name: string, { dtype, data }: StateTensor, floats: 'F32' | 'F16', at: number): Uint8Array {
  if (dtype === 'I64' || floats === 'F32') {
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  }
  const halves = Uint16Array.from(data, numberToHalf);
  const beyond = halves.findIndex((half, i) => (half & 0x7fff) === 0x7c00 && Number.isFinite(data[i]));
  if (beyond !== -1) {
    const what = `element ${beyond}, ${data[beyond]}, is beyond a 16-bit float`;
    throw new SafetensorsError(name, at, what, 'Write it as F32.');
  }
  return new Uint8Array(halves.buffer);
}
