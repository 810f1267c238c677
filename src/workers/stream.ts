/** Batches across a MessagePort by pull: the consumer asks, the producer answers, nothing piles up in between. */
import type { BatchLayout, BatchSource, RecapBatch } from '../data/recap-batch.ts';
import { transferables } from '../data/recap-batch.ts';
import type { StreamProtocol } from './protocol.ts';
import { RpcClient, serve, Transfer } from './rpc.ts';

/** Answers pulls on `port` from `source` until the consumer closes; disposes the source then. */
export function serveStream(port: MessagePort, source: BatchSource, onClose: () => void = () => {}): void {
  serve<StreamProtocol>(port, {
    async next() {
      const batch = await source.next();
      return batch ? new Transfer(batch, transferables(batch)) : null;
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

/**
 * The consuming end of a stream: a BatchSource whose batches come through `port`. Keeps PREFETCH pulls under way, so
 * the producer works while the consumer trains.
 */
export function portSource(port: MessagePort, layout: BatchLayout): BatchSource {
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
