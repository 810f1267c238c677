/** Entry of the training worker: the run host behind the training protocol. */
import { MemoryHome } from '../runs/homes/memory-home.ts';
import { openOpfsHome } from '../runs/homes/opfs-home.ts';
import { announceLife } from './life.ts';
import type { PredictProtocol, TrainingProtocol } from './protocol.ts';
import { ownThread, serve, Transfer } from './rpc.ts';
import { RunHost } from './run-host.ts';
import type { RunHome } from './run-host.ts';

type Emit = ReturnType<typeof serve<TrainingProtocol>>;

/** Of one run: in memory one of production's model with its moments holds 577 MB. */
const MAX_CHECKPOINT_BYTES = { memory: 1 << 30, files: 4 * (1 << 30) };

let home: Promise<RunHome> | null = null;

async function openHome(): Promise<RunHome> {
  try {
    return { home: await openOpfsHome(), maxCheckpointBytes: MAX_CHECKPOINT_BYTES.files, lasting: true };
  } catch {
    // A private window: the run lives as long as the page, which says so.
    return { home: new MemoryHome(), maxCheckpointBytes: MAX_CHECKPOINT_BYTES.memory, lasting: false };
  }
}

const host: RunHost = new RunHost(
  (name, payload) => emit(name, payload),
  () => (home ??= openHome()),
);

const done = async (work: Promise<unknown> | void): Promise<null> => {
  await work;
  return null;
};

const emit: Emit = serve<TrainingProtocol>(ownThread, {
  prepare: (params) => host.prepare(params),
  close: () => done(host.close()),
  resume: async () => done(host.run.resume()),
  pause: async () => done(host.run.pause()),
  step: async ({ count }) => done(host.run.step(count)),
  endAt: async ({ steps }) => ({ manifest: await host.run.endAt(steps) }),
  change: async ({ key, value }) => ({ manifest: await host.run.change(key, value) }),
  evaluate: async () => done(host.run.evaluate()),
  restore: async ({ step }) => done(host.run.goBack(step)),
  identify: async ({ hashes }) => ({ manifest: await host.run.identify(hashes) }),
  label: async ({ name, note }) => ({ manifest: await host.run.label(name, note) }),
  predict: async ({ batch, at }) => host.run.predict(batch, at),
  async servePredictions({ port, at }) {
    serve<PredictProtocol>(port, {
      async predict(batch) {
        const { calibrated } = await host.run.predict(batch, at);
        return new Transfer(calibrated, [calibrated.buffer as ArrayBuffer]);
      },
    });
    port.start();
    return null;
  },
  watch: async (watched) => done(host.watch(watched)),
  async export({ kind, at }) {
    const bytes = await host.run.export(kind, at);
    const buffer = bytes.buffer as ArrayBuffer;
    return new Transfer(buffer, [buffer]);
  },
  metrics: async ({ format }) => host.run.metrics(format),
  detach: async ({ reason }) => done(host.detach(reason)),
});
announceLife(self);
