/**
 * tf.Example at file speed: known features straight from the wire into rows of typed arrays, and back. float_list
 * payloads are block copies, features are expected in the order of the record before. tf-example.ts is the plain form.
 */
import { TfExampleError, type TfFeatureKind } from './tf-example.ts';

/** Where one feature of every example lives: row r is `data[r·stride … r·stride + stride)`. */
export interface ExampleSlot {
  /** The feature's name in the file. */
  readonly feature: string;
  readonly kind: Exclude<TfFeatureKind, 'bytes_list'>;
  /** Values of one example in the file. */
  readonly length: number;
  /** Values kept of one example, the first ones; equal to `length` for writing. */
  readonly stride: number;
  /** float_list needs a Float32Array. Integers are rounded to the array's type, once, as the reference's cast does. */
  readonly data: Float32Array | Float64Array;
  /** Integers beyond ±(2^53 − 1), which `data` holds rounded, whole and by their place in `data`; absent: not kept. */
  readonly wide?: Map<number, bigint> | null;
}

const FLOAT_FIELD = 2;
const INT_FIELD = 3;

interface Slot {
  readonly spec: ExampleSlot;
  readonly key: Key;
  readonly field: number;
  /** The data's memory, for block copies of floats. */
  readonly bytes: Uint8Array;
  /** The last record in which it was seen, to find missing ones. */
  seen: number;
  /** Whether some record had no value for it. */
  absent: boolean;
}

function makeSlot(spec: ExampleSlot): Slot {
  if (spec.kind === 'float_list' && !(spec.data instanceof Float32Array)) {
    throw new TypeError(`Feature "${spec.feature}": a float_list needs a Float32Array.`);
  }
  const { data } = spec;
  return {
    spec,
    key: makeKey(new TextEncoder().encode(spec.feature)),
    field: spec.kind === 'float_list' ? FLOAT_FIELD : INT_FIELD,
    bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    seen: -1,
    absent: false,
  };
}

/** A feature's name as bytes, compared a word at a time: names are half of what a small record holds. */
interface Key {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

function makeKey(bytes: Uint8Array): Key {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
}

function sameKey(key: Key, view: DataView, start: number, end: number): boolean {
  const length = key.bytes.length;
  if (end - start !== length) return false;
  let i = 0;
  for (; i + 4 <= length; i += 4) if (key.view.getInt32(i) !== view.getInt32(start + i)) return false;
  for (; i < length; i++) if (key.view.getUint8(i) !== view.getUint8(start + i)) return false;
  return true;
}

/** What stood at one place of the record before: a slot, or a feature that nobody wants. */
interface Expected {
  readonly key: Key;
  readonly slot: Slot | null;
}

/** Decodes the payloads of one kind of record into the rows of the slots' arrays. */
export class ExampleDecoder {
  readonly #slots: readonly Slot[];
  readonly #byName: ReadonlyMap<string, Slot>;
  readonly #order: Expected[] = [];
  readonly #text = new TextDecoder();
  readonly #onAbsent: (slot: ExampleSlot) => void;
  #bytes: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  /** Where the payload starts in the view, which is over the whole buffer, as records often share one. */
  #base = 0;
  #pos = 0;
  #call = 0;
  #record: number | null = null;
  /** The halves of the integer that was read last. */
  #low = 0;
  #high = 0;

  /**
   * @param onAbsent told of each slot once, at the first record that has no value for it.
   * @throws TypeError when a float_list slot has no Float32Array.
   */
  constructor(slots: readonly ExampleSlot[], onAbsent: (slot: ExampleSlot) => void = () => undefined) {
    this.#onAbsent = onAbsent;
    this.#slots = slots.map(makeSlot);
    this.#byName = new Map(this.#slots.map((slot) => [slot.spec.feature, slot]));
  }

  /**
   * Decodes one payload into a row, as TensorFlow's parser does: a feature that is absent, or there without a list,
   * reads as zeros; of one that is there twice the last counts; features without a slot and unknown fields are skipped.
   * @param record named in errors. After an error the row's contents are undefined.
   * @throws TfExampleError for malformed bytes, and naming the feature: of the wrong kind or length.
   */
  decode(payload: Uint8Array, row: number, record: number | null = null): void {
    this.#bytes = payload;
    if (this.#view.buffer !== payload.buffer) this.#view = new DataView(payload.buffer);
    this.#base = payload.byteOffset;
    this.#pos = 0;
    this.#record = record;
    this.#call++;
    let entry = 0;
    while (this.#pos < payload.length) {
      const listEnd = this.#message(1, payload.length);
      if (listEnd < 0) continue;
      while (this.#pos < listEnd) {
        const entryEnd = this.#message(1, listEnd);
        if (entryEnd >= 0) this.#entry(entryEnd, row, entry++);
      }
    }
    for (const slot of this.#slots) {
      if (slot.seen === this.#call) continue;
      const { data, stride } = slot.spec;
      data.fill(0, row * stride, (row + 1) * stride);
      if (slot.absent) continue;
      slot.absent = true;
      this.#onAbsent(slot.spec);
    }
  }

  /** Reads a tag; for a length-delimited field of this number gives its end, else skips the field and gives −1. */
  #message(field: number, end: number): number {
    const tag = this.#size(end);
    if (tag === ((field << 3) | 2)) return this.#length(end);
    this.#skip(tag, end);
    return -1;
  }

  #entry(end: number, row: number, position: number): void {
    let keyStart = this.#pos;
    let keyEnd = this.#pos;
    let valueStart = -1;
    let valueEnd = -1;
    while (this.#pos < end) {
      const tag = this.#size(end);
      if (tag === 10) {
        keyEnd = this.#length(end);
        keyStart = this.#pos;
        this.#pos = keyEnd;
      } else if (tag === 18) {
        valueEnd = this.#length(end);
        valueStart = this.#pos;
        this.#pos = valueEnd;
      } else this.#skip(tag, end);
    }
    const slot = this.#lookUp(keyStart, keyEnd, position);
    if (!slot) return;
    if (valueStart < 0) return;
    this.#pos = valueStart;
    if (this.#value(slot, valueEnd, row)) slot.seen = this.#call;
    this.#pos = end;
  }

  #lookUp(start: number, end: number, position: number): Slot | null {
    const expected = this.#order[position];
    if (expected && sameKey(expected.key, this.#view, this.#base + start, this.#base + end))
      return expected.slot;
    const slot = this.#byName.get(this.#text.decode(this.#bytes.subarray(start, end))) ?? null;
    this.#order[position] = { key: slot?.key ?? makeKey(this.#bytes.slice(start, end)), slot };
    return slot;
  }

  /** Whether the feature has a list: one without is as good as absent. */
  #value(slot: Slot, end: number, row: number): boolean {
    let count = 0;
    let list = false;
    while (this.#pos < end) {
      const tag = this.#size(end);
      const field = tag >>> 3;
      if ((tag & 7) !== 2 || field < 1 || field > 3) {
        this.#skip(tag, end);
        continue;
      }
      const listEnd = this.#length(end);
      list = true;
      if (field !== slot.field) {
        const kinds = ['bytes_list', 'float_list', 'int64_list'];
        const what = `it is a ${kinds[field - 1]}, the data schema says ${slot.spec.kind}. Correct the schema.`;
        throw this.#error('wrong-kind', slot.spec.feature, what);
      }
      while (this.#pos < listEnd) {
        const item = this.#size(listEnd);
        if (item === 10) {
          const packedEnd = this.#length(listEnd);
          count =
            field === FLOAT_FIELD
              ? this.#floats(slot, packedEnd, row, count)
              : this.#ints(slot, packedEnd, row, count);
        } else if (item === (field === FLOAT_FIELD ? 13 : 8)) {
          count =
            field === FLOAT_FIELD
              ? this.#floats(slot, this.#checked(this.#pos + 4, listEnd), row, count)
              : this.#ints(slot, listEnd, row, count, 1);
        } else this.#skip(item, listEnd);
      }
    }
    if (list && count !== slot.spec.length) throw this.#wrongLength(slot, count);
    return list;
  }

  #floats(slot: Slot, end: number, row: number, count: number): number {
    const { length, stride } = slot.spec;
    const start = this.#pos;
    if ((end - start) & 3) throw this.#malformed('a float list ends within a number');
    const total = count + ((end - start) >>> 2);
    if (total > length) throw this.#wrongLength(slot, total);
    const keep = Math.min(total, stride) - count;
    // Wire floats and typed arrays are both little endian on every platform that has a browser or Node.
    if (keep > 0) slot.bytes.set(this.#bytes.subarray(start, start + 4 * keep), 4 * (row * stride + count));
    this.#pos = end;
    return total;
  }

  #ints(slot: Slot, end: number, row: number, count: number, most = Infinity): number {
    const { length, stride, data } = slot.spec;
    const bytes = this.#bytes;
    const base = row * stride;
    let at = this.#pos;
    for (let read = 0; at < end && read < most; read++) {
      let value = bytes[at]!;
      if (value < 128) at++;
      else {
        this.#pos = at;
        value = this.#int64(end);
        at = this.#pos;
        if (count < stride && !Number.isSafeInteger(value)) value = this.#rounded(slot.spec, base + count);
      }
      if (count < stride) data[base + count] = value;
      if (++count > length) throw this.#wrongLength(slot, count);
    }
    this.#pos = at;
    return count;
  }

  /** A signed 64-bit varint, in two halves because doubles have 53 bits; beyond those rounded to the nearest. */
  #int64(end: number): number {
    const bytes = this.#bytes;
    let low = 0;
    let high = 0;
    for (let shift = 0; ; shift += 7) {
      if (this.#pos >= end || shift > 63)
        throw this.#malformed('an integer is cut off or longer than 10 bytes');
      const byte = bytes[this.#pos++]!;
      const bits = byte & 127;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high = bits >>> 4;
      } else high |= bits << (shift - 32);
      if (byte < 128) break;
    }
    this.#low = low;
    this.#high = high;
    return (high | 0) * 4294967296 + (low >>> 0);
  }

  /** What the slot's array takes of the integer read last, which no double holds; kept whole where the slot asks. */
  #rounded({ data, wide }: ExampleSlot, at: number): number {
    const high = this.#high | 0;
    const low = this.#low >>> 0;
    wide?.set(at, (BigInt(high) << 32n) | BigInt(low));
    // Rounding to a double and then to a float can differ from rounding once: the eleven lowest bits become one that
    // only says whether there were any (round to odd), which a double holds and a float rounds right.
    if (data instanceof Float32Array)
      return high * 4294967296 + (((low & ~0x7ff) | (low & 0x7ff ? 0x800 : 0)) >>> 0);
    return high * 4294967296 + low;
  }

  /** An unsigned varint that stands for a tag or a length: below 2^31, or the bytes are no message. */
  #size(end: number): number {
    const bytes = this.#bytes;
    let value = 0;
    for (let factor = 1; factor <= 2 ** 28; factor *= 128) {
      if (this.#pos >= end) throw this.#malformed('a field is cut off');
      const byte = bytes[this.#pos++]!;
      value += (byte & 127) * factor;
      if (byte < 128) {
        if (value > 0x7fffffff) break;
        return value;
      }
    }
    throw this.#malformed('a tag or length is too large');
  }

  #length(end: number): number {
    const length = this.#size(end);
    return this.#checked(this.#pos + length, end);
  }

  #checked(position: number, end: number): number {
    if (position > end) throw this.#malformed('a field is longer than its message');
    return position;
  }

  #skip(tag: number, end: number): void {
    const type = tag & 7;
    if (tag >>> 3 === 0) throw this.#malformed('a field has the number 0');
    if (type === 2) this.#pos = this.#length(end);
    else if (type === 0) {
      const start = this.#pos;
      while (this.#bytes[this.#checked(this.#pos++, end - 1)]! >= 128) {
        if (this.#pos - start >= 10) throw this.#malformed('an integer is longer than 10 bytes');
      }
    } else if (type === 5) this.#pos = this.#checked(this.#pos + 4, end);
    else if (type === 1) this.#pos = this.#checked(this.#pos + 8, end);
    else throw this.#malformed(`wire type ${type} does not occur in a tf.Example`);
  }

  #wrongLength(slot: Slot, count: number): TfExampleError {
    const { feature, length } = slot.spec;
    const what = `it has ${count > length ? 'at least ' : ''}${count} values, the data schema says ${length}. Correct the schema.`;
    return this.#error('wrong-length', feature, what);
  }

  #malformed(what: string): TfExampleError {
    return this.#error(
      'malformed',
      null,
      `the bytes are no tf.Example (byte ${this.#pos}: ${what}). Write the file again.`,
    );
  }

  #error(kind: TfExampleError['kind'], feature: string | null, what: string): TfExampleError {
    return new TfExampleError(kind, feature, what, this.#record);
  }
}
