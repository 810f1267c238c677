/** What the page asks of its workers to start a run, against workers that the test plays. */
import { readFileSync } from 'node:fs';
import { afterEach, expect, it, vi } from 'vitest';
import { parseRecapConfig } from '../config/parse-config.ts';
import { parseDataSchema } from '../data/data-schema.ts';
import { newManifest } from '../runs/manifest.ts';
import { recipeSchemaOf } from '../runs/recipe.ts';
import { NO_FILES, streamOptions } from '../runs/streams.ts';
import { createPlayground } from './clients.ts';
import type { DataProtocol, StreamSpec, TrainingProtocol } from './protocol.ts';
import { serve, WorkerDiedError, type Endpoint } from './rpc.ts';

const read = (file: string): string =>
  readFileSync(new URL(`../../configs/${file}`, import.meta.url), 'utf8');
const ports: MessagePort[] = [];
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

/** The page's end of a worker, and the worker's. */
function worker(): { page: Worker; inside: Endpoint } {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  port1.start();
  port2.start();
  return {
    page: Object.assign(port1, { terminate() {} }) as unknown as Worker,
    inside: port2 as unknown as Endpoint,
  };
}

it('ends the old run before it opens streams: training first, then one for each partition', async () => {
  const config = read('playground.yaml');
  const schema = parseDataSchema(read('playground-segdense.json'));
  const [data, training] = [worker(), worker()];
  const asked: string[] = [];
  const streams: StreamSpec[] = [];
  const never = async (): Promise<never> => {
    throw new Error('not played');
  };
  const layout = {
    continuous: 1,
    binary: 1,
    discrete: 0,
    userEmbedding: 0,
    userEngEmbedding: 0,
    authorEmbedding: 0,
    tasks: [],
  };
  serve<DataProtocol>(data.inside, {
    open: async ({ stream, port }) => {
      // Closed only after the test: its other end is still to be handed to the training worker.
      ports.push(port);
      asked.push('open');
      streams.push(stream);
      return { layout };
    },
    preview: never,
    statistics: never,
    histogram: never,
    exportTfRecords: never,
    profileTable: never,
    makeTable: never,
    tableRows: never,
    predictTable: never,
  });
  const handlers = new Proxy(
    {},
    {
      get: (_target, name) => async () => {
        asked.push(String(name));
        return {};
      },
    },
  );
  serve<TrainingProtocol>(training.inside, handlers as Parameters<typeof serve<TrainingProtocol>>[1]);
  const playground = createPlayground(() => ({ data: data.page, training: training.page }));
  const manifest = newManifest({
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
  await playground.startRun({ manifest, start: { kind: 'fresh' }, files: NO_FILES });
  const partitions = Object.keys(parseRecapConfig(config).config!.validation_data);
  expect(partitions).toContain('train');
  expect(asked).toEqual(['close', 'open', ...partitions.map(() => 'open'), 'prepare']);
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
