import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseRecapConfig } from '../config/parse-config.ts';
import { chunksOf, streamOf } from '../formats/gzip.ts';
import { readSafetensors } from '../formats/safetensors.ts';
import { encodeTfExample, type TfFeature } from '../formats/tf-example.ts';
import { encodeTfRecord } from '../formats/tfrecord.ts';
import { parseDataSchema } from './data-schema.ts';
import { planData } from './layout.ts';
import { dataConfig, plan } from './plan.fixture.ts';
import type { RecapBatch } from './recap-batch.ts';
import { DataReadError, tfRecordBlocks, tfRecordSource, writeTfRecords } from './tfrecord-source.ts';
import type { ReadProgress, RecordFile, TfRecordSourceOptions } from './tfrecord-source.ts';
import { uniformBlocks, uniformSource } from './uniform.ts';

const ascending = (a: number, b: number) => a - b;
const ordered = { shuffle: null, repeat: false };

function fileOf(bytes: Uint8Array, name = 'a.gz', chunk = 500): RecordFile {
  const chunks = function* () {
    for (let at = 0; at < bytes.length; at += chunk) yield bytes.slice(at, at + chunk);
  };
  return { name, size: bytes.length, stream: () => streamOf(chunks()) };
}

async function bytesOf(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const parts: number[] = [];
  for await (const chunk of chunksOf(stream)) parts.push(...chunk);
  return Uint8Array.from(parts);
}

const written = (seed: number, examples: number) =>
  bytesOf(writeTfRecords(uniformBlocks(plan(), { seed, examples })));

async function collect(source: { next(): Promise<RecapBatch | null> }, most = 1000): Promise<RecapBatch[]> {
  const batches: RecapBatch[] = [];
  for (let batch = await source.next(); batch; batch = await source.next()) {
    batches.push(batch);
    if (batches.length === most) break;
  }
  return batches;
}

const arrays = (batches: readonly RecapBatch[]) => batches.map(({ position: _position, ...batch }) => Object.values(batch).map((a: unknown) => (a instanceof Float32Array ? [...a] : a))); // prettier-ignore
const firsts = (batches: readonly RecapBatch[]) => batches.flatMap((b) => [...b.continuous].filter((_, i) => i % 5 === 0)); // prettier-ignore
const read = (files: RecordFile[], over: Partial<TfRecordSourceOptions> = {}, sections = {}) =>
  tfRecordSource(plan(sections), { files, ...ordered, ...over });

describe.each(['parallel-share-all', 'serial-share-partial', 'mixed-share-none'])(
  'the reference’s data, %s',
  (name) => {
    const folder = new URL(`../../test/fixtures/${name}/`, import.meta.url);
    const text = (file: string) => readFileSync(new URL(file, folder), 'utf8');
    const bytes = (file: string) => new Uint8Array(readFileSync(new URL(file, folder)));
    const { config } = parseRecapConfig(text('config.yaml'));
    if (!config) throw new Error('The fixture’s configuration does not parse.');
    const tasks = Object.keys(config.model.tasks);
    const dataTasks = Object.keys(config.train_data.tasks);
    const made = planData(config.train_data, parseDataSchema(text('segdense.json')), tasks);

    it('is read to the last bit, labels and weights by name in the model’s order', async () => {
      const expected = readSafetensors(bytes('batches.safetensors')).tensors;
      const source = tfRecordSource(made, { files: [fileOf(bytes('data/batches.tfrecord.gz'))], ...ordered });
      const batches = await collect(source);
      const steps = new Set([...expected.keys()].map((key) => key.split('.')[0])).size;
      expect(batches).toHaveLength(steps);
      for (const [step, batch] of batches.entries()) {
        const matrix = (tensor: string, kept?: number) => {
          const { data, shape } = expected.get(`${step}.${tensor}`)!;
          const width = shape[1]!;
          return [...data].map(Number).filter((_, i) => i % width < (kept ?? width));
        };
        const byTask = (tensor: string) => {
          const all = matrix(tensor);
          return Array.from({ length: batch.size * tasks.length }, (_, i) => {
            const task = tasks[i % tasks.length]!;
            return all[Math.floor(i / tasks.length) * dataTasks.length + dataTasks.indexOf(task)];
          });
        };
        expect([...batch.continuous]).toEqual(matrix('continuous', made.layout.continuous));
        expect([...batch.binary]).toEqual(matrix('binary', made.layout.binary));
        expect([...batch.discrete]).toEqual(matrix('discrete'));
        expect([...batch.userEmbedding]).toEqual(matrix('user_embedding'));
        expect([...batch.userEngEmbedding]).toEqual(matrix('user_eng_embedding'));
        expect([...batch.authorEmbedding]).toEqual(matrix('author_embedding'));
        expect([...batch.labels]).toEqual(byTask('labels'));
        const weights = batch.weights ?? new Float32Array(batch.labels.length).fill(1);
        expect([...weights]).toEqual(byTask('weights'));
      }
    });

    it('is written again to the same records', async () => {
      const original = bytes('data/batches.tfrecord.gz');
      const blocks = tfRecordBlocks(made, { files: [fileOf(original)], ...ordered, rowsPerBlock: 7 });
      const copy = await bytesOf(writeTfRecords(blocks));
      const again = tfRecordSource(made, { files: [fileOf(copy)], ...ordered });
      const first = tfRecordSource(made, { files: [fileOf(original)], ...ordered });
      expect(arrays(await collect(again))).toEqual(arrays(await collect(first)));
    });
  },
);

describe('TFRecord files', () => {
  it('hold the examples that the same seed streams', async () => {
    const file = await written(7, 10);
    const streamed = await collect(uniformSource(plan(), { seed: 7, examples: 10 }));
    expect(arrays(await collect(read([fileOf(file)])))).toEqual(arrays(streamed));
    expect(arrays(await collect(read([fileOf(Uint8Array.from(gunzipSync(file)), 'plain', 3)])))).toEqual(
      arrays(streamed),
    );
  });

  it('run on from file to file, as far as num_files_to_keep says', async () => {
    const files = [fileOf(await written(1, 3)), fileOf(await written(2, 3)), fileOf(await written(3, 3))];
    expect((await collect(read(files))).map((b) => b.size)).toEqual([4, 4, 1]);
    expect((await collect(read(files, { dropRemainder: true }))).map((b) => b.size)).toEqual([4, 4]);
    expect((await collect(read(files, {}, { num_files_to_keep: 2 }))).map((b) => b.size)).toEqual([4, 2]);
  });

  it('repeat and shuffle reproducibly, every example once a pass', async () => {
    const files = [fileOf(await written(1, 8), 'a'), fileOf(await written(2, 8), 'b')];
    const plain = firsts(await collect(read(files)));
    const shuffle = { seed: 3, bufferSize: 5 };
    const once = firsts(await collect(read(files, { shuffle })));
    expect(once).not.toEqual(plain);
    expect(once.toSorted(ascending)).toEqual(plain.toSorted(ascending));
    expect(firsts(await collect(read(files, { shuffle })))).toEqual(once);
    expect(firsts(await collect(read(files, { repeat: true }), 8))).toEqual([...plain, ...plain]);
    const many = firsts(await collect(read(files, { repeat: true, shuffle }), 100));
    const counts = plain.map((x) => many.filter((y) => y === x).length);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(6);
  });

  it('report progress in stored bytes', async () => {
    const bytes = await written(1, 50);
    const seen: ReadProgress[] = [];
    await collect(read([fileOf(bytes, 'a.gz', 100)], { onProgress: (p) => seen.push(p) }));
    expect(seen.at(-1)).toEqual({ file: 'a.gz', epoch: 0, bytesRead: bytes.length, bytesTotal: bytes.length, records: 50, badRecords: 0 }); // prettier-ignore
    expect(seen.map((p) => p.bytesRead)).toEqual(seen.map((p) => p.bytesRead).toSorted(ascending));
  });

  it('stop when the signal says so, and cancel the file when disposed', async () => {
    const abort = new AbortController();
    const source = read([fileOf(await written(1, 50))], { signal: abort.signal, repeat: true });
    expect((await source.next())?.size).toBe(4);
    abort.abort(new Error('enough'));
    await expect(collect(source)).rejects.toThrow('enough');
    const blocks = writeTfRecords(uniformBlocks(plan(), { seed: 1, examples: 9 }), {
      signal: AbortSignal.abort(),
    });
    expect((await bytesOf(blocks)).length).toBeGreaterThan(0);
  });

  it('need a file, and a record in it when they repeat', async () => {
    expect(() => read([])).toThrow(/no data file/);
    const empty = fileOf(Uint8Array.from(gzipSync(new Uint8Array(0))), 'empty.gz');
    expect(await collect(read([empty]))).toEqual([]);
    await expect(read([empty, empty], { repeat: true }).next()).rejects.toThrow(
      'empty.gz, empty.gz: there is no readable record',
    );
  });

  it('pass on an error of the file itself', async () => {
    const broken: RecordFile = {
      name: 'x',
      size: 1,
      stream: () => new ReadableStream({ start: (c) => c.error(new Error('gone')) }),
    };
    await expect(read([broken]).next()).rejects.toThrow('gone');
  });
});

describe('the held-out share', () => {
  const share = (
    name: 'train' | 'heldOut' | 'all',
    files: RecordFile[],
    over: Partial<TfRecordSourceOptions> = {},
  ) => collect(read(files, { share: name, ...over })).then(firsts);

  it('is every tenth record, and training has exactly the others, shuffled or not', async () => {
    const files = [fileOf(await written(1, 35), 'a'), fileOf(await written(2, 12), 'b')];
    const all = await share('all', files);
    const heldOut = await share('heldOut', files);
    // Of the first file records 9, 19 and 29, of the second, one further on, 8.
    expect(heldOut).toEqual([9, 19, 29, 35 + 8].map((i) => all[i]));
    const train = await share('train', files);
    expect(train).toEqual(all.filter((x) => !heldOut.includes(x)));
    const shuffle = { seed: 3, bufferSize: 7 };
    const once = await share('train', files, { shuffle });
    expect(once.toSorted(ascending)).toEqual(train.toSorted(ascending));
    const passes = firsts(await collect(read(files, { share: 'train', shuffle, repeat: true }), 30));
    expect(passes.filter((x) => heldOut.includes(x))).toEqual([]);
  });

  it('does not move when another record is damaged', async () => {
    const plain = Uint8Array.from(gunzipSync(await written(1, 30)));
    const good = await share('heldOut', [fileOf(plain)]);
    plain[40]! ^= 1;
    const lenient = read([fileOf(plain)], { share: 'heldOut' }, { ignore_data_errors: true });
    expect(firsts(await collect(lenient))).toEqual(good);
    expect(lenient.badCount).toBe(1);
  });

  it('is there among files of one record each, too', async () => {
    const files = await Promise.all(
      Array.from({ length: 20 }, async (_, i) => fileOf(await written(i, 1), `${i}`)),
    );
    expect(await share('heldOut', files)).toHaveLength(2);
    expect(await share('train', files)).toHaveLength(18);
  });
});

const ignore = { ignore_data_errors: true };
const features: [string, TfFeature][] = [
  ...(['cont', 'user', 'eng', 'author'] as const).map((name): [string, TfFeature] => [
    name,
    { kind: 'float_list', values: Array.from({ length: name === 'cont' ? 5 : 3 }, () => 1) },
  ]),
  ['bin', { kind: 'int64_list', values: [1, 2, 3, 4] }],
  ['disc', { kind: 'int64_list', values: [1, 2] }],
  ['fav', { kind: 'int64_list', values: [1] }],
  ['reply', { kind: 'int64_list', values: [0] }],
];
const record = (...over: [string, TfFeature | null][]) => {
  const all = new Map<string, TfFeature | null>([...features, ...over]);
  const kept = [...all].filter((entry): entry is [string, TfFeature] => entry[1] !== null);
  return encodeTfRecord(encodeTfExample(new Map(kept)));
};
const join = (...records: Uint8Array[]) => Uint8Array.from(records.flatMap((r) => [...r]));

describe('bad records', () => {
  it('are named with file, record and byte, and end the data', async () => {
    const short = record(['cont', { kind: 'float_list', values: [1] }]);
    const source = read([fileOf(join(record(), short, record()), 'bad.tfrecord')]);
    const offset = record().length;
    await expect(source.next()).rejects.toThrow(
      `bad.tfrecord: record 1 at byte ${offset} of the uncompressed data: Feature "cont": it has 1 values, the data schema says 5.`,
    );
    expect(await source.next()).toBeNull();
  });

  it('are counted and skipped when the configuration ignores them', async () => {
    const flipped = record();
    flipped[40]! ^= 1;
    const short = record(['cont', { kind: 'float_list', values: [1] }]);
    const bytes = join(record(), flipped, short, record(), record().slice(0, -1));
    const source = read([fileOf(bytes, 'bad'), fileOf(record(), 'good')], {}, ignore);
    expect((await collect(source)).map((b) => b.size)).toEqual([3]);
    expect(source.badCount).toBe(3);
    const frame = record().length;
    expect(source.badRecords.map(({ file, record: index, offset }) => [file, index, offset])).toEqual([
      ['bad', 1, frame],
      ['bad', 2, 2 * frame],
      ['bad', 4, 3 * frame + short.length],
    ]);
    expect(source.badRecords[0]).toBeInstanceOf(DataReadError);
  });

  it('leave the next file whole after damaged gzip', async () => {
    const good = await written(1, 40);
    const damaged = good.slice(0, -20);
    const source = read([fileOf(damaged, 'cut.gz'), fileOf(good, 'good.gz')], {}, ignore);
    const batches = await collect(source);
    expect(source.badCount).toBe(1);
    expect(source.badRecords[0]!.message).toMatch(
      /^cut.gz: from record \d+ at byte \d+ of the uncompressed data on: The gzip data is damaged or cut off/,
    );
    const whole = firsts(await collect(read([fileOf(good)])));
    expect(firsts(batches).slice(-40)).toEqual(whole);
    await expect(collect(read([fileOf(damaged, 'cut.gz')]))).rejects.toThrow(/cut.gz: from record/);
  });

  it('do not keep a repeating source busy for ever when nothing can be decoded', async () => {
    const bad = record(['cont', { kind: 'float_list', values: [1] }]);
    const hopeless = fileOf(join(bad, bad));
    await expect(read([hopeless], { repeat: true }, ignore).next()).rejects.toThrow(
      /no record could be decoded/,
    );
    const shuffled = read([hopeless], { repeat: true, shuffle: { seed: 1, bufferSize: 10 } }, ignore);
    await expect(shuffled.next()).rejects.toThrow(/no record could be decoded/);
    const noise = fileOf(new Uint8Array(100).fill(7));
    await expect(read([noise], { repeat: true }, ignore).next()).rejects.toThrow(/no readable record/);
  });
});

describe('records without an error of which something is to be said', () => {
  const notesOf = async (bytes: Uint8Array, over = {}) => {
    const source = read([fileOf(bytes, 'x.gz')], over);
    const batches = await collect(source);
    return { batches, notes: source.notes };
  };

  it('read what is absent as zeros, with one note a feature, none for labels to predict', async () => {
    const without = record(['fav', null]);
    const { batches, notes } = await notesOf(join(record(), without, without));
    expect([...batches[0]!.labels].filter((_, i) => i % 2 === 1).slice(1)).toEqual([0, 0]);
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(/^"fav" is not in every record \(first met in record 1 of x\.gz\): .* zeros/);
    expect((await notesOf(without, { labelsOptional: true })).notes).toEqual([]);
    expect((await notesOf(record(['extra', null]))).notes).toEqual([]);
  });

  it('have labels other than 0 and 1, with one note a label', async () => {
    const seven = record(['fav', { kind: 'int64_list', values: [7] }]);
    const { batches, notes } = await notesOf(join(record(), seven, seven));
    expect(Math.max(...batches[0]!.labels)).toBe(7);
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(/^fav has labels other than 0 and 1, such as 7/);
  });

  it('keep their number in the file where some are skipped', async () => {
    const short = record(['cont', { kind: 'float_list', values: [1] }]);
    const source = read([fileOf(join(record(), short, record()))], { recordNumbers: true }, ignore);
    expect((await collect(source)).map(({ records }) => [...records!])).toEqual([[0, 2]]);
  });

  it('are not looked at where nothing reads them: ids, labels of other tasks', async () => {
    const ids = { seg_dense_schema: { ...dataConfig().seg_dense_schema, features: ['meta.tweet_id'] } };
    const id = (values: (number | bigint)[]) => record(['meta.tweet_id', { kind: 'int64_list', values }]);
    const bytes = join(id([1_600_000_000_000_000_001n]), id([1, 2, 3]), record(['extra', { kind: 'float_list', values: [] }])); // prettier-ignore
    const source = read([fileOf(bytes)], {}, ids);
    expect((await collect(source)).map(({ size }) => size)).toEqual([3]);
    expect(source.notes).toEqual([]);
  });
});
