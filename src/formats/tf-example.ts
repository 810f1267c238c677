/**
 * tf.Example as a map of features: the plain reader and writer, on the protobuf wire library. Simple rather than fast;
 * example-decoder.ts and example-encoder.ts do the same for known features at file speed and are tested against this one.
 */
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

export type TfFeature =
  | { readonly kind: 'bytes_list'; readonly values: readonly Uint8Array[] }
  | { readonly kind: 'float_list'; readonly values: readonly number[] }
  /** Integers beyond ±(2^53 − 1) are bigints. */
  | { readonly kind: 'int64_list'; readonly values: readonly (number | bigint)[] };

export type TfFeatureKind = TfFeature['kind'];

export type TfExampleErrorKind = 'malformed' | 'wrong-kind' | 'wrong-length' | 'no-integer';

/** A tf.Example that cannot be read or written: names the record where it is known, the feature, and what to do. */
export class TfExampleError extends Error {
  override readonly name = 'TfExampleError';
  readonly kind: TfExampleErrorKind;
  readonly feature: string | null;
  readonly record: number | null;

  constructor(kind: TfExampleErrorKind, feature: string | null, what: string, record: number | null = null) {
    const place = [
      ...(record === null ? [] : [`record ${record}`]),
      ...(feature === null ? [] : [`feature "${feature}"`]),
    ].join(', ');
    super(place === '' ? what : `${place.charAt(0).toUpperCase()}${place.slice(1)}: ${what}`);
    this.kind = kind;
    this.feature = feature;
    this.record = record;
  }
}

const KIND_BY_FIELD: Record<number, TfFeatureKind> = { 1: 'bytes_list', 2: 'float_list', 3: 'int64_list' };
const FIELD_BY_KIND: Record<TfFeatureKind, number> = { bytes_list: 1, float_list: 2, int64_list: 3 };

/** Reads one message's fields, giving each to `field`, which returns false to have it skipped. */
function eachField(
  bytes: Uint8Array,
  field: (no: number, type: WireType, reader: BinaryReader) => boolean,
): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [no, type] = reader.tag();
    if (!field(no, type, reader)) reader.skip(type, no);
  }
}

function integer(value: bigint | string): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : BigInt(value);
}

function readList(kind: TfFeatureKind, bytes: Uint8Array): TfFeature {
  if (kind === 'bytes_list') {
    const values: Uint8Array[] = [];
    eachField(bytes, (no, type, reader) => {
      if (no !== 1 || type !== WireType.LengthDelimited) return false;
      values.push(reader.bytes().slice());
      return true;
    });
    return { kind, values };
  }
  const floats: number[] = [];
  const integers: (number | bigint)[] = [];
  const single = kind === 'float_list' ? WireType.Bit32 : WireType.Varint;
  const readOne = (reader: BinaryReader) => {
    if (kind === 'float_list') floats.push(reader.float());
    else integers.push(integer(reader.int64()));
  };
  eachField(bytes, (no, type, reader) => {
    if (no !== 1) return false;
    if (type === single) readOne(reader);
    else if (type === WireType.LengthDelimited) {
      const packed = new BinaryReader(reader.bytes());
      while (packed.pos < packed.len) readOne(packed);
    } else return false;
    return true;
  });
  return kind === 'float_list' ? { kind, values: floats } : { kind, values: integers };
}

/**
 * The features of a serialized tf.Example, by name. Unknown fields are skipped; a feature without a list is left out.
 * @throws TfExampleError when the bytes are no tf.Example.
 */
export function decodeTfExample(bytes: Uint8Array): Map<string, TfFeature> {
  const features = new Map<string, TfFeature>();
  const readEntry = (entry: Uint8Array) => {
    let name = '';
    let value = new Uint8Array(0);
    eachField(entry, (no, type, reader) => {
      if (type !== WireType.LengthDelimited) return false;
      if (no === 1) name = reader.string();
      else if (no === 2) value = reader.bytes().slice();
      else return false;
      return true;
    });
    eachField(value, (no, type, reader) => {
      const kind = KIND_BY_FIELD[no];
      if (!kind || type !== WireType.LengthDelimited) return false;
      features.set(name, readList(kind, reader.bytes()));
      return true;
    });
  };
  const nested =
    (then: (bytes: Uint8Array) => void) => (no: number, type: WireType, reader: BinaryReader) => {
      if (no !== 1 || type !== WireType.LengthDelimited) return false;
      then(reader.bytes());
      return true;
    };
  try {
    eachField(
      bytes,
      nested((list) => eachField(list, nested(readEntry))),
    );
  } catch (error) {
    if (error instanceof TfExampleError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new TfExampleError(
      'malformed',
      null,
      `The bytes are no tf.Example (${reason}). Write the file again.`,
    );
  }
  return features;
}

function checkedInteger(value: number | bigint, feature: string): number | bigint {
  const fits = typeof value === 'bigint' ? BigInt.asIntN(64, value) === value : Number.isSafeInteger(value);
  if (fits) return value;
  throw new TfExampleError(
    'no-integer',
    feature,
    `${value} is no 64-bit integer that is known to the last digit. Give large ones as bigints.`,
  );
}

/**
 * A serialized tf.Example with the features in the map's order, numeric lists packed.
 * @throws TfExampleError when an int64_list holds something else than a safe integer or a 64-bit bigint.
 */
export function encodeTfExample(features: ReadonlyMap<string, TfFeature>): Uint8Array {
  const writer = new BinaryWriter();
  writer.tag(1, WireType.LengthDelimited).fork();
  for (const [name, feature] of features) {
    writer.tag(1, WireType.LengthDelimited).fork();
    writer.tag(1, WireType.LengthDelimited).string(name);
    writer.tag(2, WireType.LengthDelimited).fork();
    writer.tag(FIELD_BY_KIND[feature.kind], WireType.LengthDelimited).fork();
    if (feature.kind === 'bytes_list') {
      for (const value of feature.values) writer.tag(1, WireType.LengthDelimited).bytes(value);
    } else if (feature.values.length > 0) {
      writer.tag(1, WireType.LengthDelimited).fork();
      if (feature.kind === 'float_list') for (const value of feature.values) writer.float(value);
      else for (const value of feature.values) writer.int64(checkedInteger(value, name));
      writer.join();
    }
    writer.join().join().join();
  }
  return writer.join().finish();
}
