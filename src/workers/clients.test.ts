/** What the page asks of its workers to start a run, against workers that the test plays. */
import { readFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { parseRecapConfig } from '../config/parse-config.ts';
import { parseDataSchema } from '../data/data-schema.ts';
import { createPlayground } from './clients.ts';
import type { DataProtocol, RunInfo, StreamSpec, TrainingProtocol } from './protocol.ts';
import { serve, type Endpoint } from './rpc.ts';

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

it('opens training and the partition called train on training data, the others on held-out data, all with the masks', async () => {
  const config = parseRecapConfig(read('playground.yaml')).config!;
  const schema = parseDataSchema(read('playground-segdense.json'));
  const [data, training] = [worker(), worker()];
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
      streams.push(stream);
      return { layout };
    },
    preview: never,
    statistics: never,
    histogram: never,
    exportTfRecords: never,
  });
  const handlers = new Proxy(
    {},
    { get: (_target, name) => (name === 'prepare' ? async () => ({}) as RunInfo : never) },
  );
  serve<TrainingProtocol>(training.inside, handlers as Parameters<typeof serve<TrainingProtocol>>[1]);
  const playground = createPlayground(() => ({ data: data.page, training: training.page }));
  await playground.startRun({
    config,
    configText: '',
    schema,
    source: { kind: 'files', seed: 1, files: [] },
    masks: new Map([['keep.npy', Int32Array.of(0, 2)]]),
    examples: null,
    seed: 1,
    engine: 'auto',
    halfWeights: false,
    weights: null,
  });
  const partitions = ['training', ...Object.keys(config.validation_data)];
  expect(partitions).toContain('train');
  expect(streams.map(({ split }) => split)).toEqual(
    partitions.map((name) => (name === 'training' || name === 'train' ? 'train' : 'validation')),
  );
  for (const { masks } of streams) expect(masks?.get('keep.npy')).toEqual(Int32Array.of(0, 2));
});
