/** The page's side of the workers: starts them, wires the data worker to the training worker, and tells when one has died. */
import type { RunManifest } from '../runs/manifest.ts';
import { openRecipe } from '../runs/recipe.ts';
import type { RunFiles, StreamSection } from '../runs/streams.ts';
import { TRAIN } from '../runs/streams.ts';
import type { DataProtocol, RunInfo, RunStart, StreamSpec, TrainingProtocol } from './protocol.ts';
import type { Endpoint } from './rpc.ts';
import { RpcClient, WorkerDiedError } from './rpc.ts';

/** A run to make live: what it is made from, how it begins, and its files. */
export interface RunRequest {
  readonly manifest: RunManifest;
  readonly start: RunStart;
  readonly files: RunFiles;
}

/** Both workers and their wiring. One per page; of no use any more once one of them has died. */
export interface Playground {
  readonly data: RpcClient<DataProtocol>;
  readonly training: RpcClient<TrainingProtocol>;
  /** Ends the run before, opens the training stream and one per validation partition, and prepares the run, paused. */
  startRun(request: RunRequest): Promise<RunInfo>;
  /** Calls back when a worker has died, however; never after dispose. */
  onDeath(listener: (worker: 'data' | 'training', reason: Error) => void): void;
  dispose(): void;
}

/** @param createWorkers starts the two workers; tests pass their own. */
export function createPlayground(
  createWorkers: () => { data: Worker; training: Worker } = startWorkers,
): Playground {
  const workers = createWorkers();
  const data = new RpcClient<DataProtocol>(workers.data as unknown as Endpoint);
  const training = new RpcClient<TrainingProtocol>(workers.training as unknown as Endpoint);
  let disposed = false;
  // The trainer would wait for ever for batches that nobody makes any more.
  data.onDeath(({ message }) => {
    training.call('detach', { reason: `The data worker stopped. ${message}` }).catch(() => {});
  });

  async function open(stream: StreamSpec) {
    const { port1, port2 } = new MessageChannel();
    const { layout } = await data.call('open', { stream, port: port1 }, { transfer: [port1] });
    return { layout, port: port2 };
  }

  return {
    data,
    training,
    async startRun({ manifest, start, files }) {
      await training.call('close', null);
      const { recipe } = manifest;
      const stream = (section: StreamSection): StreamSpec => ({ recipe, section, files });
      const train = await open(stream(TRAIN));
      const validation: { partition: string; port: MessagePort }[] = [];
      for (const partition of Object.keys(openRecipe(recipe).config.validation_data)) {
        validation.push({ partition, port: (await open(stream({ kind: 'partition', partition }))).port });
      }
      const bytes = 'bytes' in start ? [start.bytes] : [];
      return training.call(
        'prepare',
        { manifest, start, layout: train.layout, train: train.port, validation },
        { transfer: [train.port, ...validation.map(({ port }) => port), ...bytes] },
      );
    },
    onDeath(listener) {
      data.onDeath((reason) => disposed || listener('data', reason));
      training.onDeath((reason) => disposed || listener('training', reason));
    },
    dispose() {
      disposed = true;
      const reason = new WorkerDiedError('The page closed its workers.');
      data.die(reason);
      training.die(reason);
      workers.data.terminate();
      workers.training.terminate();
    },
  };
}

function startWorkers(): { data: Worker; training: Worker } {
  return {
    data: new Worker(new URL('./data-worker.ts', import.meta.url), { type: 'module', name: 'data' }),
    training: new Worker(new URL('./training-worker.ts', import.meta.url), {
      type: 'module',
      name: 'training',
    }),
  };
}
