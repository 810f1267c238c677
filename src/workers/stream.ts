/** Batches across a MessagePort by pull: the consumer asks, the producer answers, nothing piles up in between. */
import type { BatchLayout, RecapBatch } from '../data/recap-batch.ts';
import { transferables } from '../data/recap-batch.ts';
import type { StreamPosition } from '../data/stream-position.ts';
import type { TrainingSource } from '../training/training-source.ts';
import type { StreamProtocol } from './protocol.ts';
import { RpcClient, serve, Transfer, WorkerDiedError } from './rpc.ts';

/** Answers pulls on `port` from `source` until the consumer closes; disposes the source then. */
export function serveStream(port: MessagePort, source: TrainingSource, onClose: () => void = () => {}): void {
  serve<StreamProtocol>(port, {
    async next() {
      const batch = await source.next();
      return batch ? new Transfer(batch, transferables(batch)) : null;
    },
    async seek({ at }) {
      await source.seek(at);
      return null;
    },
    async take({ at, skip }) {
      let from: StreamPosition | null = at;
      for (let left = skip; left > 0; left--) {
        from = source.ahead?.(from) ?? null;
        if (from === null) throw new RangeError('This data tells no position ahead of its batches.');
      }
      // Both queue up in this turn: takes may overlap.
      const [, batch] = await Promise.all([source.seek(from), source.next()]);
      return new Transfer({ from, batch }, batch ? transferables(batch) : []);
    },
    async close() {
      source.dispose();
      onClose();
      return null;
    },
  });
  port.start();
}

/** Batches asked for ahead of the trainer: one in hand while the next is being made. */
const PREFETCH = 2;

/** A stream whose other end may go away. */
export interface PortSource extends TrainingSource {
  /** The other end is gone: what waits for a batch fails with the reason, and so does what comes later. */
  fail(reason: string): void;
}

/**
 * The consuming end of a stream: a source whose batches come through `port`. Keeps PREFETCH pulls under way, so the
 * producer works while the consumer trains.
 */
export function portSource(port: MessagePort, layout: BatchLayout): PortSource {
  const client = new RpcClient<StreamProtocol>(port);
  port.start();
  const pending: Promise<RecapBatch | null>[] = [];
  let closed = false;

  const pull = (): Promise<RecapBatch | null> => {
    const next = client.call('next', null);
    // An error belongs to the pull that awaits it; unhandled until then, it must not stop the worker.
    next.catch(() => {});
    return next;
  };
  return {
    layout,
    async next() {
      if (closed) return null;
      while (pending.length < PREFETCH) pending.push(pull());
      return (await pending.shift()) ?? null;
    },
    async seek(at) {
      // Requests are answered in their order: batches pulled before it are those of the old place.
      const dropped = pending.splice(0);
      await client.call('seek', { at });
      await Promise.allSettled(dropped);
    },
    fail(reason) {
      client.die(new WorkerDiedError(reason));
      port.close();
    },
    dispose() {
      if (closed) return;
      closed = true;
      client.call('close', null).then(
        () => port.close(),
        () => port.close(),
      );
    },
  };
}
