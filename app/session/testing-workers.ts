/** For tests: workers that are played by handlers, and a session over them. */
import { readFileSync } from 'node:fs';
import { vi } from 'vitest';
import { parseDataSchema } from '../../src/data/data-schema.ts';
import { batchLayout } from '../../src/data/layout.ts';
import { teacherPresets } from '../../src/data/synthesis/presets.ts';
import { initialState } from '../../src/engines/init.ts';
import { writeSafetensors } from '../../src/formats/safetensors.ts';
import { modelGraph } from '../../src/graph/model-graph.ts';
import { calmDay } from '../../src/ranking/scenarios/calm-day.ts';
import { MemoryHome } from '../../src/runs/homes/memory-home.ts';
import { openRecipe } from '../../src/runs/recipe.ts';
import { withHashes } from '../../src/runs/streams.ts';
import type { Playground, RunRequest } from '../../src/workers/clients.ts';
import type { DataProtocol, RunInfo, TrainingProtocol } from '../../src/workers/protocol.ts';
import type { Endpoint } from '../../src/workers/rpc.ts';
import { RpcClient, serve } from '../../src/workers/rpc.ts';
import { Session } from './session.ts';
import type { SessionParts } from './session-parts.ts';
import { keptRunsIn } from './testing.ts';

const read = (name: string): string =>
  readFileSync(new URL(`../../configs/${name}`, import.meta.url), 'utf8');
const presetOf = (file: string) => ({ file, title: '', description: '', text: read(file) });
export const preset = presetOf('playground.yaml');
export const production = presetOf('local_prod.yaml');
export const schemas = new Map(
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
export function fakeWorkers() {
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
    label: async (label) => {
      calls.push('label');
      return { manifest: { ...specs.at(-1)!.manifest, ...label } };
    },
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
export const eventually = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 60_000 });

/** A session whose workers are played. */
export const sessionWith = (
  { playground }: ReturnType<typeof fakeWorkers>,
  presets = [preset, production],
  parts: Partial<SessionParts> = {},
): Session =>
  new Session({
    createPlayground: () => playground,
    presets,
    schemas,
    teachers,
    tweets: calmDay.tweets,
    storage: null,
    runs: keptRunsIn(new MemoryHome()),
    app: 'test',
    ...parts,
  });

export const step = (at: number) => ({
  step: at,
  loss: 1,
  taskLosses: Array.from({ length: 10 }, () => 1),
  learningRates: Array.from({ length: 11 }, () => 0),
  examples: at,
  elapsedMs: at,
});

export function predictions(value: number) {
  const values = new Float32Array(10 * calmDay.tweets.length).fill(value);
  return { size: calmDay.tweets.length, logits: values, probabilities: values, calibrated: values };
}

/** The initial weights of the configuration shown, as a file. */
export function weightsFile(session: Session, prefix = ''): File {
  const { recipe } = session.draft.getState();
  if (!recipe) throw new Error('there is no recipe');
  const { config: opened, schema, tasks } = openRecipe(recipe);
  const state = initialState(modelGraph(opened, batchLayout(opened.train_data, schema, tasks)), 3);
  const named = new Map([...state].map(([name, tensor]) => [prefix + name, tensor]));
  return new File([writeSafetensors(named)], 'mine.safetensors');
}
