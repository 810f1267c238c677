import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Document, parseDocument } from 'yaml';
import type { YAMLMap } from 'yaml';
import { parseDataSchema } from '../data/data-schema.ts';
import type { RecapBatch } from '../data/recap-batch.ts';
import { defaultTeacherConfig } from '../data/synthesis/teacher-config.ts';
import { readSafetensors } from '../formats/safetensors.ts';
import { calmDay } from '../ranking/scenarios/calm-day.ts';
import { createTweetEncoder, createTweetWorld } from '../ranking/tweet-features.ts';
import { HomeError } from '../runs/homes/home.ts';
import { MemoryHome } from '../runs/homes/memory-home.ts';
import { newManifest } from '../runs/manifest.ts';
import type { RunData, RunRecipe } from '../runs/manifest.ts';
import { recipeSchemaOf } from '../runs/recipe.ts';
import { RunFolder } from '../runs/run-folder.ts';
import { NO_FILES, TRAIN } from '../runs/streams.ts';
import type { StreamSection } from '../runs/streams.ts';
import type { StepEvent } from '../training/events.ts';
import type { RunStart, StreamSpec } from './protocol.ts';
import type { LiveRun } from './live-run.ts';
import { RunHost } from './run-host.ts';
import { hostWithRun, lastPhase, startData, stepsOf, until } from './testing/prepared-run.ts';
import type { RunEvents, RunToPrepare } from './testing/prepared-run.ts';

const { tweets } = calmDay;

/** What the host makes of the tweets. */
function tweetBatch({ layout }: LiveRun): RecapBatch {
  return createTweetEncoder(createTweetWorld(defaultTeacherConfig, layout), layout).encode(tweets);
}

const read = (file: string): string =>
  readFileSync(new URL(`../../configs/${file}`, import.meta.url), 'utf8');

const schema = parseDataSchema(read('playground-segdense.json'));
/** Small, so that the whole file takes seconds. */
const text = smallConfig((config) => {
  config.setIn(['training', 'num_train_steps'], 12);
  config.setIn(['training', 'eval_log_every_n'], 6);
  config.setIn(['training', 'num_eval_steps'], 2);
  config.setIn(['training', 'checkpoint_every_n'], 4);
});

const lenientText = smallConfig((config) => config.setIn(['train_data', 'ignore_data_errors'], true));

/** playground.yaml with one MaskBlock, batches of 32 and one partition. */
function smallConfig(change: (config: Document) => void): string {
  const whole = parseDocument(read('playground.yaml'), { merge: true }).toJS() as Record<string, never>;
  const config = new Document(whole, { aliasDuplicateObjects: false });
  const blocks = ['model', 'backbone', 'mask_net_config', 'mask_blocks'];
  config.setIn(blocks, [config.getIn([...blocks, 0])]);
  config.setIn(['train_data', 'global_batch_size'], 32);
  const partition = config.getIn(['validation_data', 'validation']) as YAMLMap;
  partition.set('global_batch_size', 32);
  config.setIn(['validation_data'], { validation: partition.toJSON() as unknown });
  change(config);
  return config.toString();
}

const teacher: RunData = { kind: 'teacher', preset: null, settings: defaultTeacherConfig, examples: null };

interface StreamChange {
  readonly config?: string;
  readonly masks?: RunRecipe['masks'];
}

function recipe(data: RunData = teacher, change: StreamChange = {}): RunRecipe {
  return {
    config: text,
    steps: null,
    data,
    schema: recipeSchemaOf('playground-segdense.json', schema),
    masks: [],
    seeds: { weights: 5, data: 3 },
    engine: { choice: 'tfjs-wasm', precision: 'float32', noisyShifts: false },
    warmStart: null,
    ...change,
  };
}

const validation: StreamSection = { kind: 'partition', partition: 'validation' };

const stream = (section: StreamSection = TRAIN): StreamSpec => ({
  recipe: recipe(),
  section,
  files: NO_FILES,
});

/** A stream of own files. */
function ofFiles(files: readonly File[], change: StreamChange = {}): StreamSpec {
  const named = files.map(({ name, size }) => ({ name, size, sha256: null }));
  const data: RunData = { kind: 'files', files: named, shuffle: true, heldOut: true, validation: {} };
  return { recipe: recipe(data, change), section: TRAIN, files: { train: files, validation: {} } };
}

/** A run of the small model in memory, unless otherwise said. */
const preparedRun = (data: ReturnType<typeof startData>, prepared: Partial<RunToPrepare> = {}) =>
  hostWithRun(data, {
    home: new MemoryHome(),
    manifest: newManifest({ recipe: recipe(), app: 'test' }),
    ...prepared,
  });

describe('data host', () => {
  it('previews with named widths and the teacher, and counts labels', async () => {
    const data = startData();
    const preview = await data.call('preview', { stream: stream(), count: 8 });
    expect(preview.layout.continuous).toBe(96);
    expect(preview.batch.size).toBe(8);
    expect(preview.batch.teacher).toHaveLength(80);
    const found = await data.call('statistics', { stream: stream(), examples: 1000 });
    expect(found.examples).toBe(1000);
    expect(found.positives.length).toBe(10);
    expect(Math.max(...found.positives)).toBeGreaterThan(0);
  });

  it('writes files that read back as the examples it streams', async () => {
    const data = startData();
    const examples = 96;
    const blob = await data.call('exportTfRecords', { stream: stream(), examples });
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
    const blob = await data.call('exportTfRecords', { stream: stream(), examples: 20 });
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
    const blob = await data.call('exportTfRecords', { stream: stream(), examples: 50 });
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

  it('tells record and byte of damaged gzip', async () => {
    const data = startData();
    const blob = await data.call('exportTfRecords', { stream: stream(), examples: 400 });
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

describe('run host', () => {
  it('trains to the end: every step, evaluation, checkpoint and watched prediction in order', async () => {
    const data = startData();
    const { host, events, info } = await preparedRun(data);
    expect(info.engine).toBe('tfjs-wasm');
    expect(info.tasks).toHaveLength(10);
    host.watch({ tweets, every: 4 });
    host.run.resume();
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
    await host.close();
  });

  it('predicts the watched batch at every rest, between two watched steps too', async () => {
    const data = startData();
    const { host, events } = await preparedRun(data);
    host.watch({ tweets, every: 4 });
    host.run.step(3);
    await until(() => events.watched?.at(-1)?.step === 3);
    expect(events.watched?.at(-1)?.predictions).toEqual(await host.run.predict(tweetBatch(host.run), 'now'));
    await host.close();
  });

  it('gives the same losses for the same seed, and goes back to earlier weights for a prediction', async () => {
    const data = startData();
    const { batch } = await data.call('preview', { stream: stream(validation), count: 4 });
    const runs: StepEvent[][] = [];
    for (let i = 0; i < 2; i++) {
      const { host, events } = await preparedRun(data);
      const before = await host.run.predict(batch, 'now');
      // Quick presses of Step count each.
      for (const count of i === 0 ? [5] : [1, 1, 2, 1]) host.run.step(count);
      await until(() => lastPhase(events) === 'paused' && stepsOf(events).length === 5);
      runs.push(stepsOf(events));
      expect((await host.run.predict(batch, 'initial')).logits).toEqual(before.logits);
      expect((await host.run.predict(batch, 'now')).logits).not.toEqual(before.logits);
      expect((await host.run.predict(batch, { checkpoint: 4 })).logits).not.toEqual(before.logits);
      await expect(host.run.predict(batch, { checkpoint: 3 })).rejects.toThrow('step 3');
      host.run.step(2);
      await host.run.pause();
      await host.close();
      expect(stepsOf(events)).toHaveLength(5);
    }
    const losses = (events: StepEvent[]) => events.map(({ loss, taskLosses }) => [loss, ...taskLosses]);
    expect(losses(runs[1])).toEqual(losses(runs[0]));
  });

  it('moves what only a BatchNorm reads where the recipe asks for it, and leaves it where it starts else', async () => {
    const data = startData();
    const still: string[][] = [];
    for (const noisyShifts of [false, true]) {
      const own = recipe();
      const engine = { ...own.engine, noisyShifts };
      const manifest = newManifest({ recipe: { ...own, engine }, app: 'test' });
      const { host, events } = await preparedRun(data, { manifest });
      host.run.step(3);
      await until(() => lastPhase(events) === 'paused' && stepsOf(events).length === 3);
      const [before, after] = await Promise.all(
        (['initial', 'now'] as const).map(async (at) =>
          readSafetensors((await host.run.export('weights', at)).slice()),
        ),
      );
      const same = [...(before?.tensors ?? [])].filter(
        ([name, { data: values }]) => String(after?.tensors.get(name)?.data) === String(values),
      );
      still.push(same.map(([name]) => name).filter((name) => /^_towers\..*\.bias$/.test(name)));
      await host.close();
    }
    expect(still[0]).toContain('_towers.recap__engagement__is_favorited.layers.0.bias');
    expect(still[0]).not.toContain('_towers.recap__engagement__is_favorited.layers.6.bias');
    expect(still[1]).toEqual([]);
  });

  it('exports weights from which another run begins, at step 0', async () => {
    const data = startData();
    const { batch } = await data.call('preview', { stream: stream(validation), count: 4 });
    const first = await preparedRun(data);
    first.host.run.step(3);
    await until(() => lastPhase(first.events) === 'paused' && stepsOf(first.events).length === 3);
    const trained = await first.host.run.predict(batch, 'now');
    const bytes = (await first.host.run.export('weights', 'now')).slice();
    await first.host.close();

    const start: RunStart = { kind: 'weights', bytes: bytes.buffer };
    const second = await preparedRun(data, { start });
    expect((await second.host.run.predict(batch, 'now')).logits).toEqual(trained.logits);
    expect(second.info).toMatchObject({ step: 0, phase: 'paused' });
    await second.host.run.evaluate();
    expect(second.events.evaluation?.map(({ step }) => step)).toEqual([0]);
    await second.host.close();
    const cut: RunStart = { kind: 'weights', bytes: bytes.slice(0, 200).buffer };
    await expect(preparedRun(data, { start: cut })).rejects.toThrow();
  });

  it('goes back to a checkpoint, pauses there and trains on, as long as it is kept', async () => {
    const data = startData();
    const { host, events } = await preparedRun(data);
    const batch = tweetBatch(host.run);
    host.watch({ tweets, every: 100 });
    host.run.step(6);
    await until(() => lastPhase(events) === 'paused' && stepsOf(events).length === 6);
    const at4 = await host.run.predict(batch, { checkpoint: 4 });
    await host.run.goBack(4);
    expect(events.phase?.at(-1)).toMatchObject({ phase: 'paused', step: 4 });
    expect((await host.run.predict(batch, 'now')).logits).toEqual(at4.logits);
    await until(() => events.watched?.at(-1)?.step === 4);
    expect(events.watched?.at(-1)?.predictions.logits).toEqual(at4.logits);
    host.run.step(1);
    await until(() => stepsOf(events).length === 7);
    expect(stepsOf(events).at(-1)?.step).toBe(4);
    await expect(host.run.goBack(3)).rejects.toThrow('step 3 is no longer kept');
    await host.close();
  });

  it('is taken up where it was: the same losses and weights as without a break, in the folder too', async () => {
    const data = startData();
    const whole = await preparedRun(data);
    whole.host.run.resume();
    await until(() => lastPhase(whole.events) === 'finished');
    const expected = await whole.host.run.export('weights', 'now');
    await whole.host.close();

    const first = await preparedRun(data);
    first.host.run.step(7);
    await until(() => lastPhase(first.events) === 'paused' && stepsOf(first.events).length === 7);
    await first.host.close();
    const { home, manifest } = first;
    const second = await preparedRun(data, { home, manifest, start: { kind: 'resume', step: null } });
    expect(second.info).toMatchObject({ step: 7, phase: 'paused' });
    second.host.run.resume();
    await until(() => lastPhase(second.events) === 'finished');
    const losses = (events: RunEvents) => stepsOf(events).map(({ step, loss }) => [step, loss]);
    expect([...losses(first.events), ...losses(second.events)]).toEqual(losses(whole.events));
    const tensors = (bytes: Uint8Array) => [...readSafetensors(bytes).tensors];
    expect(tensors(await second.host.run.export('weights', 'now'))).toEqual(tensors(expected));
    await second.host.close();

    const folder = await RunFolder.open(home, manifest.id, 'read');
    const names = { tasks: second.info.tasks, groups: second.info.groups };
    const kept = [];
    for await (const steps of folder.steps(names)) kept.push(...steps);
    expect(kept.map(({ step, loss }) => [step, loss])).toEqual(losses(whole.events));
    expect((await folder.evaluations()).map(({ step }) => step)).toEqual([6, 12]);
    expect(await folder.status()).toMatchObject({ phase: 'finished', step: 12 });
  });

  it('stays where it was taken back to, whatever is kept of later steps', async () => {
    const data = startData();
    const first = await preparedRun(data);
    first.host.run.step(9);
    await until(() => lastPhase(first.events) === 'paused' && stepsOf(first.events).length === 9);
    await first.host.run.goBack(4);
    await first.host.close();
    const { home, manifest } = first;
    const second = await preparedRun(data, { home, manifest, start: { kind: 'resume', step: null } });
    expect(second.info).toMatchObject({ step: 4, phase: 'paused' });
    await second.host.close();
    expect(second.events.unkept).toBeUndefined();
  });

  it('gives a run back whose building failed', async () => {
    const data = startData();
    const first = await preparedRun(data);
    first.host.run.step(1);
    await until(() => lastPhase(first.events) === 'paused' && stepsOf(first.events).length === 1);
    await first.host.close();
    const { home, manifest } = first;
    const resume: Partial<RunToPrepare> = { home, manifest, start: { kind: 'resume', step: null } };
    await home.replace(`${manifest.id}/initial.safetensors`, new Uint8Array([1, 2, 3]));
    await expect(preparedRun(data, resume)).rejects.toThrow();
    await home.remove(`${manifest.id}/initial.safetensors`);
    const second = await preparedRun(data, resume);
    expect(second.info.step).toBe(1);
    await second.host.close();
  });

  it('catches up to where it was from an older checkpoint, and is one writer at a time', async () => {
    const data = startData();
    const first = await preparedRun(data);
    first.host.run.step(7);
    await until(() => lastPhase(first.events) === 'paused' && stepsOf(first.events).length === 7);
    const { home, manifest } = first;
    const resume: Partial<RunToPrepare> = { home, manifest, start: { kind: 'resume', step: null } };
    await expect(preparedRun(data, resume)).rejects.toThrow(/another tab/);
    await first.host.close();
    // As if the page had died before the newest state was saved.
    await home.remove(`${manifest.id}/checkpoints/7.autosave.safetensors`);
    const second = await preparedRun(data, resume);
    await until(() => lastPhase(second.events) === 'paused' && stepsOf(second.events).length === 3);
    expect(stepsOf(second.events).map(({ step, loss }) => [step, loss])).toEqual(
      stepsOf(first.events)
        .slice(4)
        .map(({ step, loss }) => [step, loss]),
    );
    await second.host.close();
  });

  it('goes beyond its last step, and a child goes on from a checkpoint with the history before it', async () => {
    const data = startData();
    const { host, events, home, manifest } = await preparedRun(data);
    host.run.resume();
    await until(() => lastPhase(events) === 'finished');
    host.run.step(1);
    await until(() => stepsOf(events).length === 13 && lastPhase(events) === 'finished');
    await host.close();
    const parent = { run: manifest.id, step: 8 };
    const child = await preparedRun(data, {
      home,
      manifest: newManifest({ recipe: recipe(), parent, app: 'test' }),
      start: { kind: 'branch', ...parent },
    });
    expect(child.info).toMatchObject({ step: 8, phase: 'paused' });
    child.host.run.step(1);
    await until(() => stepsOf(child.events).length === 1);
    expect(stepsOf(child.events)[0]?.loss).toBe(stepsOf(events)[8]?.loss);
    await child.host.close();
    const folder = await RunFolder.open(home, child.manifest.id, 'read');
    const steps = [];
    for await (const some of folder.steps({ tasks: child.info.tasks, groups: child.info.groups })) {
      steps.push(...some.map(({ step }) => step));
    }
    expect(steps).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect((await RunFolder.open(home, manifest.id, 'read')).manifest.id).toBe(manifest.id);
  });

  it('fails with the reason when the other end of its streams is gone', async () => {
    const data = startData();
    const { host, events } = await preparedRun(data);
    host.detach('The data worker stopped.');
    host.run.resume();
    await until(() => lastPhase(events) === 'failed');
    expect(events.phase?.at(-1)?.message).toBe('The data worker stopped.');
    await host.close();
  });

  it('trains on unkept where nothing can be written, and says so once', async () => {
    const data = startData();
    const home = new MemoryHome();
    const { host, events } = await preparedRun(data, { home });
    host.run.step(1);
    await until(() => lastPhase(events) === 'paused' && stepsOf(events).length === 1);
    home.append = () => Promise.reject(new HomeError('metrics.jsonl', 'the disk is full'));
    host.run.step(4);
    await until(() => lastPhase(events) === 'paused' && stepsOf(events).length === 5);
    expect(events.unkept).toEqual([{ message: expect.stringContaining('the disk is full') as string }]);
    await host.close();
  });

  it('refuses what needs a run before there is one', () => {
    const host = new RunHost(
      () => {},
      () => Promise.reject(new Error('not asked')),
    );
    expect(() => host.run).toThrow('prepare');
  });
});
