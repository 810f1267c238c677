/** The header of a Parquet page, in Thrift's compact encoding: only its numbers, which is all that sizes need. */

export interface PageHeader {
  /** 0 data, 1 index, 2 dictionary, 3 data of version 2. */
  readonly type: number;
  readonly uncompressed: number;
  readonly compressed: number;
  readonly values: number;
  readonly encoding: number;
  /** Of version 2 only. */
  readonly nulls: number;
  readonly rows: number;
  readonly definitionBytes: number;
  readonly repetitionBytes: number;
  readonly isCompressed: boolean;
}

const TRUE = 1;
const FALSE = 2;
const BYTE = 3;
const INTEGERS = [4, 5, 6];
const DOUBLE = 7;
const BINARY = 8;
const STRUCT = 12;
/** Fields of a struct by number; structs in it are maps themselves. */
type Fields = Map<number, number | boolean | Fields>;

/** Reads numbers from bytes; past their end it throws a RangeError. */
export class ByteReader {
  readonly bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  byte(): number {
    const value = this.bytes[this.at];
    if (value === undefined) throw new RangeError('the bytes end too early');
    this.at++;
    return value;
  }

  /** An unsigned LEB128 number; of more than 53 bits only its size is right. */
  varint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.byte();
      value += (byte & 127) * factor;
      if (byte < 128) return value;
      if (factor > 2 ** 63) throw new RangeError('a number is too long');
    }
  }

  skip(count: number): void {
    this.at += count;
    if (this.at > this.bytes.length) throw new RangeError('the bytes end too early');
  }
}

function readStruct(reader: ByteReader, depth: number): Fields {
  if (depth > 4) throw new RangeError('the header is nested too deep');
  const fields: Fields = new Map();
  for (let field = 0; ;) {
    const head = reader.byte();
    const type = head & 15;
    if (type === 0) return fields;
    const step = head >> 4;
    field = step > 0 ? field + step : unzigzag(reader.varint());
    if (type === TRUE || type === FALSE) fields.set(field, type === TRUE);
    else if (type === BYTE) fields.set(field, reader.byte());
    else if (INTEGERS.includes(type)) fields.set(field, unzigzag(reader.varint()));
    else if (type === DOUBLE) reader.skip(8);
    else if (type === BINARY) reader.skip(reader.varint());
    else if (type === STRUCT) fields.set(field, readStruct(reader, depth + 1));
    else throw new RangeError(`a page header has a field of type ${type}`);
  }
}

const unzigzag = (value: number) => (value % 2 === 0 ? value / 2 : -(value + 1) / 2);

/** @throws RangeError when the bytes are no page header. */
export function readPageHeader(reader: ByteReader): PageHeader {
  const header = readStruct(reader, 0);
  const at = (fields: Fields, field: number): number => {
    const value = fields.get(field);
    return typeof value === 'number' ? value : 0;
  };
  const type = at(header, 1);
  const inner = header.get(type === 3 ? 8 : type === 2 ? 7 : 5);
  const page: Fields = inner instanceof Map ? inner : new Map();
  const second = type === 3;
  return {
    type,
    uncompressed: at(header, 2),
    compressed: at(header, 3),
    values: at(page, 1),
    encoding: at(page, second ? 4 : 2),
    nulls: second ? at(page, 2) : 0,
    rows: second ? at(page, 3) : 0,
    definitionBytes: second ? at(page, 5) : 0,
    repetitionBytes: second ? at(page, 6) : 0,
    isCompressed: page.get(7) !== false,
  };
}
