import { describe, expect, it } from 'vitest';
import type { RecapBatch } from '../data/recap-batch.ts';
import { defaultTeacherConfig } from '../data/synthesis/teacher-config.ts';
import { readSafetensors } from '../formats/safetensors.ts';
import { calmDay } from '../ranking/scenarios/calm-day.ts';
import { createTweetEncoder, createTweetWorld } from '../ranking/tweet-features.ts';
import { HomeError } from '../runs/homes/home.ts';
import { MemoryHome } from '../runs/homes/memory-home.ts';
import { newManifest } from '../runs/new-manifest.ts';
import { RunFolder } from '../runs/run-folder.ts';
import type { StepEvent } from '../training/events.ts';
import { RATE_KEY } from '../training/live-changes.ts';
import type { RunStart } from './protocol.ts';
import type { LiveRun } from './live-run.ts';
import { RunHost } from './run-host.ts';
import { hostWithRun, lastPhase, startData, stepsOf, until } from './testing/prepared-run.ts';
import type { RunEvents, RunToPrepare } from './testing/prepared-run.ts';
import { recipe, stream, validation } from './testing/small-recipe.ts';

const { tweets } = calmDay;

/** What the host makes of the tweets. */
function tweetBatch({ layout }: LiveRun): RecapBatch {
  return createTweetEncoder(createTweetWorld(defaultTeacherConfig, layout), layout).encode(tweets);
}

/** A run of the small model in memory, unless otherwise said. */
const preparedRun = (data: ReturnType<typeof startData>, prepared: Partial<RunToPrepare> = {}) =>
  hostWithRun(data, {
    home: new MemoryHome(),
    manifest: newManifest({ recipe: recipe(), app: 'test' }),
    ...prepared,
  });

describe('run host', () => {
  it('trains to the end: every step, evaluation, checkpoint and watched prediction in order', async () => {
    const data = startData();
    const { host, events, info } = await preparedRun(data);
    expect(info.engine).toBe('tfjs-wasm');
    expect(info.tasks).toHaveLength(3);
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

  it('takes what is asked for while it goes back from the step that it goes to', async () => {
    const { host, events, home, manifest, info } = await preparedRun(startData());
    host.run.step(9);
    await until(() => lastPhase(events) === 'paused' && stepsOf(events).length === 9);
    const back = host.run.goBack(4);
    host.run.step(1);
    host.run.step(2);
    await back;
    await until(() => lastPhase(events) === 'paused' && stepsOf(events).at(-1)?.step === 6);
    const losses = stepsOf(events).map(({ step, loss }) => [step, loss]);
    expect(losses.slice(9)).toEqual(losses.slice(4, 7));
    const again = host.run.goBack(4);
    const { recipe } = await host.run.change(RATE_KEY, 0.5);
    await again;
    expect(recipe.changes).toEqual([{ step: 4, key: RATE_KEY, value: 0.5 }]);
    await host.close();
    const folder = await RunFolder.open(home, manifest.id, 'read');
    const kept = [];
    for await (const steps of folder.steps(info)) kept.push(...steps.map(({ step }) => step));
    expect(kept).toEqual([0, 1, 2, 3, 4, 5, 6]);
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

  it('is taken up by another engine where one is named, and by that one from then on', async () => {
    const data = startData();
    const first = await preparedRun(data);
    first.host.run.step(6);
    await until(() => lastPhase(first.events) === 'paused' && stepsOf(first.events).length === 6);
    await first.host.close();
    const { home, manifest } = first;
    const other: RunStart = { kind: 'resume', step: null, engine: 'tfjs-cpu' };
    const second = await preparedRun(data, { home, manifest, start: other });
    expect(second.info).toMatchObject({ step: 6, phase: 'paused', engine: 'tfjs-cpu' });
    second.host.run.step(1);
    await until(() => stepsOf(second.events).length === 1 && lastPhase(second.events) === 'paused');
    await second.host.close();
    const third = await preparedRun(data, { home, manifest, start: { kind: 'resume', step: null } });
    expect(third.info).toMatchObject({ step: 7, engine: 'tfjs-cpu' });
    expect(third.info.manifest.ran).toMatchObject([
      { engine: 'tfjs-wasm', fromStep: 0 },
      { engine: 'tfjs-cpu', fromStep: 6, reason: expect.stringContaining('which tfjs-wasm computed before') },
      { engine: 'tfjs-cpu', fromStep: 7 },
    ]);
    await third.host.close();
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

  it('is changed while it trains, and is that run again when it is made from its manifest', async () => {
    const data = startData();
    const home = new MemoryHome();
    const { host, events } = await preparedRun(data, { home });
    host.run.step(3);
    await until(() => lastPhase(events) === 'paused' && stepsOf(events).length === 3);
    await host.run.change('learning_rate', 0.5);
    await host.run.endAt(6);
    await expect(host.run.change('seed', 1)).rejects.toThrow(/seed can't change while training/);
    host.run.resume();
    await until(() => lastPhase(events) === 'finished');
    const { id, recipe: made } = host.run.manifest;
    expect(made.changes).toEqual([{ step: 3, key: 'learning_rate', value: 0.5 }]);
    expect(made.steps).toBe(6);
    const busy = (events.activity ?? []).flatMap((activity) => (activity ? [activity.kind] : []));
    expect(new Set(busy)).toEqual(new Set(['evaluating', 'saving']));
    expect(events.activity?.at(-1)).toBeNull();
    await host.close();
    expect((await RunFolder.open(home, id, 'read')).manifest.recipe).toEqual(made);

    const again = await preparedRun(data, { manifest: newManifest({ recipe: made, app: 'test' }) });
    again.host.run.resume();
    await until(() => lastPhase(again.events) === 'finished');
    const told = (of: RunEvents) => stepsOf(of).map(({ elapsedMs: _time, ...step }) => step);
    expect(told(again.events)).toEqual(told(events));
    await again.host.close();
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
