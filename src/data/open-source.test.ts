import { describe, expect, it } from 'vitest';
import { streamOf } from '../formats/gzip.ts';
import { HELD_OUT_EVERY } from './held-out.ts';
import { openSource, TeacherCache, type DataSplit } from './open-source.ts';
import { dataConfig, plan, SCHEMA, TASKS } from './plan.fixture.ts';
import { encodeTfRecords } from './tfrecord-source.ts';
import { uniformBlocks } from './uniform.ts';

describe('own files', () => {
  const rowsOf = async (split: DataSplit) => {
    const bytes: Uint8Array[] = [];
    for await (const part of encodeTfRecords(uniformBlocks(plan(), { seed: 1, examples: 40 })))
      bytes.push(part);
    const files = [{ name: 'a', size: 0, stream: () => streamOf(bytes) }];
    const data = dataConfig({ repeat_files: false });
    const source = openSource(
      {
        source: { kind: 'files', seed: 3, files },
        data,
        schema: SCHEMA,
        tasks: TASKS,
        split,
        examples: null,
      },
      new TeacherCache(),
    );
    const rows: string[] = [];
    // Training begins again at the end, whatever repeat_files says.
    const most = split === 'train' ? 1000 : Infinity;
    for (let batch = await source.next(); batch && rows.length < most; batch = await source.next()) {
      for (let r = 0; r < batch.size; r++) rows.push(batch.continuous.slice(r * 5, r * 5 + 5).join());
    }
    return rows;
  };

  it('hold out for validation what is left out of training', async () => {
    const [all, train, validation] = await Promise.all((['all', 'train', 'validation'] as const).map(rowsOf));
    expect(all).toHaveLength(40);
    expect(validation).toEqual(all!.filter((_, i) => i % HELD_OUT_EVERY === HELD_OUT_EVERY - 1));
    expect(train!.length).toBeGreaterThan(all!.length);
    expect([...new Set(train)].toSorted()).toEqual(
      all!.filter((row) => !validation!.includes(row)).toSorted(),
    );
  });
});
