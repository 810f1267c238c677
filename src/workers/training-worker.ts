/** Entry of the training worker: the run host behind the training protocol. */
import type { TrainingProtocol } from './protocol.ts';
import type { Endpoint } from './rpc.ts';
import { serve, Transfer } from './rpc.ts';
import { RunHost } from './run-host.ts';

type Emit = ReturnType<typeof serve<TrainingProtocol>>;

const host: RunHost = new RunHost((name, payload) => emit(name, payload));

const emit: Emit = serve<TrainingProtocol>(self as unknown as Endpoint, {
  prepare: (params) => host.prepare(params),
  async resume() {
    host.resume();
    return null;
  },
  async pause() {
    await host.pause();
    return null;
  },
  async step({ count }) {
    host.step(count);
    return null;
  },
  async stop() {
    await host.stop();
    return null;
  },
  async restore({ step }) {
    await host.restore(step);
    return null;
  },
  predict: ({ batch, at }) => host.predict(batch, at),
  async watch(watch) {
    host.watch(watch);
    return null;
  },
  async export({ kind, at }) {
    const bytes = await host.export(kind, at);
    const buffer = bytes.buffer as ArrayBuffer;
    return new Transfer(buffer, [buffer]);
  },
  import: ({ bytes }) => host.import(new Uint8Array(bytes)),
});
