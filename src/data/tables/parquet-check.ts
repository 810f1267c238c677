/**
 * What a Parquet file says of its own sizes, checked before the reading library allocates for it: that believes page
 * headers and run lengths, and a few damaged bytes in them would ask for gigabytes. Costs decompressing pages twice.
 */
import { snappyUncompress } from 'hyparquet';
import type { AsyncBuffer, ColumnMetaData, Compressors, SchemaTree } from 'hyparquet';
import {
  decompressBrotli,
  decompressGzip,
  decompressLz4,
  decompressLz4Raw,
  decompressZstd,
} from 'hyparquet-compressors';
import { ByteReader, readPageHeader, type PageHeader } from './thrift-page.ts';

/** Bytes of one page, uncompressed; writers make pages of about one megabyte. */
const MAX_PAGE_BYTES = 268_435_456;
/** Values of one page, or of a row group's lists. */
const MAX_VALUES = 67_108_864;
const PLAIN_DICTIONARY = 2;
const RLE = 3;
const DELTA_BYTE_ARRAY = 7;
const RLE_DICTIONARY = 8;

type Decompress = (input: Uint8Array, length: number) => Uint8Array;

function bounded(decompress: Decompress): Decompress {
  return (input, length) => {
    if (!(length >= 0 && length <= MAX_PAGE_BYTES)) {
      throw new Error(`a page says it has ${length} bytes; ${MAX_PAGE_BYTES} are the most`);
    }
    return decompress(input, length);
  };
}

/** The codecs, none of which gives more than the page says that it holds. */
export const checkedCompressors: Compressors = {
  SNAPPY: bounded((input, length) => {
    const output = new Uint8Array(length);
    snappyUncompress(input, output);
    return output;
  }),
  GZIP: bounded(decompressGzip),
  BROTLI: bounded(decompressBrotli),
  // With room of its own it fails where the data would need more.
  ZSTD: bounded((input, length) => decompressZstd(input, new Uint8Array(length))),
  LZ4: bounded(decompressLz4),
  LZ4_RAW: bounded(decompressLz4Raw),
};

/** Largest definition and repetition level of a leaf: how often its path is optional or repeated. */
function levelsOf(column: SchemaTree, path: readonly string[]): { definition: number; repetition: number } {
  let [definition, repetition] = [0, 0];
  let node: SchemaTree | undefined = column;
  for (let depth = 1; node; depth++) {
    const kind = node.element.repetition_type;
    if (kind !== 'REQUIRED') definition++;
    if (kind === 'REPEATED') repetition++;
    node = node.children.find(({ element }) => element.name === path[depth]);
  }
  return { definition, repetition };
}

const widthOf = (most: number) => 32 - Math.clz32(most);

/** Runs of the RLE and bit-packed hybrid: as many values as wanted, and no run far beyond them. */
function checkRuns(bytes: Uint8Array, width: number, wanted: number, what: string): void {
  const reader = new ByteReader(bytes);
  for (let seen = 0; seen < wanted;) {
    const head = reader.varint();
    const count = head % 2 === 1 ? ((head - 1) / 2) * 8 : head / 2;
    if (count === 0 && reader.at >= bytes.length) throw new Error(`${what} end too early`);
    // A last group of bit-packed values is filled up to eight; writers may pack a whole block.
    if (seen + count > wanted + (head % 2 === 1 ? 512 : 0)) {
      throw new Error(`a run of ${count} ${what} where ${wanted - seen} are left`);
    }
    seen += count;
    if (head % 2 === 0) reader.skip(Math.ceil(width / 8));
    // Some writers cut the last group short.
    else reader.at = Math.min(bytes.length, reader.at + (count * width) / 8);
  }
}

function checkIndices(bytes: Uint8Array, encoding: number, boolean: boolean, values: number): void {
  if (values === 0) return;
  if (encoding === PLAIN_DICTIONARY || encoding === RLE_DICTIONARY) {
    const width = bytes[0] ?? 0;
    if (width > 32) throw new Error(`dictionary indices of ${width} bits`);
    if (width > 0) checkRuns(bytes.subarray(1), width, values, 'dictionary indices');
  } else if (encoding === RLE && boolean) {
    checkRuns(bytes.subarray(4), 1, values, 'booleans');
  } else if (encoding === DELTA_BYTE_ARRAY && values * bytes.length > 64 * MAX_PAGE_BYTES) {
    throw new Error('a page of shared prefixes that could grow beyond memory');
  }
}

interface Leaf {
  readonly meta: ColumnMetaData;
  readonly definition: number;
  readonly repetition: number;
}

function decompress(bytes: Uint8Array, length: number, { codec }: ColumnMetaData): Uint8Array {
  if (codec === 'UNCOMPRESSED') return bytes;
  const codecOf = checkedCompressors[codec];
  if (!codecOf)
    throw new Error(`the compression ${codec} is not supported; write it with SNAPPY, GZIP or ZSTD`);
  const out = codecOf(bytes, length);
  if (out.length !== length) throw new Error(`a page of ${out.length} bytes where its header says ${length}`);
  return out;
}

/** A data page of version 1: its levels stand before its values, each with its length. */
function checkPage(bytes: Uint8Array, header: PageHeader, { meta, definition, repetition }: Leaf): void {
  let body = decompress(bytes, header.uncompressed, meta);
  for (const [most, what] of [
    [repetition, 'repetition levels'],
    [definition, 'definition levels'],
  ] as const) {
    if (most === 0) continue;
    if (body.length < 4) throw new Error(`${what} end too early`);
    const length = new DataView(body.buffer, body.byteOffset).getUint32(0, true);
    if (length > body.length - 4) throw new Error(`${what} end too early`);
    checkRuns(body.subarray(4, 4 + length), widthOf(most), header.values, what);
    body = body.subarray(4 + length);
  }
  // How many of the values are null only reading tells; no run may be longer than if none were.
  checkIndicesUpTo(body, header, meta);
}

function checkIndicesUpTo(body: Uint8Array, header: PageHeader, meta: ColumnMetaData): void {
  const boolean = meta.type === 'BOOLEAN';
  const dictionary = header.encoding === PLAIN_DICTIONARY || header.encoding === RLE_DICTIONARY;
  if (!dictionary && !(header.encoding === RLE && boolean)) {
    checkIndices(body, header.encoding, boolean, header.values);
    return;
  }
  const width = dictionary ? (body[0] ?? 0) : 1;
  if (width > 32) throw new Error(`dictionary indices of ${width} bits`);
  if (width === 0) return;
  const reader = new ByteReader(body, dictionary ? 1 : 4);
  while (reader.at < body.length) {
    const head = reader.varint();
    const count = head % 2 === 1 ? ((head - 1) / 2) * 8 : head / 2;
    if (count > header.values + 512)
      throw new Error(`a run of ${count} values in a page of ${header.values}`);
    reader.at += head % 2 === 1 ? (count * width) / 8 : Math.ceil(width / 8);
  }
}

/** A data page of version 2: levels lie uncompressed before the values, their lengths in the header. */
function checkPageV2(bytes: Uint8Array, header: PageHeader, { meta, definition, repetition }: Leaf): void {
  const { definitionBytes, repetitionBytes, values, nulls, uncompressed } = header;
  const levels = definitionBytes + repetitionBytes;
  if (definitionBytes < 0 || repetitionBytes < 0 || levels > bytes.length || nulls < 0 || nulls > values) {
    throw new Error('the levels of a page are longer than the page');
  }
  if (repetition > 0) {
    checkRuns(bytes.subarray(0, repetitionBytes), widthOf(repetition), values, 'repetition levels');
  }
  if (definition > 0) {
    checkRuns(bytes.subarray(repetitionBytes, levels), widthOf(definition), values, 'definition levels');
  }
  const length = uncompressed - levels;
  const packed = bytes.subarray(levels);
  const body = header.isCompressed && length > 0 ? decompress(packed, length, meta) : packed;
  checkIndices(body, header.encoding, meta.type === 'BOOLEAN', values - nulls);
}

/**
 * Checks the pages of one column chunk.
 * @param column the table's column that the chunk is a part of.
 * @param rows of the row group.
 * @throws Error saying what does not fit.
 */
export async function checkColumnChunk(
  buffer: AsyncBuffer,
  meta: ColumnMetaData,
  column: SchemaTree,
  rows: number,
): Promise<void> {
  const leaf: Leaf = { meta, ...levelsOf(column, meta.path_in_schema) };
  const data = Number(meta.data_page_offset);
  const dictionary = Number(meta.dictionary_page_offset ?? 0);
  const start = dictionary > 0 ? Math.min(dictionary, data) : data;
  const size = Number(meta.total_compressed_size);
  if (!(start >= 0 && size >= 0 && start + size <= buffer.byteLength)) {
    throw new Error('a column lies beyond the end of the file');
  }
  const bytes = new Uint8Array(await buffer.slice(start, start + size));
  const reader = new ByteReader(bytes);
  const most = leaf.repetition > 0 ? MAX_VALUES : rows;
  let values = 0;
  while (reader.at < bytes.length && (leaf.repetition > 0 || values < rows)) {
    const header = readPageHeader(reader);
    const from = reader.at;
    if (header.compressed < 0 || header.uncompressed < 0) throw new Error('a page has a negative size');
    reader.skip(header.compressed);
    if (header.values < 0 || header.values > MAX_VALUES || header.uncompressed > MAX_PAGE_BYTES) {
      throw new Error(`a page says it has ${header.values} values in ${header.uncompressed} bytes`);
    }
    const page = bytes.subarray(from, reader.at);
    if (header.type === 2) decompress(page, header.uncompressed, meta);
    if (header.type !== 0 && header.type !== 3) continue;
    values += header.values;
    if (values > most)
      throw new Error(`the pages of a column hold ${values} values, its row group ${rows} rows`);
    if (header.type === 3) checkPageV2(page, header, leaf);
    else checkPage(page, header, leaf);
  }
  if (leaf.repetition === 0 && values !== rows) {
    throw new Error(`the pages of a column hold ${values} values, its row group ${rows} rows`);
  }
}
