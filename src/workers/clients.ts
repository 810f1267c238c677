/** The page's side of the workers: starts them, wires the data worker to the training worker, and tells when one has died. */
import type { BatchLayout } from '../data/recap-batch.ts';
import type { RunManifest } from '../runs/manifest.ts';
import type { ReadText } from '../runs/recipe-forms.ts';
import type { RunFiles, StreamSection } from '../runs/streams.ts';
import { TRAIN } from '../runs/streams.ts';
import type { DataProtocol, RunInfo, RunStart, StreamRequest, TrainingProtocol } from './protocol.ts';
import type { WorkerEnd } from './rpc.ts';
import { RpcClient, WorkerDiedError } from './rpc.ts';

/** A run to make live: what it is made from, how it begins, and its files. */
export interface RunRequest {
  readonly manifest: RunManifest;
  /** Its configuration, where it was read already. */
  readonly read?: ReadText;
  readonly start: RunStart;
  readonly files: RunFiles;
  /** Those of its configuration's validation_data. */
  readonly partitions: readonly string[];
}

/** Both workers and their wiring. One per page; of no use any more once one of them has died. */
export interface Playground {
  readonly data: RpcClient<DataProtocol>;
  readonly training: RpcClient<TrainingProtocol>;
  /**
   * Ends the run before, opens the training stream and one per validation partition, and prepares the run, paused. Rejects
   * with SupersededError where another one was asked for meanwhile.
   */
  startRun(request: RunRequest): Promise<RunInfo>;
  /** Calls back when a worker has died, however; never after dispose. */
  onDeath(listener: (worker: 'data' | 'training', reason: Error) => void): void;
  dispose(): void;
}

/** A run that was given up for one that was asked for later. */
export class SupersededError extends Error {
  override readonly name = 'SupersededError';
}

/** Values of an example from which one worker may make fewer examples than a graphics card trains on. */
const WIDE = 1024;
/** Together they make more than 300 steps of 128 in a second (bench/RESULTS.md). */
const MOST_HELPERS = 3;

/** Workers beside the data worker that make a training stream: half of the cores that page, trainer and it leave. */
function helpersFor(layout: BatchLayout, cores: number): number {
  const { continuous, binary, discrete, userEmbedding, userEngEmbedding, authorEmbedding } = layout;
  const width = continuous + binary + discrete + userEmbedding + userEngEmbedding + authorEmbedding;
  return width < WIDE ? 0 : Math.min(MOST_HELPERS, Math.max(0, Math.floor((cores - 2) / 2)));
}

export interface PlaygroundParts {
  /** Starts the two workers; tests pass their own. */
  readonly createWorkers?: () => { data: WorkerEnd; training: WorkerEnd };
  /** Starts one more data worker. */
  readonly createHelper?: () => WorkerEnd;
  readonly cores?: number;
}

export function createPlayground({
  createWorkers = startWorkers,
  createHelper = startDataWorker,
  cores = navigator.hardwareConcurrency,
}: PlaygroundParts = {}): Playground {
  const workers = createWorkers();
  const helpers: { readonly worker: WorkerEnd; readonly client: RpcClient<DataProtocol> }[] = [];
  const dataDeaths = new Set<(reason: Error) => unknown>();
  let dataDeath: Error | null = null;
  const data = new RpcClient<DataProtocol>(workers.data);
  const training = new RpcClient<TrainingProtocol>(workers.training);
  let disposed = false;
  /** Runs asked for: of two whose streams open side by side, the one asked for last is the worker's, however long each takes. */
  let starts = 0;
  // The trainer would wait for ever for batches that nobody makes any more.
  const onDataDeath = (reason: Error): void => {
    if (dataDeath) return;
    dataDeath = reason;
    training.call('detach', { reason: `The data worker stopped. ${reason.message}` }).catch(() => {});
    for (const listener of dataDeaths) listener(reason);
  };
  data.onDeath(onDataDeath);

  async function open(stream: StreamRequest, client = data) {
    const { port1, port2 } = new MessageChannel();
    const opened = await client.call('open', { stream, port: port1 }, { transfer: [port1] });
    return { ...opened, port: port2 };
  }

  /** The training stream, made by as many workers as it is worth. */
  async function openTraining(stream: StreamRequest) {
    const { layout, shareable, port } = await open(stream);
    const count = shareable ? helpersFor(layout, cores) : 0;
    while (helpers.length < count) {
      const worker = createHelper();
      const client = new RpcClient<DataProtocol>(worker);
      client.onDeath(onDataDeath);
      helpers.push({ worker, client });
    }
    const others = await Promise.all(helpers.slice(0, count).map(({ client }) => open(stream, client)));
    return { layout, ports: [port, ...others.map((other) => other.port)] };
  }

  return {
    data,
    training,
    async startRun({ manifest, read, start, files, partitions }) {
      const asked = ++starts;
      // The first finds nothing to end, and need not wait until the training worker has loaded.
      if (asked > 1) await training.call('close', null);
      const { recipe } = manifest;
      const stream = (section: StreamSection): StreamRequest => ({
        recipe,
        section,
        files,
        ...(read && { read }),
      });
      const [train, validation] = await Promise.all([
        openTraining(stream(TRAIN)),
        Promise.all(
          partitions.map(async (partition) => ({
            partition,
            port: (await open(stream({ kind: 'partition', partition }))).port,
          })),
        ),
      ]);
      if (asked !== starts) {
        for (const port of [...train.ports, ...validation.map((opened) => opened.port)]) port.close();
        throw new SupersededError('Another run was begun before this one was.');
      }
      const bytes = 'bytes' in start ? [start.bytes] : [];
      return training.call(
        'prepare',
        { manifest, ...(read && { read }), start, layout: train.layout, train: train.ports, validation },
        { transfer: [...train.ports, ...validation.map(({ port }) => port), ...bytes] },
      );
    },
    onDeath(listener) {
      const tell = (reason: Error) => disposed || listener('data', reason);
      if (dataDeath) tell(dataDeath);
      else dataDeaths.add(tell);
      training.onDeath((reason) => disposed || listener('training', reason));
    },
    dispose() {
      disposed = true;
      const reason = new WorkerDiedError('The page closed its workers.');
      data.die(reason);
      training.die(reason);
      workers.data.terminate();
      for (const { worker, client } of helpers) {
        client.die(reason);
        worker.terminate();
      }
      workers.training.terminate();
    },
  };
}

const startDataWorker = (): WorkerEnd =>
  new Worker(new URL('./data-worker.ts', import.meta.url), { type: 'module', name: 'data' });

function startWorkers(): { data: WorkerEnd; training: WorkerEnd } {
  return {
    data: startDataWorker(),
    training: new Worker(new URL('./training-worker.ts', import.meta.url), {
      type: 'module',
      name: 'training',
    }),
  };
}
