import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLabels } from './heads.ts';
import { importTable } from './import-table.ts';
import { openTable } from './open-table.ts';
import { profileTable } from './profile.ts';
import type { Table } from './table.ts';
import { TableError } from './table-error.ts';
import { EncodedTable, loadTable } from './table-rows.ts';
import { memoryFile } from './testing/memory-file.ts';

// Written by pyarrow: 30 rows in groups of 16, pages of version 1 and 2, with and without dictionaries.
const CODECS = ['none', 'snappy', 'gzip', 'zstd', 'brotli', 'lz4'] as const;
const bytesOf = (codec: string) =>
  new Uint8Array(readFileSync(new URL(`../../../test/fixtures/tables/${codec}.parquet`, import.meta.url)));

async function rowsOf(table: Table): Promise<unknown[][]> {
  const rows: unknown[][] = [];
  for await (const { size, columns } of table.chunks()) {
    for (let row = 0; row < size; row++) rows.push(columns.map((cells) => cells[row]));
  }
  return rows;
}

describe('Parquet', () => {
  it.each(CODECS)('reads every kind of column: %s', async (codec) => {
    const table = await openTable(memoryFile(bytesOf(codec), 'table.parquet'));
    expect(table.names).toEqual([
      'id',
      'age',
      'score',
      'job',
      'flag',
      'when',
      'born',
      'vec',
      'price',
      'who',
      'y',
    ]);
    const rows = await rowsOf(table);
    expect(rows).toHaveLength(30);
    const [id, age, score, job, flag, when, born, vector, price, , y] = rows[17]!;
    expect([id, age, score, job, flag, price, y]).toEqual([
      9007199254741010n,
      null,
      4.25,
      'c',
      false,
      2037,
      0,
    ]);
    expect(when).toEqual(new Date(Date.UTC(2024, 0, 18)));
    expect(born).toEqual(new Date(Date.UTC(1990, 0, 1) + 1700 * 86_400_000));
    expect([...(vector as number[])]).toEqual([17, 17.5, 18, 18.5]);
    expect(rows[5]![3]).toBeNull();
    for await (const chunk of table.chunks()) expect(chunk.place(1)).toBe(`row ${chunk.first + 2}`);
  });

  it('is imported like a CSV file', async () => {
    const table = await openTable(memoryFile(bytesOf('snappy'), 'table.parquet'));
    const { columns, notes } = await importTable(table, {
      labels: parseLabels('y', table.names, 'table.parquet'),
      heldOut: { by: 'time', column: 'when', share: 0.2 },
      missing: null,
    });
    expect(columns.columns.map(({ as }) => as)).toEqual(
      ['ignored', 'number', 'number', 'category', 'binary', 'ignored', 'date', 'list', 'number', 'ignored', 'label'], // prettier-ignore
    );
    expect(columns.columns[1]).toMatchObject({ missing: 'indicator' });
    expect(columns.columns[7]).toMatchObject({ into: 'user_embedding', length: 4 });
    expect(columns.held_out).toMatchObject({ from: '2024-01-25T00:00:00.000Z' });
    expect(notes.some((note) => note.startsWith('"who" is not used'))).toBe(true);
    const { counts, chunks } = await loadTable(new EncodedTable(table, columns));
    expect(counts).toMatchObject({ train: 24, heldOut: 6, dropped: 0 });
    const second = chunks[1]!;
    expect([...second.tensors.get('user_embedding')!.subarray(4, 8)]).toEqual([17, 17.5, 18, 18.5]);
    expect([...second.labels.subarray(0, 6)]).toEqual([0, 0, 1, 0, 0, 1]);
  });

  it('ends in a value or an error of ours whatever bytes are damaged', async () => {
    const originals = CODECS.map(bytesOf);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(CODECS.length - 1),
        fc.array(fc.tuple(fc.nat(8000), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        fc.option(fc.nat(8000)),
        async (file, changes, cut) => {
          const bytes = originals[file]!.slice(0, cut ?? undefined);
          for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
          try {
            await profileTable(await openTable(memoryFile(bytes, 'damaged.parquet')));
          } catch (error) {
            expect(error).toBeInstanceOf(TableError);
            expect((error as Error).message).toMatch(/^damaged\.parquet: /);
          }
        },
      ),
      { seed: 11, numRuns: 400 },
    );
  });
});
