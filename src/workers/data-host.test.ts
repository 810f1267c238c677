import { describe, expect, it, vi } from 'vitest';
import type { RunData } from '../runs/manifest.ts';
import type { StreamProtocol } from './protocol.ts';
import { RpcClient } from './rpc.ts';
import { startData } from './testing/prepared-run.ts';
import { lenientText, ofFiles, recipe, smallConfig, stream, teacher } from './testing/small-recipe.ts';

describe('data host', () => {
  it('previews with named widths and the teacher, and counts labels', async () => {
    const data = startData();
    const preview = await data.call('preview', { stream: stream(), count: 8 });
    expect(preview.layout.continuous).toBe(96);
    expect(preview.batch.size).toBe(8);
    expect(preview.batch.teacher).toHaveLength(24);
    const found = await data.call('statistics', { stream: stream(), examples: 1000 });
    expect(found.examples).toBe(1000);
    expect(found.positives.length).toBe(3);
    expect(Math.max(...found.positives)).toBeGreaterThan(0);
  });

  it('writes files that read back as the examples it streams', async () => {
    const data = startData();
    const examples = 96;
    const blob = await data.call('exportTfRecords', { stream: stream(), examples, app: '1.2.3' });
    const file = new File([blob], 'train.tfrecord.gz');
    const files = ofFiles([file]);
    const fromFile = await data.call('preview', { stream: files, count: examples });
    const direct = await data.call('statistics', { stream: stream(), examples });
    const counted = await data.call('statistics', { stream: files, examples });
    expect(counted.positives).toEqual(direct.positives);
    expect(fromFile.batch.size).toBe(examples);
  });

  it('turns pages, of files to their end', async () => {
    const data = startData();
    const blob = await data.call('exportTfRecords', { stream: stream(), examples: 20, app: '1.2.3' });
    const from = ofFiles([new File([blob], 'rows.tfrecord.gz')]);
    const all = await data.call('preview', { stream: from, count: 20 });
    expect([all.first, all.last]).toEqual([0, true]);
    const pages = await Promise.all(
      [0, 1, 2].map((page) => data.call('preview', { stream: from, count: 8, page })),
    );
    expect(pages.map(({ first, last, batch }) => [first, batch.size, last])).toEqual([
      [0, 8, false],
      [8, 8, false],
      [16, 4, true],
    ]);
    expect(pages.flatMap(({ batch }) => [...batch.continuous])).toEqual([...all.batch.continuous]);
    await expect(data.call('preview', { stream: from, count: 8, page: 3 })).rejects.toThrow('page 4');
  });

  it('reads whole files once, telling bytes; names bad records, and leaves them out only if told to', async () => {
    const data = startData();
    const blob = await data.call('exportTfRecords', { stream: stream(), examples: 50, app: '1.2.3' });
    const plain = new Uint8Array(
      await new Response(blob.stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer(),
    );
    const good = ofFiles([new File([plain], 'good.tfrecord')]);
    const progress: number[] = [];
    data.on('progress', ({ task, progress: { done, unit } }) => {
      if (task === 'statistics' && unit === 'bytes') progress.push(done);
    });
    const counted = await data.call('statistics', { stream: good, examples: null });
    expect(counted.examples).toBe(50);
    expect(counted.skipped).toEqual({ total: 0, records: [] });
    expect(progress.at(-1)).toBe(plain.length);

    // A byte in the middle of the second record's payload.
    const size = Number(new DataView(plain.buffer).getBigUint64(0, true)) + 16;
    plain[size + 200] ^= 0xff;
    const files = [new File([plain], 'bad.tfrecord')];
    const bad = ofFiles(files);
    const failed = data.call('statistics', { stream: bad, examples: null });
    await expect(failed).rejects.toThrow(`Record 1 at byte ${size}`);
    const lenient = ofFiles(files, { config: lenientText });
    const kept = await data.call('statistics', { stream: lenient, examples: null });
    expect(kept.examples).toBe(49);
    expect(kept.skipped.total).toBe(1);
    expect(kept.skipped.records[0]).toMatchObject({ record: 1, offset: size });
  });

  it('says what is odd in files that it reads, while they are counted and while they are trained on', async () => {
    const data = startData();
    const raw: RunData = { kind: 'uniform', labels: 'raw', examples: null };
    const drawn = { ...stream(), recipe: recipe(raw) };
    const blob = await data.call('exportTfRecords', { stream: drawn, examples: 64, app: '1.2.3' });
    const files = ofFiles([new File([blob], 'raw.tfrecord.gz')]);
    const odd = /^recap\.engagement\.\w+ has labels other than 0 and 1, such as \d/;
    const { notes } = await data.call('statistics', { stream: files, examples: null });
    expect(notes).toHaveLength(3);
    for (const note of notes) expect(note).toMatch(odd);
    expect((await data.call('statistics', { stream: stream(), examples: 64 })).notes).toEqual([]);

    const noted: (readonly string[])[] = [];
    data.on('noted', (event) => noted.push(event.notes));
    const { port1, port2 } = new MessageChannel();
    await data.call('open', { stream: files, port: port1 }, { transfer: [port1] });
    port2.start();
    const batches = new RpcClient<StreamProtocol>(port2);
    await batches.call('next', null);
    await vi.waitFor(() => expect(noted.at(-1)?.length).toBe(3));
    expect(noted.at(-1)?.[0]).toMatch(odd);
    await batches.call('close', null);
    port2.close();
  });

  it('tells record and byte of damaged gzip', async () => {
    const data = startData();
    const blob = await data.call('exportTfRecords', { stream: stream(), examples: 400, app: '1.2.3' });
    const zipped = new Uint8Array(await blob.arrayBuffer());
    const lenient = ofFiles([new File([zipped.slice(0, -500)], 'cut.gz')], { config: lenientText });
    const { examples, skipped } = await data.call('statistics', { stream: lenient, examples: null });
    expect(examples).toBeGreaterThan(0);
    const [bad] = skipped.records;
    expect(bad?.record).toBe(examples);
    const plain = new Uint8Array(
      await new Response(blob.stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer(),
    );
    const view = new DataView(plain.buffer);
    let offset = 0;
    for (let i = 0; i < examples; i++) offset += Number(view.getBigUint64(offset, true)) + 16;
    expect(bad?.offset).toBe(offset);
  });

  it('uses mask files by their names, and finds a feature where a mask has moved it', async () => {
    const data = startData();
    const whole = stream();
    const config = smallConfig((document) =>
      document.setIn(
        ['train_data', 'preprocess', 'truncate_and_slice', 'continuous_feature_mask_path'],
        'folder/keep.npy',
      ),
    );
    const masks = [{ name: 'keep.npy', columns: [1, 50] }];
    const masked = { ...whole, recipe: recipe(teacher, { config, masks }) };
    const { layout, batch } = await data.call('preview', { stream: masked, count: 4 });
    expect([layout.continuous, batch.continuous.length]).toEqual([2, 8]);
    const task = 'recap.engagement.is_favorited';
    const second = { feature: 'recap.earlybird.reply_count_v2', task, examples: 200 };
    expect(await data.call('histogram', { stream: masked, ...second })).toEqual(
      await data.call('histogram', { stream: whole, ...second }),
    );
    const first = { ...second, feature: 'recap.earlybird.fav_count_v2' };
    await expect(data.call('histogram', { stream: masked, ...first })).rejects.toThrow('cuts off');
    const bare = { ...masked, recipe: recipe(teacher, { config }) };
    await expect(data.call('preview', { stream: bare, count: 4 })).rejects.toThrow('mask file keep.npy');
  });

  it('names a task or feature that is not there', async () => {
    const data = startData();
    const wrong = { stream: stream(), examples: 10, feature: 'no.such.feature', task: 'x' };
    await expect(data.call('histogram', wrong)).rejects.toThrow('no.such.feature');
  });
});
