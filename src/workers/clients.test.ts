/** What the page asks of its workers to start a run, against workers that the test plays. */
import { readFileSync } from 'node:fs';
import { afterEach, expect, it, vi } from 'vitest';
import { parseRecapConfig } from '../config/parse-config.ts';
import { parseDataSchema } from '../data/data-schema.ts';
import { newManifest } from '../runs/new-manifest.ts';
import { recipeSchemaOf } from '../runs/recipe-forms.ts';
import { streamOptions } from '../runs/stream-options.ts';
import { NO_FILES } from '../runs/streams.ts';
import { createPlayground } from './clients.ts';
import type { DataProtocol, StreamRequest, TrainingProtocol } from './protocol.ts';
import { serve, WorkerDiedError, type Endpoint, type WorkerEnd } from './rpc.ts';

const read = (file: string): string =>
  readFileSync(new URL(`../../configs/${file}`, import.meta.url), 'utf8');
const ports: MessagePort[] = [];
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

/** The page's end of a worker, and the worker's. */
function worker(): { page: WorkerEnd & EventTarget; inside: Endpoint } {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  port1.start();
  port2.start();
  return {
    page: Object.assign(port1, { terminate() {} }),
    inside: port2,
  };
}

const never = async (): Promise<never> => {
  throw new Error('not played');
};

/** Plays a data worker that opens streams of so many continuous columns. */
function playData(
  inside: Endpoint,
  continuous: number,
  shareable: boolean,
  opened: (s: StreamRequest) => void,
) {
  const layout = {
    continuous,
    binary: 1,
    discrete: 0,
    userEmbedding: 0,
    userEngEmbedding: 0,
    authorEmbedding: 0,
    tasks: [],
  };
  serve<DataProtocol>(inside, {
    open: async ({ stream, port }) => {
      // Closed only after the test: its other end is still to be handed to the training worker.
      ports.push(port);
      opened(stream);
      return { layout, shareable };
    },
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
}

const config = read('playground.yaml');
const schema = parseDataSchema(read('playground-segdense.json'));

const uniformRun = () =>
  newManifest({
    recipe: {
      config,
      steps: null,
      data: { kind: 'uniform', labels: 'binary', examples: null },
      schema: recipeSchemaOf('playground-segdense.json', schema),
      masks: [],
      seeds: { weights: 1, data: 1 },
      engine: { choice: 'auto', precision: 'float32', noisyShifts: false },
      warmStart: null,
    },
    app: 'test',
  });

/** Plays a training worker. @param asked takes the names of its requests. */
function playTraining(inside: Endpoint, asked: string[], params: unknown[] = []): void {
  const handlers = new Proxy(
    {},
    {
      get: (_target, name) => async (given: unknown) => {
        asked.push(String(name));
        params.push(given);
        return {};
      },
    },
  );
  serve<TrainingProtocol>(inside, handlers as Parameters<typeof serve<TrainingProtocol>>[1]);
}

it('ends the old run before it opens streams: training first, then one for each partition', async () => {
  const [data, training] = [worker(), worker()];
  const asked: string[] = [];
  const streams: StreamRequest[] = [];
  playData(data.inside, 1, true, (stream) => {
    asked.push('open');
    streams.push(stream);
  });
  playTraining(training.inside, asked);
  const playground = createPlayground({
    createWorkers: () => ({ data: data.page, training: training.page }),
    cores: 2,
  });
  const manifest = uniformRun();
  const partitions = Object.keys(parseRecapConfig(config).config!.validation_data);
  const request = { manifest, start: { kind: 'fresh' }, files: NO_FILES, partitions } as const;
  await playground.startRun(request);
  expect(partitions).toContain('train');
  const streamsOpened = ['open', ...partitions.map(() => 'open'), 'prepare'];
  // The first has none to end.
  expect(asked.splice(0)).toEqual(streamsOpened);
  await playground.startRun(request);
  expect(asked).toEqual(['close', ...streamsOpened]);
  expect(streams.splice(partitions.length + 1)).toHaveLength(partitions.length + 1);
  expect(streams.map(({ section }) => (section.kind === 'train' ? null : section.partition))).toEqual([
    null,
    ...partitions,
  ]);
  expect(streamOptions(manifest.recipe, { kind: 'partition', partition: 'train' }, NO_FILES).split).toBe(
    'train',
  );
  expect(streamOptions(manifest.recipe, { kind: 'partition', partition: 'validation' }, NO_FILES).split).toBe(
    'validation',
  );

  // The data worker dies: the trainer hears of it, and so does the page; of its own closing nobody does.
  const deaths: string[] = [];
  playground.onDeath((which) => deaths.push(which));
  playground.data.die(new WorkerDiedError('gone'));
  await vi.waitFor(() => expect(asked.at(-1)).toBe('detach'));
  expect(deaths).toEqual(['data']);
  playground.dispose();
  expect(deaths).toEqual(['data']);
});

it('has a wide stream made by several workers where there are cores, and is told when one of them dies', async () => {
  const [data, training] = [worker(), worker()];
  const helpers: ReturnType<typeof worker>[] = [];
  const opened = [0];
  const asked: string[] = [];
  const params: unknown[] = [];
  playData(data.inside, 2048, true, ({ section }) => section.kind === 'train' && opened[0]!++);
  playTraining(training.inside, asked, params);
  const playground = createPlayground({
    createWorkers: () => ({ data: data.page, training: training.page }),
    createHelper: () => {
      const helper = worker();
      const at = helpers.push(helper);
      opened.push(0);
      playData(helper.inside, 2048, true, () => opened[at]!++);
      return helper.page;
    },
    cores: 8,
  });
  for (const run of [1, 2]) {
    await playground.startRun({
      manifest: uniformRun(),
      start: { kind: 'fresh' },
      files: NO_FILES,
      partitions: [],
    });
    expect(opened).toEqual([run, run, run, run]);
    expect(params.at(-1)).toMatchObject({ train: [{}, {}, {}, {}] });
  }
  const deaths: string[] = [];
  playground.onDeath((which, { message }) => deaths.push(`${which}: ${message}`));
  helpers[1]!.page.dispatchEvent(Object.assign(new Event('error'), { message: 'out of memory' }));
  await vi.waitFor(() => expect(asked.at(-1)).toBe('detach'));
  expect(deaths).toEqual(['data: The worker stopped: out of memory.']);
  playground.dispose();
});

it('leaves the worker to the run asked for last, however long the streams of the first take', async () => {
  const [data, training] = [worker(), worker()];
  const asked: string[] = [];
  const params: unknown[] = [];
  playData(data.inside, 10, false, () => {});
  playTraining(training.inside, asked, params);
  const playground = createPlayground({
    createWorkers: () => ({ data: data.page, training: training.page }),
    cores: 2,
  });
  // The first has a validation partition to open, the second none.
  const first = uniformRun();
  const short = config.replace(/^validation_data:[\s\S]*?(?=^optimizer:)/m, 'validation_data: {}\n');
  const second = { ...uniformRun(), recipe: { ...uniformRun().recipe, config: short } };
  const requests = [first, second].map((manifest) =>
    playground.startRun({ manifest, start: { kind: 'fresh' }, files: NO_FILES, partitions: [] }),
  );
  const [gone, kept] = await Promise.allSettled(requests);
  expect(gone).toMatchObject({ status: 'rejected', reason: { name: 'SupersededError' } });
  expect(kept?.status).toBe('fulfilled');
  const prepared = params.filter((_, i) => asked[i] === 'prepare');
  expect(prepared).toMatchObject([{ manifest: { id: second.id } }]);
});
