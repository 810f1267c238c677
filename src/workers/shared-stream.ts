/**
 * One stream that several data workers make: each is told where its batch begins, found ahead without making the batches
 * before it. The batches come in order, and every one begins where the one before it ended, or is made again from there: it
 * is the stream of one worker to the last bit, and its positions are the same.
 */
import type { BatchLayout, RecapBatch } from '../data/recap-batch.ts';
import type { StreamPosition } from '../data/stream-position.ts';
import type { StreamProtocol, TakenBatch } from './protocol.ts';
import { RpcClient, WorkerDiedError } from './rpc.ts';
import type { PortSource } from './stream.ts';

/** Batches asked of each worker: one being made, one to begin with at once. */
const AHEAD_EACH = 2;

interface Maker {
  readonly port: MessagePort;
  readonly client: RpcClient<StreamProtocol>;
  asked: number;
}

const samePlace = (a: StreamPosition | null, b: StreamPosition | null): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

/** @param ports of the same stream, opened in as many workers; all of them can tell positions ahead. */
export function sharedSource(ports: readonly MessagePort[], layout: BatchLayout): PortSource {
  const makers = ports.map((port): Maker => {
    port.start();
    return { port, client: new RpcClient<StreamProtocol>(port), asked: 0 };
  });
  const [first] = makers;
  if (!first) throw new RangeError('A stream needs a worker that makes it.');
  /** Batches under way, in order; the first begins at `place`. */
  let coming: Promise<TakenBatch>[] = [];
  let place: StreamPosition | null = null;
  let tail: Promise<unknown> = Promise.resolve();
  let closed = false;

  function ask(): void {
    const maker = makers.reduce((least, each) => (each.asked < least.asked ? each : least));
    maker.asked++;
    const taken = maker.client.call('take', { at: place, skip: coming.length });
    // An error belongs to the pull that awaits it; unhandled until then, it must not stop the worker.
    taken.then(
      () => maker.asked--,
      () => maker.asked--,
    );
    coming.push(taken);
  }

  async function drop(): Promise<void> {
    await Promise.allSettled(coming.splice(0));
  }

  async function take(): Promise<RecapBatch | null> {
    while (!closed) {
      while (coming.length < AHEAD_EACH * makers.length) ask();
      const taken = await coming.shift();
      if (!taken || closed) return null;
      if (!samePlace(taken.from, place)) {
        // The one before ended elsewhere than was foreseen.
        await drop();
        continue;
      }
      place = taken.batch?.position ?? place;
      return taken.batch;
    }
    return null;
  }

  /** In the order of the calls. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = tail.then(work);
    tail = done.catch(() => {});
    return done;
  }

  return {
    layout,
    next: () => inTurn(take),
    seek: (at) =>
      inTurn(async () => {
        await drop();
        // Says whether the data has such a place.
        await first.client.call('seek', { at });
        place = at;
      }),
    fail(reason) {
      for (const { client, port } of makers) {
        client.die(new WorkerDiedError(reason));
        port.close();
      }
    },
    dispose() {
      if (closed) return;
      closed = true;
      for (const { client, port } of makers) {
        const close = () => port.close();
        client.call('close', null).then(close, close);
      }
    },
  };
}
