/** Own tables, CSV and Parquet: whole ones with damage in them, read to the profile of every column. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { openTable } from '../../../src/data/tables/open-table.ts';
import { profileTable } from '../../../src/data/tables/profile.ts';
import { TableError } from '../../../src/data/tables/table-error.ts';
import { memoryFile } from '../../../src/data/tables/testing/memory-file.ts';
import { fuzzKind } from '../kind.ts';
import type { FuzzKind } from '../kind.ts';
import { edits } from '../mutate.ts';

const table = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../../../test/fixtures/tables/${name}`, import.meta.url)));

function tableKind(name: string, file: string, samples: readonly Uint8Array[]): FuzzKind {
  return fuzzKind({
    name,
    input: fc
      .tuple(fc.constantFrom(...samples), fc.option(edits, { freq: 3 }))
      .map(([bytes, edit]) => ({ bytes: edit ? edit(bytes) : bytes })),
    errors: [TableError],
    bytes: ({ bytes }) => bytes,
    async read({ bytes }) {
      await profileTable(await openTable(memoryFile(bytes, file)));
    },
    probe: () => samples.length,
  });
}

export const csvKind = tableKind('csv', 'table.csv', [table('adult.csv')]);

export const parquetKind = tableKind(
  'parquet',
  'table.parquet',
  ['none', 'snappy', 'gzip', 'zstd', 'brotli', 'lz4'].map((codec) => table(`${codec}.parquet`)),
);
