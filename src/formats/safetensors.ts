/**
 * safetensors: a state dict as one file. u64 length of the header, a JSON header with dtype, shape and offsets of every
 * tensor, then the tensors' little-endian bytes without gaps.
 */
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
    super(`${tensor === null ? 'safetensors' : `Tensor "${tensor}"`}, byte ${offset}: ${what}. ${mend}`);
    this.tensor = tensor;
    this.offset = offset;
  }
}

const COPY_AGAIN = 'Copy or download the file again.';
const EXPORT_AGAIN = 'Export the file again.';

/** Widens one half-precision number (sign 1, exponent 5, fraction 10 bits) to a float32's value. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

type Plain = Uint8Array<ArrayBuffer>;
interface DtypeReader {
  readonly bytes: number;
  read(copy: Plain, shape: readonly number[]): StateTensor;
}

const DTYPES: Readonly<Record<string, DtypeReader>> = {
  F32: { bytes: 4, read: (copy, shape) => ({ dtype: 'F32', shape, data: new Float32Array(copy.buffer) }) },
  F64: {
    bytes: 8,
    read: (copy, shape) => ({ dtype: 'F32', shape, data: Float32Array.from(new Float64Array(copy.buffer)) }),
  },
  F16: {
    bytes: 2,
    read: (copy, shape) => {
      const data = Float32Array.from(new Uint16Array(copy.buffer), halfToNumber);
      return { dtype: 'F32', shape, data };
    },
  },
  BF16: {
    bytes: 2,
    read: (copy, shape) => {
      const bits = Uint32Array.from(new Uint16Array(copy.buffer), (half) => half << 16);
      return { dtype: 'F32', shape, data: new Float32Array(bits.buffer) };
    },
  },
  I64: { bytes: 8, read: (copy, shape) => ({ dtype: 'I64', shape, data: new BigInt64Array(copy.buffer) }) },
  I32: {
    bytes: 4,
    read: (copy, shape) => ({
      dtype: 'I64',
      shape,
      data: BigInt64Array.from(new Int32Array(copy.buffer), (value) => BigInt(value)),
    }),
  },
};

interface Entry {
  readonly name: string;
  readonly dtype: DtypeReader;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface Safetensors {
  readonly tensors: StateDict;
  /** The header's `__metadata__`, string to string. */
  readonly metadata: Readonly<Record<string, string>>;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function readHeader(bytes: Uint8Array): { header: Record<string, unknown>; dataStart: number } {
  const fail = (offset: number, what: string, mend: string) => new SafetensorsError(null, offset, what, mend);
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
    throw fail(8, `dtype ${JSON.stringify(dtype)} is not supported`, `Convert it to F32 or I64.`);
  }
  if (!Array.isArray(shape) || !shape.every(isCount)) throw fail(8, `${JSON.stringify(shape)} is no shape`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) {
    throw fail(8, `data_offsets ${JSON.stringify(offsets)} are no pair of bytes`);
  }
  const [begin, end] = offsets as [number, number];
  const need = sizeOf(shape) * reader.bytes;
  if (end - begin !== need) {
    const what = `shape [${shape.join(', ')}] of ${String(dtype)} needs ${need} bytes, data_offsets hold ${end - begin}`;
    throw fail(dataStart + begin, what);
  }
  return { name, dtype: reader, shape, begin, end };
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

/**
 * Reads a safetensors file. F16, BF16 and F64 become F32 (F64 by rounding), I32 becomes I64; tensors stand in the
 * header's order, with their own memory.
 * @throws SafetensorsError naming the tensor and byte: cut file, bad header, duplicate name, unsupported dtype, overlap,
 * gap, or a size that does not fit the shape.
 */
export function readSafetensors(bytes: Uint8Array): Safetensors {
  const { header, dataStart } = readHeader(bytes);
  const { __metadata__: metadata, ...tensors } = header;
  const entries = Object.entries(tensors).map(([name, value]) => readEntry(name, value, dataStart));
  checkLayout(entries, dataStart, bytes.length);
  const state = new Map<string, StateTensor>();
  for (const { name, dtype, shape, begin, end } of entries) {
    const copy = new Uint8Array(end - begin);
    copy.set(bytes.subarray(dataStart + begin, dataStart + end));
    state.set(name, dtype.read(copy, shape));
  }
  return { tensors: state, metadata: readMetadata(metadata) };
}

/**
 * A state dict as safetensors bytes. The header keeps the dict's order; in the data the I64 tensors come first, so that
 * every tensor starts at a multiple of its element size, as readers that map the file into memory want it.
 * @throws SafetensorsError when a tensor's data does not fit its shape, or a tensor is called `__metadata__`.
 */
export function writeSafetensors(
  tensors: StateDict,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const offsets = new Map<string, readonly [number, number]>();
  let length = 0;
  for (const dtype of ['I64', 'F32'] as const) {
    for (const [name, tensor] of tensors) {
      if (tensor.dtype !== dtype) continue;
      if (name === '__metadata__' || sizeOf(tensor.shape) !== tensor.data.length) {
        const what = `shape [${tensor.shape.join(', ')}] does not fit ${tensor.data.length} values, or the name is reserved`;
        throw new SafetensorsError(name, length, what, 'Correct the state dict.');
      }
      offsets.set(name, [length, length + tensor.data.byteLength]);
      length += tensor.data.byteLength;
    }
  }
  const entries = [...tensors].map(([name, { dtype, shape }]): [string, unknown] => [
    name,
    { dtype, shape, data_offsets: offsets.get(name) },
  ]);
  if (Object.keys(metadata).length > 0) entries.unshift(['__metadata__', metadata]);
  // Not through an object: that would move names that look like numbers to the front.
  const json = `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`;
  const header = new TextEncoder().encode(json);
  const headerLength = Math.ceil(header.length / 8) * 8;
  const out = new Uint8Array(8 + headerLength + length);
  new DataView(out.buffer).setUint32(0, headerLength, true);
  out.fill(0x20, 8, 8 + headerLength);
  out.set(header, 8);
  for (const [name, { data }] of tensors) {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    out.set(bytes, 8 + headerLength + (offsets.get(name)?.[0] ?? 0));
  }
  return out;
}
