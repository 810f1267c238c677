import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { parseRecapConfig } from '../config/parse-config.ts';
import type { RecapConfig } from '../config/recap-config.ts';
import type { DataSchema } from '../data/data-schema.ts';
import { parseDataSchema } from '../data/data-schema.ts';
import type { RecapBatch } from '../data/recap-batch.ts';
import { defaultTeacherConfig } from '../data/synthesis/teacher-config.ts';
import { readSafetensors, writeSafetensors } from '../formats/safetensors.ts';
import type { StepEvent } from '../training/events.ts';
import { dataHandlers } from './data-host.ts';
import type { DataProtocol, DataSource, StreamSpec, TrainingProtocol } from './protocol.ts';
import type { Endpoint } from './rpc.ts';
import { RpcClient, serve } from './rpc.ts';
import { RunHost } from './run-host.ts';

const read = (file: string): string =>
  readFileSync(new URL(`../../configs/${file}`, import.meta.url), 'utf8');

let config: RecapConfig;
let schema: DataSchema;
let text: string;

beforeAll(() => {
  text = read('playground.yaml');
  const parsed = parseRecapConfig(text).config;
  if (!parsed) throw new Error('playground.yaml does not parse');
  // Small, so that the whole file takes seconds.
  parsed.model.backbone!.mask_net_config!.mask_blocks.length = 1;
  parsed.train_data.global_batch_size = 32;
  parsed.training.num_train_steps = 12;
  parsed.training.eval_log_every_n = 6;
  parsed.training.num_eval_steps = 2;
  parsed.training.checkpoint_every_n = 4;
  const partition = parsed.validation_data['validation'];
  partition.global_batch_size = 32;
  parsed.validation_data = { validation: partition };
  config = parsed;
  schema = parseDataSchema(read('playground-segdense.json'));
});

function startData() {
  const { port1, port2 } = new MessageChannel();
  const emit = serve<DataProtocol>(
    port2 as unknown as Endpoint,
    dataHandlers((name, payload) => emit(name, payload)),
  );
  port1.start();
  port2.start();
  return new RpcClient<DataProtocol>(port1 as unknown as Endpoint);
}

const source: DataSource = { kind: 'teacher', seed: 3, teacher: defaultTeacherConfig };

const stream = (split: 'train' | 'validation', from: DataSource = source): StreamSpec => ({
  source: from,
  data: split === 'train' ? config.train_data : config.validation_data['validation'],
  schema,
  tasks: Object.keys(config.model.tasks),
  split,
  examples: null,
});

type Events = { [N in keyof TrainingProtocol['events']]?: TrainingProtocol['events'][N][] };

/** A host with a prepared run and everything it emits, by event name. */
async function preparedRun(data: RpcClient<DataProtocol>, events: Events = {}) {
  const host = new RunHost((name, payload) => {
    ((events[name] ??= []) as unknown[]).push(payload);
  });
  const open = async (split: 'train' | 'validation') => {
    const { port1, port2 } = new MessageChannel();
    const { layout } = await data.call(
      'open',
      { stream: stream(split), port: port1 as unknown as MessagePort },
      { transfer: [port1 as unknown as Transferable] },
    );
    return { layout, port: port2 as unknown as MessagePort };
  };
  const train = await open('train');
  const validation = await open('validation');
  const info = await host.prepare({
    run: {
      config,
      configText: text,
      layout: train.layout,
      seed: 5,
      engine: 'tfjs-wasm',
      halfWeights: false,
      weights: null,
    },
    train: train.port,
    validation: [{ partition: 'validation', port: validation.port }],
  });
  return { host, events, info };
}

const stepsOf = (events: Events): StepEvent[] => (events.steps ?? []).flat();
const lastPhase = (events: Events): string | undefined => events.phase?.at(-1)?.phase;

/** The limit is for a machine that is busy: what never comes fails here, with the line that waited. */
const until = (condition: () => boolean): Promise<void> =>
  vi.waitFor(() => expect(condition()).toBe(true), { timeout: 60_000, interval: 10 });

describe('data host', () => {
  it('previews with named widths and the teacher, and counts labels', async () => {
    const data = startData();
    const preview = await data.call('preview', { stream: stream('train'), count: 8 });
    expect(preview.layout.continuous).toBe(96);
    expect(preview.batch.size).toBe(8);
    expect(preview.batch.teacher).toHaveLength(80);
    const found = await data.call('statistics', { stream: stream('train'), examples: 1000 });
    expect(found.examples).toBe(1000);
    expect(found.positives.length).toBe(10);
    expect(Math.max(...found.positives)).toBeGreaterThan(0);
  });

  it('writes files that read back as the examples it streams', async () => {
    const data = startData();
    const examples = 96;
    const blob = await data.call('exportTfRecords', { stream: stream('train'), examples });
    const file = new File([blob], 'train.tfrecord.gz');
    const files: DataSource = { kind: 'files', seed: 0, files: [file] };
    const fromFile = await data.call('preview', { stream: stream('validation', files), count: examples });
    const direct = await data.call('statistics', { stream: stream('train'), examples });
    const counted = await data.call('statistics', { stream: stream('validation', files), examples });
    expect(counted.positives).toEqual(direct.positives);
    expect(fromFile.batch.size).toBe(examples);
  });

  it('turns pages, of files to their end', async () => {
    const data = startData();
    const blob = await data.call('exportTfRecords', { stream: stream('train'), examples: 20 });
    const files: DataSource = { kind: 'files', seed: 0, files: [new File([blob], 'rows.tfrecord.gz')] };
    const from = stream('train', files);
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
    const blob = await data.call('exportTfRecords', { stream: stream('train'), examples: 50 });
    const plain = new Uint8Array(
      await new Response(blob.stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer(),
    );
    const good = stream('train', { kind: 'files', seed: 0, files: [new File([plain], 'good.tfrecord')] });
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
    const files: DataSource = { kind: 'files', seed: 0, files: [new File([plain], 'bad.tfrecord')] };
    const bad = stream('train', files);
    const failed = data.call('statistics', { stream: bad, examples: null });
    await expect(failed).rejects.toThrow(`Record 1 at byte ${size}`);
    const lenient = { ...bad, data: { ...bad.data, ignore_data_errors: true } };
    const kept = await data.call('statistics', { stream: lenient, examples: null });
    expect(kept.examples).toBe(49);
    expect(kept.skipped.total).toBe(1);
    expect(kept.skipped.records[0]).toMatchObject({ record: 1, offset: size });
  });

  it('tells record and byte of damaged gzip', async () => {
    const data = startData();
    const blob = await data.call('exportTfRecords', { stream: stream('train'), examples: 400 });
    const zipped = new Uint8Array(await blob.arrayBuffer());
    const files: DataSource = {
      kind: 'files',
      seed: 0,
      files: [new File([zipped.slice(0, -500)], 'cut.gz')],
    };
    const from = stream('train', files);
    const lenient = { ...from, data: { ...from.data, ignore_data_errors: true } };
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
    const whole = stream('train');
    const truncate_and_slice = { ...whole.data.preprocess!.truncate_and_slice!, continuous_feature_mask_path: 'folder/keep.npy' }; // prettier-ignore
    const masked = {
      ...whole,
      data: { ...whole.data, preprocess: { ...whole.data.preprocess!, truncate_and_slice } },
      masks: new Map([['keep.npy', Int32Array.of(1, 50)]]),
    };
    const { layout, batch } = await data.call('preview', { stream: masked, count: 4 });
    expect([layout.continuous, batch.continuous.length]).toEqual([2, 8]);
    const task = 'recap.engagement.is_favorited';
    const second = { feature: 'recap.earlybird.reply_count_v2', task, examples: 200 };
    expect(await data.call('histogram', { stream: masked, ...second })).toEqual(
      await data.call('histogram', { stream: whole, ...second }),
    );
    const first = { ...second, feature: 'recap.earlybird.fav_count_v2' };
    await expect(data.call('histogram', { stream: masked, ...first })).rejects.toThrow('cuts off');
    await expect(data.call('preview', { stream: { ...masked, masks: new Map() }, count: 4 })).rejects.toThrow(
      'mask file keep.npy',
    );
  });

  it('names a task or feature that is not there', async () => {
    const data = startData();
    const wrong = { stream: stream('train'), examples: 10, feature: 'no.such.feature', task: 'x' };
    await expect(data.call('histogram', wrong)).rejects.toThrow('no.such.feature');
  });
});

describe('run host', () => {
  it('trains to the end: every step, evaluation, checkpoint and watched prediction in order', async () => {
    const data = startData();
    const { batch } = await data.call('preview', { stream: stream('validation'), count: 6 });
    const { host, events, info } = await preparedRun(data);
    expect(info.engine).toBe('tfjs-wasm');
    expect(info.tasks).toHaveLength(10);
    host.watch({ batch, every: 4 });
    host.resume();
    await until(() => lastPhase(events) === 'finished');
    expect(stepsOf(events).map(({ step }) => step)).toEqual([...Array(12).keys()]);
    expect(events.evaluation?.map(({ step }) => step)).toEqual([6, 12]);
    expect(events.checkpoint?.map(({ step }) => step)).toEqual([4, 8, 12]);
    const watched = events.watched ?? [];
    expect(watched[0].step).toBe(0);
    expect(watched.length).toBeGreaterThanOrEqual(2);
    const moved = watched
      .at(-1)!
      .predictions.probabilities.some((p, i) => p !== watched[0].predictions.probabilities[i]);
    expect(moved).toBe(true);
    await host.dispose();
  });

  it('predicts the watched batch at every rest, between two watched steps too', async () => {
    const data = startData();
    const { batch } = await data.call('preview', { stream: stream('validation'), count: 6 });
    const { host, events } = await preparedRun(data);
    host.watch({ batch, every: 4 });
    host.step(3);
    await until(() => events.watched?.at(-1)?.step === 3);
    expect(events.watched?.at(-1)?.predictions).toEqual(await host.predict(batch, 'now'));
    await host.dispose();
  });

  it('gives the same losses for the same seed, and goes back to earlier weights for a prediction', async () => {
    const data = startData();
    const { batch } = await data.call('preview', { stream: stream('validation'), count: 4 });
    const runs: StepEvent[][] = [];
    for (let i = 0; i < 2; i++) {
      const { host, events } = await preparedRun(data);
      const before = await host.predict(batch, 'now');
      host.step(5);
      await until(() => lastPhase(events) === 'paused' && stepsOf(events).length === 5);
      runs.push(stepsOf(events));
      expect((await host.predict(batch, 'initial')).logits).toEqual(before.logits);
      expect((await host.predict(batch, 'now')).logits).not.toEqual(before.logits);
      expect((await host.predict(batch, { checkpoint: 4 })).logits).not.toEqual(before.logits);
      await expect(host.predict(batch, { checkpoint: 3 })).rejects.toThrow('step 3');
      await host.dispose();
    }
    const losses = (events: StepEvent[]) => events.map(({ loss, taskLosses }) => [loss, ...taskLosses]);
    expect(losses(runs[1])).toEqual(losses(runs[0]));
  });

  it('exports weights that, imported into a fresh run, predict the same', async () => {
    const data = startData();
    const { batch } = await data.call('preview', { stream: stream('validation'), count: 4 });
    const first = await preparedRun(data);
    first.host.step(3);
    await until(() => lastPhase(first.events) === 'paused' && stepsOf(first.events).length === 3);
    const trained = await first.host.predict(batch, 'now');
    const bytes = await first.host.export('weights', 'now');
    await first.host.dispose();

    const second = await preparedRun(data);
    await second.host.import(bytes);
    expect((await second.host.predict(batch, 'now')).logits).toEqual(trained.logits);
    await expect(second.host.import(bytes.slice(0, 200))).rejects.toThrow();
    expect((await second.host.predict(batch, 'now')).logits).toEqual(trained.logits);
    await second.host.dispose();
  });

  it('goes back to a checkpoint, pauses there and trains on, as long as it is kept', async () => {
    const data = startData();
    const { batch } = await data.call('preview', { stream: stream('validation'), count: 4 });
    const { host, events } = await preparedRun(data);
    host.watch({ batch, every: 100 });
    host.step(6);
    await until(() => lastPhase(events) === 'paused' && stepsOf(events).length === 6);
    const at4 = await host.predict(batch, { checkpoint: 4 });
    await host.restore(4);
    expect(events.phase?.at(-1)).toMatchObject({ phase: 'paused', step: 4 });
    expect((await host.predict(batch, 'now')).logits).toEqual(at4.logits);
    await until(() => events.watched?.at(-1)?.step === 4);
    expect(events.watched?.at(-1)?.predictions.logits).toEqual(at4.logits);
    host.step(1);
    await until(() => stepsOf(events).length === 7);
    expect(stepsOf(events).at(-1)?.step).toBe(4);
    await expect(host.restore(3)).rejects.toThrow('step 3 is no longer kept');
    await host.dispose();
  });

  it('makes a diverged run usable again by weights from a file, and by its last good checkpoint', async () => {
    const data = startData();
    const { host, events } = await preparedRun(data);
    host.step(5);
    await until(() => lastPhase(events) === 'paused' && stepsOf(events).length === 5);
    const good = await host.export('checkpoint', 'now');
    // Finite, as a file must be, and yet the next update is not.
    const { tensors } = readSafetensors(good);
    for (const [name, tensor] of tensors)
      if (name.includes('exp_avg.') && tensor.dtype === 'F32') tensor.data.fill(3e38);
    const diverge = async (): Promise<void> => {
      await host.import(writeSafetensors(tensors));
      host.step(3);
      await until(() => lastPhase(events) === 'diverged');
    };
    await diverge();
    expect(events.diverged?.at(-1)).toMatchObject({ step: 6, lastGoodCheckpoint: 4 });
    expect(await host.import(good)).toEqual({ step: 6 });
    expect(events.phase?.at(-1)).toMatchObject({ phase: 'paused', step: 6 });
    host.step(1);
    await until(() => lastPhase(events) === 'paused' && stepsOf(events).at(-1)?.step === 6);

    await diverge();
    await host.restore(4);
    host.step(1);
    await until(() => lastPhase(events) === 'paused' && stepsOf(events).at(-1)?.step === 4);
    await host.dispose();
  });

  it('refuses what needs a run before there is one', async () => {
    const host = new RunHost(() => {});
    await expect(host.predict({} as RecapBatch, 'now')).rejects.toThrow('prepare');
    expect(() => host.resume()).toThrow('prepare');
  });
});
