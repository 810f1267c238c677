/** The session against workers that are played by handlers in the test. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseDataSchema } from '../../src/data/data-schema.ts';
import { teacherPresets } from '../../src/data/synthesis/presets.ts';
import { calmDay } from '../../src/ranking/scenarios/calm-day.ts';
import { writeSafetensors } from '../../src/formats/safetensors.ts';
import { batchLayout } from '../../src/data/layout.ts';
import { initialState } from '../../src/engines/init.ts';
import { modelGraph } from '../../src/graph/model-graph.ts';
import { MemoryHome } from '../../src/runs/homes/memory-home.ts';
import { openRecipe } from '../../src/runs/recipe.ts';
import { withHashes } from '../../src/runs/streams.ts';
import type { Playground, RunRequest } from '../../src/workers/clients.ts';
import type { DataProtocol, RunInfo, TrainingProtocol } from '../../src/workers/protocol.ts';
import { RpcClient, serve, WorkerDiedError } from '../../src/workers/rpc.ts';
import type { Endpoint } from '../../src/workers/rpc.ts';
import { waitingText } from '../panels/ranking/waiting-text.ts';
import { statusText } from '../panels/training/status-text.ts';
import { errorsOf } from '../stores/config.ts';
import { Session } from './session.ts';
import { suggestions, takeBack, tryOut } from './suggestions.ts';
import { keptRunsIn } from './testing.ts';
import { suggestionTexts } from '../texts/suggestions.ts';

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

function info({ manifest }: RunRequest): RunInfo {
  const { config, tasks } = openRecipe(manifest.recipe);
  return {
    engine: 'tfjs-cpu',
    adapter: 'CPU',
    software: true,
    reason: '',
    parameters: 1,
    tasks,
    groups: ['backbone', ...tasks],
    manifest,
    step: 0,
    phase: 'paused',
    totalSteps: config.training.num_train_steps,
    lasting: true,
  };
}

/** Workers whose answers the test sees and can turn down. */
function fakeWorkers() {
  const calls: string[] = [];
  const specs: RunRequest[] = [];
  const refuse: { prepare: Error | null } = { prepare: null };
  const deaths: ((worker: 'data' | 'training', reason: Error) => void)[] = [];
  const ports: MessagePort[] = [];
  const pair = (): [Endpoint, Endpoint] => {
    const { port1, port2 } = new MessageChannel();
    ports.push(port1, port2);
    port1.start();
    port2.start();
    return [port1, port2];
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
    close: done('close'),
    step: done('step'),
    restore: done('restore'),
    watch: done('watch'),
    evaluate: done('evaluate'),
    detach: done('detach'),
    endAt: never,
    change: never,
    label: never,
    identify: async ({ hashes }) => {
      const { manifest } = specs.at(-1)!;
      const { recipe } = manifest;
      return { manifest: { ...manifest, recipe: { ...recipe, data: withHashes(recipe.data, hashes) } } };
    },
    metrics: never,
    predict: never,
    servePredictions: never,
    export: never,
  });
  /** As the worker tells it of the run prepared last. */
  const emitRun = <N extends keyof TrainingProtocol['events']>(
    name: N,
    event: TrainingProtocol['events'][N]['event'],
    run = specs.at(-1)?.manifest.id ?? '',
  ): void => emit(name, { run, event } as TrainingProtocol['events'][N]);
  serve<DataProtocol>(dataWorker, {
    open: never,
    preview: never,
    statistics: never,
    histogram: never,
    exportTfRecords: never,
    profileTable: never,
    makeTable: never,
    countRows: never,
    tableRows: never,
    predictTable: never,
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
    onDeath: (listener) => deaths.push(listener),
    dispose: () => {},
  };
  training.onDeath((reason) => deaths.forEach((tell) => tell('training', reason)));
  const close = (): void => {
    for (const port of ports) port.close();
  };
  return { playground, calls, specs, refuse, emit: emitRun, training, close };
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
    runs: keptRunsIn(new MemoryHome()),
    app: 'test',
  });

beforeEach(() => {
  workers = fakeWorkers();
  session = sessionWith();
});
afterEach(() => workers.close());

const step = (at: number) => ({
  step: at,
  loss: 1,
  taskLosses: Array.from({ length: 10 }, () => 1),
  learningRates: Array.from({ length: 11 }, () => 0),
  examples: at,
  elapsedMs: at,
});

function predictions(value: number) {
  const values = new Float32Array(10 * calmDay.tweets.length).fill(value);
  return { size: calmDay.tweets.length, logits: values, probabilities: values, calibrated: values };
}

/** The initial weights of the configuration shown, as a file. */
function weightsFile(prefix = ''): File {
  const { recipe } = session.draft.getState();
  if (!recipe) throw new Error('there is no recipe');
  const { config: opened, schema, tasks } = openRecipe(recipe);
  const state = initialState(modelGraph(opened, batchLayout(opened.train_data, schema, tasks)), 3);
  const named = new Map([...state].map(([name, tensor]) => [prefix + name, tensor]));
  return new File([writeSafetensors(named)], 'mine.safetensors');
}

describe('Session', () => {
  it('prepares a run that is paused at step 0 and watches the sample tweets', async () => {
    expect(await session.prepare()).toBe(true);
    expect(session.run.getState()).toMatchObject({ phase: 'paused', step: 0, failure: null });
    expect(workers.calls).toEqual(['watch']);
    expect(workers.specs[0]).toMatchObject({ start: { kind: 'fresh' }, files: { train: [] } });
    expect(workers.specs[0]?.manifest.recipe).toMatchObject({
      data: { kind: 'teacher', preset: 'easy' },
      seeds: { weights: 1, data: 1 },
    });
  });

  it('names what has changed since the run was prepared', async () => {
    await session.prepare();
    expect(session.draft.getState().changes).toEqual([]);
    const { setText, text } = session.config.getState();
    setText(text.replace('num_train_steps: 1500', 'num_train_steps: 3'));
    session.settings.getState().set({ seed: 9 });
    session.data.getState().choose({ teacher: 'noise' });
    const { changes } = session.draft.getState();
    expect(changes).toEqual(
      expect.arrayContaining([
        'training.num_train_steps: 1500 → 3',
        'seeds.weights: 1 → 9',
        'data.preset: easy → noise',
      ]),
    );
  });

  it('takes over edits by itself only while nothing was trained or imported', async () => {
    await session.prepare();
    session.settings.getState().set({ seed: 2 });
    await session.train();
    expect(workers.specs.map(({ manifest }) => manifest.recipe.seeds.weights)).toEqual([1, 2]);
    expect(workers.calls.at(-1)).toBe('resume');

    await session.importWeights(weightsFile());
    session.settings.getState().set({ seed: 3 });
    await session.train();
    expect(workers.specs).toHaveLength(3);
    expect(workers.specs.at(-1)).toMatchObject({
      start: { kind: 'weights' },
      manifest: { recipe: { warmStart: { name: 'mine.safetensors' } } },
    });
  });

  it('counts the content of own files into the manifest, and takes no other file for them', async () => {
    const file = new File(['abc'], 'mine.tfrecord');
    session.data.getState().setFiles([file]);
    await session.prepare();
    const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    const known = () => session.run.getState().manifest?.recipe.data;
    await eventually(() =>
      expect(known()).toMatchObject({ files: [{ name: 'mine.tfrecord', sha256: abc }] }),
    );
    expect(session.draft.getState().changes).toEqual([]);
    await session.prepare();
    await eventually(() => expect(known()).toMatchObject({ files: [{ sha256: abc }] }));
  });

  it('says what was done to weights to make them fit', async () => {
    await session.prepare();
    expect(await session.importWeights(weightsFile('module.'))).toEqual({
      step: 0,
      notes: ['"module." was taken off the names of the tensors.'],
    });
  });

  it('does not take the order of imported weights for an untrained one', async () => {
    await session.prepare();
    workers.emit('watched', { step: 0, predictions: predictions(0.25) });
    await eventually(() => expect(session.ranking.getState().untrained).not.toBeNull());
    await session.importWeights(weightsFile());
    workers.emit('watched', { step: 0, predictions: predictions(0.5) });
    await eventually(() => expect(session.ranking.getState().now?.probabilities[0]).toBe(0.5));
    expect(session.ranking.getState().untrained).toBeNull();
  });

  it('says what a file that does not fit has, and leaves the run as it is', async () => {
    await session.prepare();
    const { manifest } = session.run.getState();
    await expect(session.importWeights(new File([], 'bad.safetensors'))).rejects.toThrow('0 bytes');
    const other = new File([writeSafetensors(new Map())], 'other.safetensors');
    await expect(session.importWeights(other)).rejects.toThrow(/missing/);
    expect(workers.specs).toHaveLength(1);
    expect(session.run.getState()).toMatchObject({ manifest, phase: 'paused' });
  });

  it('is called after the suggestion that it tries, as long as that stands', async () => {
    await session.prepare();
    const [suggestion] = suggestions;
    if (!suggestion) throw new Error('a suggestion');
    const tried = tryOut(suggestion, null, session);
    session.page.getState().setTried(tried);
    await session.prepare();
    expect(workers.specs.at(-1)?.manifest.name).toBe(suggestionTexts[suggestion.id].words);
    if (tried) takeBack(tried, session);
    await session.prepare();
    expect(workers.specs.at(-1)?.manifest.name).not.toBe(suggestionTexts[suggestion.id].words);
  });

  it('takes nothing of an old run once another one begins', async () => {
    await session.prepare();
    const old = workers.specs[0]?.manifest.id ?? '';
    workers.emit('steps', [step(0)]);
    await eventually(() => expect(session.run.getState().step).toBe(1));
    await session.restart();
    const event = { step: 400, partition: 'validation', stratum: null, examples: 1, loss: { kind: 'value', value: 1 }, tasks: [] } as const; // prettier-ignore
    workers.emit('steps', [step(399)], old);
    workers.emit('evaluation', event, old);
    workers.emit('checkpoint', { step: 400, loss: 1, kept: [400] }, old);
    workers.emit('watched', { step: 400, predictions: predictions(0.5) }, old);
    workers.emit('diverged', { step: 400, tasks: [], advice: 'old', lastGoodCheckpoint: null }, old);
    workers.emit('phase', { phase: 'failed', step: 400, message: 'old' }, old);
    workers.emit('steps', [step(0), step(1)]);
    await eventually(() => expect(session.run.getState().step).toBe(2));
    expect(session.run.getState()).toMatchObject({
      evaluations: [],
      checkpoints: [],
      divergence: null,
      failure: null,
      manifest: { parent: { run: old, step: 0 } },
    });
    expect([...(session.run.getState().series?.steps ?? [])]).toEqual([0, 1]);
    expect(session.ranking.getState().now).toBeNull();
  });

  it('says why a run could not be prepared, and that a worker has died', async () => {
    workers.refuse.prepare = new Error('no such column');
    expect(await session.prepare()).toBe(false);
    expect(session.run.getState().failure).toEqual({ kind: 'prepare', message: 'no such column' });

    workers.refuse.prepare = null;
    await session.prepare();
    // While a run trains nothing is asked of the worker: its death is heard all the same.
    session.run.getState().setActivity({ kind: 'saving', what: null, done: 0, total: null }, 0);
    workers.training.die(new WorkerDiedError('The worker stopped.'));
    expect(statusText(session.run.getState())).toBe('Failed');
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
    expect(session.draft.getState().recipe?.config).toBe(text);
  });

  it('counts a Step that is pressed before it is known which run was open', async () => {
    const stop = session.start();
    expect(session.run.getState().starting).toBe(true);
    await session.step();
    expect(session.run.getState().starting).toBe(false);
    expect(workers.specs).toHaveLength(1);
    expect(workers.calls.filter((call) => call === 'step')).toHaveLength(1);
    stop();
  });

  it('collects steps for a frame', async () => {
    await session.prepare();
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
    // Still above the limit, and made in less time.
    const narrower = {
      ...production,
      text: production.text.replaceAll('1024', '256').replaceAll('2048', '512'),
    };
    session = sessionWith([narrower]);
    const stop = session.start();
    await eventually(() => expect(session.run.getState().unbuilt).not.toBeNull());
    await session.importWeights(weightsFile());
    expect(workers.specs).toHaveLength(1);
    expect(session.run.getState().unbuilt).toBeNull();
    stop();
  });
});

describe('after a divergence', () => {
  it('goes back to a checkpoint: paused there, with charts and ranking of that step', async () => {
    await session.prepare();
    workers.emit('steps', [0, 1, 2, 3].map(step));
    workers.emit('checkpoint', { step: 2, loss: 1, kept: [2] });
    workers.emit('diverged', { step: 4, tasks: [], advice: 'lower it', lastGoodCheckpoint: 2 });
    workers.emit('phase', { phase: 'diverged', step: 4, message: null });
    await eventually(() => expect(session.run.getState().phase).toBe('diverged'));
    expect(session.run.getState().divergence?.lastGoodCheckpoint).toBe(2);

    await session.restore(2);
    expect(workers.calls.at(-1)).toBe('restore');
    workers.emit('phase', { phase: 'paused', step: 2, message: null });
    workers.emit('watched', { step: 2, predictions: predictions(0.5) });
    await eventually(() => expect(session.ranking.getState().now?.step).toBe(2));
    expect(session.run.getState()).toMatchObject({ phase: 'paused', step: 2, divergence: null });
    expect([...(session.run.getState().series?.steps ?? [])]).toEqual([0, 1]);
  });
});
