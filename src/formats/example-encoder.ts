/** The writing half of example-decoder.ts: rows of typed arrays to tf.Example bytes, canonical and packed. */
import { TfExampleError } from './tf-example.ts';
import type { ExampleSlot } from './example-decoder.ts';

const PACKED = 10;

function varintSize(value: number): number {
  let size = 1;
  for (; value >= 128; value = Math.floor(value / 128)) size++;
  return size;
}

interface Slot {
  readonly spec: ExampleSlot;
  /** Tag and length-prefixed name, the start of a map entry. */
  readonly head: Uint8Array;
  readonly bytes: Uint8Array;
  /** Bytes of the packed list in the row that is being written, and of the three messages around it. */
  packed: number;
  list: number;
  value: number;
  entry: number;
}

/** Message sizes around `packed` bytes of numbers; an empty list has no packed field at all. */
function measure(slot: Slot, packed: number): void {
  slot.packed = packed;
  slot.list = packed === 0 ? 0 : 1 + varintSize(packed) + packed;
  slot.value = 1 + varintSize(slot.list) + slot.list;
  slot.entry = slot.head.length + 1 + varintSize(slot.value) + slot.value;
}

/** Serializes rows of the slots' arrays. `size(row)`, then `write` of the same row, as the sizes are remembered. */
export class ExampleEncoder {
  readonly #slots: readonly Slot[];
  #features = 0;

  /** @throws TypeError when a slot keeps fewer values than the file needs, or a float_list has no Float32Array. */
  constructor(slots: readonly ExampleSlot[]) {
    this.#slots = slots.map((spec) => {
      const { feature, kind, length, stride, data } = spec;
      if (stride !== length || (kind === 'float_list' && !(data instanceof Float32Array))) {
        throw new TypeError(
          `Feature "${feature}": writing needs all ${length} values, floats in a Float32Array.`,
        );
      }
      const name = new TextEncoder().encode(feature);
      const head = new Uint8Array(1 + varintSize(name.length) + name.length);
      head[0] = PACKED;
      head.set(name, writeVarint(head, 1, name.length));
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      const slot: Slot = { spec, head, bytes, packed: 0, list: 0, value: 0, entry: 0 };
      if (kind === 'float_list') measure(slot, 4 * length);
      return slot;
    });
  }

  /** Bytes that the row takes. @throws TfExampleError when an int64_list holds something else than an integer known to the last digit. */
  size(row: number): number {
    let features = 0;
    for (const slot of this.#slots) {
      if (slot.spec.kind === 'int64_list') measure(slot, intsSize(slot.spec, row));
      features += 1 + varintSize(slot.entry) + slot.entry;
    }
    this.#features = features;
    return 1 + varintSize(features) + features;
  }

  /** Writes the row that `size` was called for last at a position of `out`, and gives the position behind it. */
  write(row: number, out: Uint8Array, at: number): number {
    out[at] = PACKED;
    at = writeVarint(out, at + 1, this.#features);
    for (const slot of this.#slots) {
      const { kind, length } = slot.spec;
      out[at] = 10;
      at = writeVarint(out, at + 1, slot.entry);
      out.set(slot.head, at);
      at += slot.head.length;
      out[at] = 18;
      at = writeVarint(out, at + 1, slot.value);
      out[at] = kind === 'float_list' ? 18 : 26;
      at = writeVarint(out, at + 1, slot.list);
      if (slot.packed === 0) continue;
      out[at] = PACKED;
      at = writeVarint(out, at + 1, slot.packed);
      if (kind === 'float_list') {
        out.set(slot.bytes.subarray(4 * row * length, 4 * (row + 1) * length), at);
        at += slot.packed;
      } else at = writeInts(slot.spec, row, out, at);
    }
    return at;
  }
}

/** The integer at a place that `data` holds rounded, if the slot has it whole. */
function wideAt({ data, wide }: ExampleSlot, at: number): bigint | undefined {
  const whole = wide?.get(at);
  // What preprocessing has changed since is no longer what was read.
  return whole !== undefined && Number(whole) === data[at] ? whole : undefined;
}

function bigVarintSize(value: bigint): number {
  if (value < 0n) return 10;
  let size = 1;
  for (; value >= 128n; value >>= 7n) size++;
  return size;
}

function intsSize(slot: ExampleSlot, row: number): number {
  const { data, length, feature } = slot;
  let size = 0;
  for (let i = row * length, end = i + length; i < end; i++) {
    const value = data[i]!;
    if (value >= 0 && value < 128 && value === (value | 0)) size++;
    else if (Number.isSafeInteger(value)) size += value < 0 ? 10 : varintSize(value);
    else {
      const whole = wideAt(slot, i);
      if (whole === undefined) {
        const what = `${value} is no integer that is known to the last digit, so it cannot be an int64. Correct the value.`;
        throw new TfExampleError('no-integer', feature, what, row);
      }
      size += bigVarintSize(whole);
    }
  }
  return size;
}

function writeInts(slot: ExampleSlot, row: number, out: Uint8Array, at: number): number {
  const { data, length } = slot;
  for (let i = row * length, end = i + length; i < end; i++) {
    const value = data[i]!;
    if (value >= 0 && value < 128) out[at++] = value;
    else if (!Number.isSafeInteger(value)) at = writeBig(out, at, wideAt(slot, i) ?? 0n);
    else at = value < 0 ? writeBig(out, at, BigInt(value)) : writeVarint(out, at, value);
  }
  return at;
}

function writeVarint(out: Uint8Array, at: number, value: number): number {
  while (value >= 128) {
    out[at++] = (value % 128) | 128;
    value = Math.floor(value / 128);
  }
  out[at++] = value;
  return at;
}

/** A varint of the two's complement in 64 bits: of a negative number nine groups of seven bits and a last one. */
function writeBig(out: Uint8Array, at: number, value: bigint): number {
  let bits = BigInt.asUintN(64, value);
  for (; bits >= 128n; bits >>= 7n) out[at++] = Number(bits & 127n) | 128;
  out[at++] = Number(bits);
  return at;
}
