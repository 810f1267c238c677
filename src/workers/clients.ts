/** The page's side of the workers: starts them, wires the data worker to the training worker, restarts what has died. */
import type { RecapConfig, DataConfig } from '../config/recap-config.ts';
import type { DataSchema } from '../data/data-schema.ts';
import type { MaskFiles } from '../data/mask-files.ts';
import type {
  DataProtocol,
  DataSource,
  EngineChoice,
  RunInfo,
  StreamSpec,
  TrainingProtocol,
} from './protocol.ts';
import type { Endpoint } from './rpc.ts';
import { RpcClient, WorkerDiedError } from './rpc.ts';

export interface StartSpec {
  readonly config: RecapConfig;
  readonly configText: string;
  readonly schema: DataSchema;
  readonly source: DataSource;
  /** Mask files by name, for the data sections that name one. */
  readonly masks: MaskFiles;
  /** Examples of the training stream; null for no end. */
  readonly examples: number | null;
  readonly seed: number;
  readonly engine: EngineChoice;
  readonly halfWeights: boolean;
  readonly weights: ArrayBuffer | null;
}

/** Both workers and their wiring. One per page. */
export interface Playground {
  readonly data: RpcClient<DataProtocol>;
  readonly training: RpcClient<TrainingProtocol>;
  /** Opens the training stream and one stream per validation partition, and prepares a run paused at step 0. */
  startRun(spec: StartSpec): Promise<RunInfo>;
  dispose(): void;
}

/** @param createWorkers starts the two workers; tests pass their own. */
export function createPlayground(
  createWorkers: () => { data: Worker; training: Worker } = startWorkers,
): Playground {
  const workers = createWorkers();
  const data = new RpcClient<DataProtocol>(workers.data as unknown as Endpoint);
  const training = new RpcClient<TrainingProtocol>(workers.training as unknown as Endpoint);

  async function open(stream: StreamSpec) {
    const { port1, port2 } = new MessageChannel();
    const { layout } = await data.call('open', { stream, port: port1 }, { transfer: [port1] });
    return { layout, port: port2 };
  }

  return {
    data,
    training,
    async startRun(spec) {
      const { config, schema, source, masks, examples } = spec;
      const tasks = Object.keys(config.model.tasks);
      const stream = (dataConfig: DataConfig, split: StreamSpec['split']): StreamSpec => ({
        source,
        data: dataConfig,
        schema,
        tasks,
        masks,
        split,
        examples: split === 'train' ? examples : null,
      });
      const train = await open(stream(config.train_data, 'train'));
      const validation: { partition: string; port: MessagePort }[] = [];
      for (const [partition, dataConfig] of Object.entries(config.validation_data)) {
        // The partition called train looks at the training examples themselves, to show what was only memorised.
        const split = partition === 'train' ? 'train' : 'validation';
        validation.push({ partition, port: (await open(stream(dataConfig, split))).port });
      }
      return training.call(
        'prepare',
        {
          run: {
            config,
            configText: spec.configText,
            layout: train.layout,
            seed: spec.seed,
            engine: spec.engine,
            halfWeights: spec.halfWeights,
            weights: spec.weights,
          },
          train: train.port,
          validation,
        },
        { transfer: [train.port, ...validation.map(({ port }) => port)] },
      );
    },
    dispose() {
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
