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
import { Session } from './session.ts';

const read = (name: string): string =>
  readFileSync(new URL(`../../configs/${name}`, import.meta.url), 'utf8');
const preset = { file: 'playground.yaml', title: '', description: '', text: read('playground.yaml') };
const schemas = new Map([['playground-segdense.json', parseDataSchema(read('playground-segdense.json'))]]);
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
    allocations: never,
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

let workers: ReturnType<typeof fakeWorkers>;
let session: Session;

beforeEach(() => {
  workers = fakeWorkers();
  session = new Session({
    createPlayground: () => workers.playground,
    presets: [preset],
    schemas,
    teachers,
    tweets: calmDay.tweets,
    storage: null,
  });
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
    expect(session.changes()).toEqual([]);
    const { setText, text } = session.config.getState();
    setText(text.replace('num_train_steps: 1500', 'num_train_steps: 3'));
    session.settings.getState().set({ seed: 9 });
    session.data.getState().choose({ teacher: 'noise' });
    const changes = session.changes();
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
    await vi.waitFor(() => expect(session.ranking.getState().untrained).not.toBeNull());
    await session.importWeights(new File([new Uint8Array(8)], 'mine.safetensors'));
    workers.emit('watched', { step: 0, predictions: predictions(0.5) });
    await vi.waitFor(() => expect(session.ranking.getState().now?.probabilities[0]).toBe(0.5));
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

  it('asks for the data schema that the configuration names', async () => {
    const { setText, text } = session.config.getState();
    setText(text.replace('playground-segdense.json', 'mine.json'));
    expect(await session.prepare()).toBe(false);
    expect(session.run.getState().failure?.message).toContain('mine.json');
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
    await vi.waitFor(() => expect(session.run.getState().step).toBe(3));
    expect([...(session.run.getState().series?.steps ?? [])]).toEqual([0, 1, 2]);
  });
});
