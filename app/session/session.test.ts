/** The session against workers that are played by handlers in the test. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseDataSchema } from '../../src/data/data-schema.ts';
import { teacherPresets } from '../../src/data/synthesis/presets.ts';
import { calmDay } from '../../src/ranking/scenarios/calm-day.ts';
import type { Playground, StartSpec } from '../../src/workers/clients.ts';
import type { DataProtocol, RunInfo, TrainingProtocol } from '../../src/workers/protocol.ts';
import { RpcClient, serve, WorkerDiedError } from '../../src/workers/rpc.ts';
import type { Endpoint } from '../../src/workers/rpc.ts';
import { waitingText } from '../panels/ranking/waiting-text.ts';
import { statusText } from '../panels/training/status-text.ts';
import { errorsOf } from '../stores/config.ts';
import { Session } from './session.ts';

const read = (name: string): string =>
  readFileSync(new URL(`../../configs/${name}`, import.meta.url), 'utf8');
const presetOf = (file: string) => ({ file, title: '', description: '', text: read(file) });
const preset = presetOf('playground.yaml');
const production = presetOf('local_prod.yaml');
const schemas = new Map(
  ['playground-segdense.json', 'segdense.json'].map((file) => [file, parseDataSchema(read(file))]),
);
const teachers = teacherPresets.map(({ id, file, config }) => ({
  id,
  text: read(`data/${file}`),
  source: (seed: number) => ({ kind: 'teacher' as const, seed, teacher: config }),
}));

function info(spec: StartSpec): RunInfo {
  const tasks = Object.keys(spec.config.model.tasks);
  return {
    engine: 'tfjs-cpu',
    adapter: 'CPU',
    software: true,
    reason: '',
    parameters: 1,
    tasks,
    groups: ['backbone', ...tasks],
  };
}

/** Workers whose answers the test sees and can turn down. */
function fakeWorkers() {
  const calls: string[] = [];
  const specs: StartSpec[] = [];
  const refuse: { prepare: Error | null; import: Error | null } = { prepare: null, import: null };
  const ports: MessagePort[] = [];
  const pair = (): [Endpoint, Endpoint] => {
    const { port1, port2 } = new MessageChannel();
    ports.push(port1, port2);
    port1.start();
    port2.start();
    return [port1 as unknown as Endpoint, port2 as unknown as Endpoint];
  };
  const [trainingPage, trainingWorker] = pair();
  const [dataPage, dataWorker] = pair();
  const never = async (): Promise<never> => {
    throw new Error('not played');
  };
  const done = (name: string) => async (): Promise<null> => {
    calls.push(name);
    return null;
  };
  const emit = serve<TrainingProtocol>(trainingWorker, {
    prepare: never,
    resume: done('resume'),
    pause: done('pause'),
    stop: done('stop'),
    step: done('step'),
    restore: done('restore'),
    watch: async (watch) => {
      calls.push(watch ? 'watch' : 'unwatch');
      return null;
    },
    predict: never,
    export: never,
    import: async () => {
      if (refuse.import) throw refuse.import;
      return { step: 0 };
    },
  });
  serve<DataProtocol>(dataWorker, {
    open: never,
    preview: never,
    statistics: never,
    histogram: never,
    exportTfRecords: never,
  });
  const training = new RpcClient<TrainingProtocol>(trainingPage);
  const playground: Playground = {
    data: new RpcClient<DataProtocol>(dataPage),
    training,
    startRun: async (spec) => {
      if (refuse.prepare) throw refuse.prepare;
      specs.push(spec);
      return info(spec);
    },
    dispose: () => {},
  };
  const close = (): void => {
    for (const port of ports) port.close();
  };
  return { playground, calls, specs, refuse, emit, training, close };
}

/** Asks again until it holds. The limit is for a machine that is busy, not for the session. */
const eventually = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 60_000 });

let workers: ReturnType<typeof fakeWorkers>;
let session: Session;

const sessionWith = (presets = [preset, production]): Session =>
  new Session({
    createPlayground: () => workers.playground,
    presets,
    schemas,
    teachers,
    tweets: calmDay.tweets,
    storage: null,
  });

beforeEach(() => {
  workers = fakeWorkers();
  session = sessionWith();
});
afterEach(() => workers.close());

describe('Session', () => {
  it('prepares a run that is paused at step 0 and watches the sample tweets', async () => {
    expect(await session.prepare()).toBe(true);
    expect(session.run.getState()).toMatchObject({ phase: 'paused', step: 0, failure: null });
    expect(workers.calls).toEqual(['unwatch', 'watch']);
    expect(workers.specs[0]?.source).toMatchObject({ kind: 'teacher', seed: 1 });
  });

  it('names what has changed since the run was prepared', async () => {
    await session.prepare();
    expect(session.identity.getState().changes).toEqual([]);
    const { setText, text } = session.config.getState();
    setText(text.replace('num_train_steps: 1500', 'num_train_steps: 3'));
    session.settings.getState().set({ seed: 9 });
    session.data.getState().choose({ teacher: 'noise' });
    const { changes } = session.identity.getState();
    expect(changes).toHaveLength(3);
    expect(changes).toEqual(
      expect.arrayContaining([
        'training.num_train_steps',
        'seed: 1 → 9',
        expect.stringMatching(/^data: .*easy.* → .*noise/),
      ]),
    );
  });

  it('takes over edits by itself only while nothing was trained or imported', async () => {
    await session.prepare();
    session.settings.getState().set({ seed: 2 });
    await session.train();
    expect(workers.specs.map((spec) => spec.seed)).toEqual([1, 2]);
    expect(workers.calls.at(-1)).toBe('resume');

    await session.importWeights(new File([new Uint8Array(8)], 'mine.safetensors'));
    session.settings.getState().set({ seed: 3 });
    await session.train();
    expect(workers.specs).toHaveLength(2);
  });

  it('keeps the untrained order apart from that of imported weights', async () => {
    await session.prepare();
    const predictions = (value: number) => {
      const values = new Float32Array(10 * calmDay.tweets.length).fill(value);
      return { size: calmDay.tweets.length, logits: values, probabilities: values, calibrated: values };
    };
    workers.emit('watched', { step: 0, predictions: predictions(0.25) });
    await eventually(() => expect(session.ranking.getState().untrained).not.toBeNull());
    await session.importWeights(new File([new Uint8Array(8)], 'mine.safetensors'));
    workers.emit('watched', { step: 0, predictions: predictions(0.5) });
    await eventually(() => expect(session.ranking.getState().now?.probabilities[0]).toBe(0.5));
    expect(session.ranking.getState().untrained?.probabilities[0]).toBe(0.25);
  });

  it('forgets a file that did not fit', async () => {
    await session.prepare();
    workers.refuse.import = new Error('tensor x has another shape');
    await expect(session.importWeights(new File([], 'bad.safetensors'))).rejects.toThrow('tensor x');
    expect(session.run.getState().imported).toBeNull();
  });

  it('says why a run could not be prepared, and that a worker has died', async () => {
    workers.refuse.prepare = new Error('no such column');
    expect(await session.prepare()).toBe(false);
    expect(session.run.getState().failure).toEqual({ kind: 'prepare', message: 'no such column' });

    workers.refuse.prepare = null;
    await session.prepare();
    workers.training.die(new WorkerDiedError('The worker stopped.'));
    await session.pause();
    expect(session.run.getState()).toMatchObject({ phase: 'failed', failure: { kind: 'worker' } });
  });

  it('asks for the data schema that the configuration names, at its place, and takes it when it comes', () => {
    const stop = session.start();
    const { setText, text } = session.config.getState();
    const changed = text.replace('playground-segdense.json', 'mine.json');
    setText(changed);
    const [problem] = errorsOf(session.config.getState().problems);
    expect(problem?.message).toMatch(/mine\.json.*data panel/);
    expect(changed.slice(problem?.from, problem?.to)).toBe('mine.json');
    expect(session.config.getState().valid?.text).toBe(text);

    const schema = schemas.get('playground-segdense.json')!;
    session.data.getState().set({ ownSchema: { name: 'mine.json', schema } });
    expect(session.config.getState().problems).toEqual([]);
    expect(session.config.getState().valid?.text).toBe(changed);
    stop();
  });

  it('shows what the data has against the configuration at its place, and keeps the last valid one', () => {
    const { setText, text } = session.config.getState();
    const unfit = text.replace('continuous_feature_truncation: 96', 'continuous_feature_truncation: 960');
    setText(unfit);
    const [problem] = errorsOf(session.config.getState().problems);
    expect(unfit.slice(problem?.from, problem?.to)).toBe('960');
    expect(problem?.message).toContain('more than the 128');
    expect(session.identity.getState().now?.configText).toBe(text);
  });

  it('collects steps for a frame', async () => {
    await session.prepare();
    const step = (index: number) => ({
      step: index,
      loss: 1,
      taskLosses: Array.from({ length: 10 }, () => 1),
      learningRates: Array.from({ length: 11 }, () => 0),
      examples: index,
      elapsedMs: index,
    });
    workers.emit('steps', [step(0), step(1)]);
    workers.emit('steps', [step(2)]);
    await eventually(() => expect(session.run.getState().step).toBe(3));
    expect([...(session.run.getState().series?.steps ?? [])]).toEqual([0, 1, 2]);
  });
});

describe('a model too large to build unasked', () => {
  const status = () => statusText(session.run.getState());

  it('is left to Train after a change, and the way back needs nothing', async () => {
    const stop = session.start();
    await eventually(() => expect(session.run.getState().phase).toBe('paused'));
    session.config.getState().choosePreset('local_prod.yaml');
    await eventually(() => expect(session.run.getState().unbuilt).toBe(48_115_108));
    expect(workers.specs).toHaveLength(1);
    expect(status()).toContain('press Train');
    expect(waitingText(session.run.getState())).toMatch(/48\.1M parameters.*press Train/);

    session.config.getState().choosePreset('playground.yaml');
    await eventually(() => expect(session.run.getState().unbuilt).toBeNull());
    expect(workers.specs).toHaveLength(1);
    expect(status()).toBe('Ready, untrained');

    session.config.getState().choosePreset('local_prod.yaml');
    await session.train();
    expect(workers.specs).toHaveLength(2);
    expect(session.run.getState().unbuilt).toBeNull();
    expect(workers.calls.at(-1)).toBe('resume');
    stop();
  });

  it('is left to Train after a reload, and a smaller one is built by itself', async () => {
    session = sessionWith([production, preset]);
    const stop = session.start();
    await eventually(() => expect(session.run.getState().unbuilt).toBe(48_115_108));
    expect(session.run.getState().phase).toBe('idle');
    expect(workers.specs).toHaveLength(0);
    expect(status()).toContain('press Train');
    session.config.getState().choosePreset('playground.yaml');
    await eventually(() => expect(session.run.getState().phase).toBe('paused'));
    expect(session.run.getState().unbuilt).toBeNull();
    expect(workers.specs).toHaveLength(1);
    stop();
  });

  it('is replaced by a smaller one by itself once it was built', async () => {
    session = sessionWith([production, preset]);
    const stop = session.start();
    await session.prepare();
    session.config.getState().choosePreset('playground.yaml');
    await eventually(() => expect(workers.specs).toHaveLength(2));
    stop();
  });

  it('is built for weights that are imported', async () => {
    session = sessionWith([production]);
    const stop = session.start();
    await eventually(() => expect(session.run.getState().unbuilt).not.toBeNull());
    await session.importWeights(new File([new Uint8Array(8)], 'mine.safetensors'));
    expect(workers.specs).toHaveLength(1);
    expect(session.run.getState()).toMatchObject({ unbuilt: null, imported: 'mine.safetensors' });
    stop();
  });
});

describe('after a divergence', () => {
  it('goes back to a checkpoint: paused there, with charts and ranking of that step', async () => {
    await session.prepare();
    const losses = Array.from({ length: 10 }, () => 1);
    const rates = Array.from({ length: 11 }, () => 0);
    const step = (at: number) => ({ step: at, loss: 1, taskLosses: losses, learningRates: rates, examples: at, elapsedMs: at }); // prettier-ignore
    workers.emit('steps', [0, 1, 2, 3].map(step));
    workers.emit('checkpoint', { step: 2, loss: 1, kept: [2] });
    workers.emit('diverged', { step: 4, tasks: [], advice: 'lower it', lastGoodCheckpoint: 2 });
    workers.emit('phase', { phase: 'diverged', step: 4, message: null });
    await eventually(() => expect(session.run.getState().phase).toBe('diverged'));
    expect(session.run.getState().divergence?.lastGoodCheckpoint).toBe(2);

    await session.restore(2);
    expect(workers.calls.at(-1)).toBe('restore');
    workers.emit('phase', { phase: 'paused', step: 2, message: null });
    const values = new Float32Array(10 * calmDay.tweets.length).fill(0.5);
    const predictions = { size: calmDay.tweets.length, logits: values, probabilities: values, calibrated: values }; // prettier-ignore
    workers.emit('watched', { step: 2, predictions });
    await eventually(() => expect(session.ranking.getState().now?.step).toBe(2));
    expect(session.run.getState()).toMatchObject({ phase: 'paused', step: 2, divergence: null });
    expect([...(session.run.getState().series?.steps ?? [])]).toEqual([0, 1]);
  });
});
