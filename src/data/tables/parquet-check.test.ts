import type { AsyncBuffer, ColumnMetaData, SchemaTree } from 'hyparquet';
import { expect, it } from 'vitest';
import { checkColumnChunk, checkedCompressors } from './parquet-check.ts';

const column: SchemaTree = {
  children: [],
  count: 1,
  element: { name: 'n', type: 'INT32', repetition_type: 'OPTIONAL' },
  path: ['n'],
};

const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))];
const int = (value: number) => [0x15, ...varint(2 * value)];

/** An uncompressed page of version 1 with these levels (their length before them) and values. */
function page(values: number, levels: number[], body: number[]): Uint8Array {
  const content = [levels.length, 0, 0, 0, ...levels, ...body];
  const header = [
    ...int(0),
    ...int(content.length),
    ...int(content.length),
    0x2c,
    ...int(values),
    ...int(0),
    ...int(3),
    ...int(3),
    0,
    0,
  ];
  return new Uint8Array([...header, ...content]);
}

async function check(bytes: Uint8Array, rows: number, size = bytes.length): Promise<string> {
  const buffer: AsyncBuffer = {
    byteLength: bytes.length,
    slice: (from, to) => bytes.slice(from, to).buffer as ArrayBuffer,
  };
  const meta: ColumnMetaData = {
    type: 'INT32',
    encodings: ['PLAIN'],
    path_in_schema: ['n'],
    codec: 'UNCOMPRESSED',
    num_values: BigInt(rows),
    total_uncompressed_size: BigInt(size),
    total_compressed_size: BigInt(size),
    data_page_offset: 0n,
  };
  return checkColumnChunk(buffer, meta, column, rows).then(
    () => 'fits',
    (error: Error) => error.message,
  );
}

const all = (count: number) => [...varint(2 * count), 1];

it('lets a page pass that is as it says', async () => {
  expect(await check(page(2, all(2), [1, 0, 0, 0, 2, 0, 0, 0]), 2)).toBe('fits');
});

it('refuses sizes that would ask for gigabytes', async () => {
  expect(await check(page(2, all(2 ** 30), []), 2)).toMatch(
    /a run of 1073741824 definition levels where 2 are left/,
  );
  expect(await check(page(2 ** 30, all(2 ** 30), []), 2)).toMatch(/says it has 1073741824 values/);
  expect(await check(page(5, all(5), []), 2)).toMatch(/hold 5 values, its row group 2 rows/);
  expect(await check(page(2, all(2), []), 2, 2 ** 40)).toMatch(/beyond the end of the file/);
  expect(await check(page(2, [], []), 2)).toMatch(/end too early/);
  for (const codec of ['SNAPPY', 'GZIP', 'ZSTD', 'BROTLI', 'LZ4'] as const) {
    expect(() => checkedCompressors[codec]!(new Uint8Array(8), 2 ** 31)).toThrow(
      /says it has 2147483648 bytes/,
    );
  }
});
