import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseRecapConfig } from '../../config/parse-config.ts';
import { planData } from '../layout.ts';
import { parseColumns, columnsToJson, type TableColumns } from './columns-file.ts';
import { DROPPED, HELD_OUT, RowEncoder, TRAIN, type EncodedRows } from './encode.ts';
import type { ImportChoices } from './import-table.ts';
import { openTable } from './open-table.ts';
import { tableConfig, tableSchema } from './table-config.ts';
import { EncodedTable, loadTable, tableSource } from './table-rows.ts';
import { importText } from './testing/import-text.ts';
import { memoryFile } from './testing/memory-file.ts';

const adult = readFileSync(new URL('../../../test/fixtures/tables/adult.csv', import.meta.url), 'utf8');

const settingsOf = (columns: TableColumns, name: string) =>
  columns.columns.find((column) => column.name === name);

/** All rows of a table in one piece. */
async function encodeAll(text: string, columns: TableColumns, labelsOptional = false): Promise<EncodedRows> {
  const table = await openTable(memoryFile(text), columns.table);
  const encoder = new RowEncoder(columns, {
    names: table.names,
    file: 'table.csv',
    decimal: table.decimal,
    labelsOptional,
  });
  for await (const chunk of table.chunks()) return encoder.encode(chunk);
  throw new Error('no rows');
}

describe('UCI Adult', () => {
  it('gets its columns typed without a header, with two heads', async () => {
    const { columns, profile, notes } = await importText(adult, 'column_15,column_6=Never-married');
    expect(profile.rows).toBe(30);
    expect(columns.columns.map(({ as }) => as)).toEqual(
      [
        ['number', 'category', 'number', 'category', 'number', 'label', 'category', 'category', 'category'],
        ['binary', 'number', 'binary', 'number', 'category', 'label'],
      ].flat(),
    );
    expect(columns.heads).toEqual([
      {
        name: 'column_15',
        title: 'column_15 is >50K',
        column: 'column_15',
        positive: ['>50K'],
        negative: ['<=50K'],
      },
      {
        name: 'column_6_Never-married',
        title: 'column_6 is Never-married',
        column: 'column_6',
        positive: ['Never-married'],
        negative: null,
      },
    ]);
    // "?" is a gap, not a value.
    const work = settingsOf(columns, 'column_2');
    expect(work).toMatchObject({ missing: 'zero', mean: 'Private' });
    expect(work && 'values' in work && work.values).toEqual([
      'Federal-gov',
      'Local-gov',
      'Private',
      'Self-emp-not-inc',
      'State-gov',
    ]);
    // Capital gains have a long tail and keep their size; ages are moved to zero.
    expect(settingsOf(columns, 'column_11')).toMatchObject({ center: 0, unit: 1 });
    expect(notes.join('\n')).toContain('Head column_15: the probability that column_15 is >50K.');
  });

  it('makes a schema and a configuration that fit each other, and columns.json reads back the same', async () => {
    const { columns } = await importText(adult, 'column_15,column_6=Never-married');
    const file = columnsToJson(columns, '1.2.3');
    expect(parseColumns(file)).toEqual(columns);
    expect(file).toContain('"app": "1.2.3"');
    // One that says no version is read all the same.
    expect(parseColumns(file.replace(/ *"app".*\n/, ''))).toEqual(columns);
    const text = tableConfig(columns, {
      trainRows: 24,
      heldOutRows: 6,
      trainInputs: 'train/*.gz',
      heldOutInputs: 'held-out/*.gz',
      schemaPath: 'segdense.json',
    });
    const { config, problems } = parseRecapConfig(text);
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    const schema = tableSchema(columns);
    for (const data of [config!.train_data, config!.validation_data['held_out']!]) {
      const plan = planData(data, schema, Object.keys(config!.model.tasks));
      expect(plan.layout).toMatchObject({ continuous: 5, tasks: ['column_15', 'column_6_Never-married'] });
    }
  });
});

const mixed = `id,when,n,flag,kind,vector,short,y
a1,2024-01-11,1.5,yes,red,1;2;3;4,1;2,0
a2,2024-01-01,,no,blue,5;6;7;8,3;4,1
a3,,2.5,,red,,5;6,0
a4,2024-01-06,3.5,yes,?,1;2;3;4,7;8,
a5,2024-01-11,4.5,no,blue,9;9;9;9,1;2,1
a6,2024-01-11,0.5,no,red,9;9;9;9,1;2,1
`;

// Two colours would be one binary column; here they are a category all the same.
const colours = parseColumns(`{"version": 1, "held_out": {"by": "row", "share": 0.2},
  "columns": [{"name": "kind", "as": "category"}, {"name": "y", "as": "label"}],
  "heads": [{"name": "y", "title": "y", "column": "y", "positive": ["1"], "negative": ["0"]}]}`);
const importMixed = () => importText(mixed, '', {}, colours);

describe('encoding', () => {
  it('follows columns.json cell by cell', async () => {
    const { columns } = await importMixed();
    expect(columns.reference_time).toBe('2024-01-11T00:00:00.000Z');
    expect(columns.columns.map(({ as }) => as)).toEqual(
      ['ignored', 'date', 'number', 'binary', 'category', 'list', 'list', 'label'], // prettier-ignore
    );
    const plain: TableColumns = {
      ...columns,
      columns: columns.columns.map((column) =>
        column.as === 'number' || column.as === 'date' ? { ...column, center: 0, unit: 1 } : column,
      ),
    };
    const { tensors, labels, sides } = await encodeAll(mixed, plain);
    // days since `when` (mean 3 where missing), n (mean 2.5), short[0], short[1]
    expect([...tensors.get('continuous')!]).toEqual(
      [
        [0, 1.5, 1, 2],
        [10, 2.5, 3, 4],
        [3, 2.5, 5, 6],
        [5, 3.5, 7, 8],
        [0, 4.5, 1, 2],
        [0, 0.5, 1, 2],
      ].flat(),
    );
    // when is missing, n is missing, flag, kind is blue, kind is red, vector is missing
    expect([...tensors.get('binary')!]).toEqual(
      [
        [0, 0, 1, 0, 1, 0],
        [0, 1, 0, 1, 0, 0],
        [1, 0, 0, 0, 1, 1],
        [0, 0, 1, 0, 0, 0],
        [0, 0, 0, 1, 0, 0],
        [0, 0, 0, 0, 1, 0],
      ].flat(),
    );
    expect([...tensors.get('user_embedding')!.subarray(8, 12)]).toEqual([5, 5.6, 6.2, 6.8].map(Math.fround));
    expect([...labels]).toEqual([0, 1, 0, 0, 1, 1]);
    expect(sides[3]).toBe(DROPPED);
    expect([...sides].filter((side) => side === DROPPED)).toHaveLength(1);
  });

  it('handles gaps by each rule', async () => {
    const text = 'n,flag,y\n1,a,0\n,a,1\n3,,0\n5,b,1\n';
    const gaps = async (missing: 'zero' | 'mean' | 'indicator' | 'drop') => {
      const { columns } = await importText(text, 'y', { missing });
      const plain = columns.columns.map((c) => (c.as === 'number' ? { ...c, center: 0, unit: 1 } : c));
      const { tensors, sides } = await encodeAll(text, { ...columns, columns: plain });
      return {
        n: [...tensors.get('continuous')!],
        binary: [...tensors.get('binary')!],
        dropped: [...sides].map((side) => side === DROPPED),
      };
    };
    expect(await gaps('zero')).toMatchObject({ n: [1, 0, 3, 5], binary: [0, 0, 0, 1] });
    expect(await gaps('mean')).toMatchObject({ n: [1, 3, 3, 5], binary: [0, 0, 0, 1] });
    expect(await gaps('indicator')).toMatchObject({
      n: [1, 3, 3, 5],
      binary: [0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0],
    });
    expect((await gaps('drop')).dropped).toEqual([false, true, true, false]);
  });

  it('standardises: numbers of any size come out near 0 and about 1 wide', async () => {
    const rows = Array.from({ length: 200 }, (_, i) => `${1900 + (i % 50)},${1e9 + i},${i % 2}`);
    const text = `year,stamp,y\n${rows.join('\n')}\n`;
    const { columns } = await importText(text, 'y');
    const { tensors } = await encodeAll(text, columns);
    const values = tensors.get('continuous')!;
    for (const column of [0, 1]) {
      const own = Array.from({ length: 200 }, (_, row) => values[2 * row + column]!);
      const mean = own.reduce((sum, value) => sum + value) / 200;
      const variance = own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 200;
      expect(mean).toBeCloseTo(0, 4);
      expect(variance).toBeCloseTo(1, 3);
    }
  });

  it('names file, row and column of a cell that does not fit the mapping, and the mend', async () => {
    const { columns } = await importMixed();
    const again = async (from: string, to: string, labelsOptional = false) =>
      encodeAll(mixed.replace(from, to), columns, labelsOptional).then(
        () => 'no error',
        (error: Error) => error.message,
      );
    expect(await again('1.5', 'x9')).toBe(
      'table.csv: line 2, column "n": "x9" is no number. Correct it, or add it to missing_values in columns.json.',
    );
    expect(await again('1.5', '1e300')).toMatch(
      /line 2, column "n": "1e300" is beyond what a model can hold/,
    );
    expect(await again('2024-01-01', '01.01.2024')).toMatch(/line 3, column "when": "01.01.2024" is no date/);
    expect(await again('yes,red', 'maybe,red')).toMatch(
      /line 2, column "flag": "maybe" is neither "yes" nor/,
    );
    expect(await again('5;6;7;8', '5;6;7')).toMatch(/line 3, column "vector": The cell has 3 numbers/);
    expect(await again('1;2,0', '1;2,7')).toMatch(
      /line 2, column "y": "7" is no label: it must be "1" or "0"/,
    );
    expect(await again('1;2,0', '1;2,7', true)).toBe('no error');
    expect(await again('id,when,n', 'id,when,m')).toMatch(
      /There is no column "n", which columns\.json reads/,
    );
  });

  it('counts a category that it never saw as none of its values', async () => {
    const { columns } = await importMixed();
    const table = await openTable(memoryFile(mixed.replace('yes,red', 'yes,green')), columns.table);
    const encoded = new EncodedTable(table, columns);
    for await (const rows of encoded.rows())
      expect([...rows.tensors.get('binary')!.subarray(3, 5)]).toEqual([0, 0]);
    expect([...encoded.counts.unknown]).toEqual([['kind', 1]]);
  });
});

describe('held-out rows', () => {
  const rows = Array.from(
    { length: 4000 },
    (_, i) => `g${i % 100},2024-01-${String(1 + (i % 20)).padStart(2, '0')},${i},${i % 3 === 0 ? 1 : 0}`,
  );
  const text = `group,day,n,y\n${rows.join('\n')}\n`;
  async function sides(heldOut: ImportChoices['heldOut']) {
    const { columns, table } = await importText(text, 'y', { heldOut });
    const all: number[] = [];
    const encoded = new EncodedTable(table, columns);
    for await (const chunk of encoded.rows()) all.push(...chunk.sides);
    return { all, columns, counts: encoded.counts };
  }

  it('are a share of the rows, the same whatever the pieces', async () => {
    const { all, counts } = await sides({ by: 'row', share: 0.25 });
    expect(counts.heldOut + counts.train).toBe(4000);
    expect(counts.heldOut / 4000).toBeCloseTo(0.25, 1);
    expect((await sides({ by: 'row', share: 0.25 })).all).toEqual(all);
  });

  it('keep groups whole', async () => {
    const { all, columns } = await sides({ by: 'group', column: 'group', share: 0.3 });
    for (let i = 100; i < 4000; i++) expect(all[i]).toBe(all[i % 100]);
    const held = all.slice(0, 100).filter((side) => side === HELD_OUT).length;
    expect(held).toBeGreaterThan(15);
    expect(held).toBeLessThan(45);
    expect(settingsOf(columns, 'group')).toMatchObject({ as: 'ignored' });
  });

  it('are the latest by time', async () => {
    const { all, columns } = await sides({ by: 'time', column: 'day', share: 0.25 });
    expect(columns.held_out).toMatchObject({ from: '2024-01-16T00:00:00.000Z', order: 'ymd' });
    all.forEach((side, i) => expect(side).toBe(1 + (i % 20) >= 16 ? HELD_OUT : TRAIN));
    expect((await sides({ by: 'time', column: 'n', share: 0.1 })).columns.held_out).toMatchObject({
      from: 3600,
    });
  });
});

describe('tableSource', () => {
  it('gives every row once a pass, shuffled anew, and goes on at any position', async () => {
    const text = `n,y\n${Array.from({ length: 50 }, (_, i) => `${i},${i % 2}`).join('\n')}\n`;
    const { columns, table } = await importText(text, 'y');
    const schema = tableSchema(columns);
    const { config } = parseRecapConfig(
      tableConfig(columns, {
        trainRows: 40,
        heldOutRows: 10,
        trainInputs: 'a',
        heldOutInputs: 'b',
        schemaPath: 's',
      }),
    );
    const data = { ...config!.train_data, global_batch_size: 7 };
    const plan = planData(data, schema, ['y']);
    const examples = await loadTable(new EncodedTable(table, columns));
    const { train } = examples.counts;
    const options = { side: TRAIN, shuffle: { seed: 5 }, repeat: true } as const;
    const source = tableSource(plan, examples, options);
    const seen: number[] = [];
    const batches = [];
    for (let i = 0; i < 20; i++) {
      const batch = (await source.next())!;
      batches.push(batch);
      seen.push(...batch.continuous);
    }
    const [first, second] = [seen.slice(0, train), seen.slice(train, 2 * train)];
    expect(new Set(first).size).toBe(train);
    expect(second).not.toEqual(first);
    expect(second.toSorted((a, b) => a - b)).toEqual(first.toSorted((a, b) => a - b));
    const resumed = tableSource(plan, examples, { ...options, at: batches[9]!.position! });
    for (const batch of batches.slice(10)) expect(await resumed.next()).toEqual(batch);
    const held = tableSource(plan, examples, { side: HELD_OUT, shuffle: null, repeat: false });
    let count = 0;
    for (let batch = await held.next(); batch; batch = await held.next()) count += batch.size;
    expect(count).toBe(50 - train);
    expect(() =>
      tableSource(plan, examples, { ...options, at: { kind: 'table', rows: 3, used: 1 } }),
    ).toThrow(/table of 3 rows/);
  });
});
