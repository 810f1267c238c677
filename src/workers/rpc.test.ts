import { describe, expect, it } from 'vitest';
import type { BatchLayout, RecapBatch } from '../data/recap-batch.ts';
import { RpcClient, serve, Transfer, WorkerDiedError } from './rpc.ts';
import type { TrainingSource } from '../training/training-source.ts';
import { portSource, serveStream } from './stream.ts';

interface TestProtocol {
  requests: {
    double: { params: number; result: number };
    fail: { params: null; result: null };
    wait: { params: null; result: null };
    bytes: { params: null; result: ArrayBuffer };
  };
  events: { tick: number };
}

class TensorError extends Error {
  override readonly name = 'TensorError';
  readonly code = 'missing';
}

function pair(): { client: RpcClient<TestProtocol>; emit: (n: number) => void; aborted: () => boolean } {
  const { port1, port2 } = new MessageChannel();
  let aborted = false;
  const emit = serve<TestProtocol>(port2, {
    double: async (n) => n * 2,
    fail: async () => {
      throw new TensorError('no tensor x', { cause: new RangeError('inner') });
    },
    wait: (_params, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          aborted = true;
          reject(signal.reason as Error);
        });
      }),
    bytes: async () => {
      const buffer = new ArrayBuffer(8);
      return new Transfer(buffer, [buffer]);
    },
  });
  port2.start();
  port1.start();
  return {
    client: new RpcClient<TestProtocol>(port1),
    emit: (n) => emit('tick', n),
    aborted: () => aborted,
  };
}

describe('rpc', () => {
  it('answers concurrent calls each with its own result', async () => {
    const { client } = pair();
    const results = await Promise.all([1, 2, 3].map((n) => client.call('double', n)));
    expect(results).toEqual([2, 4, 6]);
  });

  it('keeps class name, message, code and cause of an error', async () => {
    const { client } = pair();
    await expect(client.call('fail', null)).rejects.toMatchObject({
      name: 'TensorError',
      message: 'no tensor x',
      code: 'missing',
      cause: { name: 'RangeError', message: 'inner' },
    });
  });

  it('rejects at once on abort and tells the worker', async () => {
    const { client, aborted } = pair();
    const controller = new AbortController();
    const call = client.call('wait', null, { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
    expect(await client.call('double', 4)).toBe(8);
    expect(aborted()).toBe(true);
  });

  it('rejects pending and later calls when the worker dies', async () => {
    const { client } = pair();
    const call = client.call('wait', null);
    client.die(new WorkerDiedError('The worker stopped.'));
    await expect(call).rejects.toBeInstanceOf(WorkerDiedError);
    await expect(client.call('double', 1)).rejects.toBeInstanceOf(WorkerDiedError);
  });

  it('transfers results and delivers events until removed', async () => {
    const { client, emit } = pair();
    const seen: number[] = [];
    const off = client.on('tick', (n) => seen.push(n));
    emit(1);
    expect((await client.call('bytes', null)).byteLength).toBe(8);
    off();
    emit(2);
    await client.call('double', 1);
    expect(seen).toEqual([1]);
  });
});

describe('streams', () => {
  const layout: BatchLayout = {
    continuous: 1,
    binary: 0,
    discrete: 0,
    userEmbedding: 0,
    userEngEmbedding: 0,
    authorEmbedding: 0,
    tasks: ['a'],
  };
  const batch = (value: number): RecapBatch => ({
    size: 1,
    continuous: Float32Array.of(value),
    binary: new Float32Array(0),
    discrete: new Float32Array(0),
    userEmbedding: new Float32Array(0),
    userEngEmbedding: new Float32Array(0),
    authorEmbedding: new Float32Array(0),
    labels: Float32Array.of(0),
    weights: null,
  });

  it('delivers batches in order, ends with null, never runs far ahead, disposes on close', async () => {
    let made = 0;
    let disposed = false;
    const source: TrainingSource = {
      layout,
      seek: async () => {},
      next: async () => (made < 50 ? batch(made++) : null),
      dispose: () => {
        disposed = true;
      },
    };
    const { port1, port2 } = new MessageChannel();
    const closed = new Promise<void>((resolve) => {
      serveStream(port2, source, resolve);
    });
    const consumer = portSource(port1, layout);
    for (let i = 0; i < 10; i++) expect((await consumer.next())?.continuous[0]).toBe(i);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(made).toBeLessThanOrEqual(12);
    for (let i = 10; i < 50; i++) expect((await consumer.next())?.continuous[0]).toBe(i);
    expect(await consumer.next()).toBeNull();
    consumer.dispose();
    await closed;
    expect(disposed).toBe(true);
  });

  it('hands a source error to the pull that meets it', async () => {
    let calls = 0;
    const source: TrainingSource = {
      layout,
      seek: async () => {},
      next: async () => {
        if (calls++ === 1) throw new RangeError('record 1 is cut');
        return batch(0);
      },
      dispose: () => {},
    };
    const { port1, port2 } = new MessageChannel();
    serveStream(port2, source);
    const consumer = portSource(port1, layout);
    expect(await consumer.next()).not.toBeNull();
    await expect(consumer.next()).rejects.toThrow('record 1 is cut');
    consumer.dispose();
  });

  it('goes on where it is sought, whatever was pulled ahead', async () => {
    let at = 0;
    const source: TrainingSource = {
      layout,
      next: async () => batch(at++),
      seek: async (to) => {
        at = to?.kind === 'uniform' ? to.used : 0;
      },
      dispose: () => {},
    };
    const { port1, port2 } = new MessageChannel();
    serveStream(port2, source);
    const consumer = portSource(port1, layout);
    for (let i = 0; i < 3; i++) expect((await consumer.next())?.continuous[0]).toBe(i);
    await consumer.seek({ kind: 'uniform', used: 20, random: [1, 2, 3, 4] });
    for (let i = 20; i < 23; i++) expect((await consumer.next())?.continuous[0]).toBe(i);
    await consumer.seek(null);
    expect((await consumer.next())?.continuous[0]).toBe(0);
    consumer.dispose();
  });

  it('fails what waits, and what comes later, when its other end is gone', async () => {
    const { port1, port2 } = new MessageChannel();
    const source: TrainingSource = {
      layout,
      next: () => new Promise(() => {}),
      seek: async () => {},
      dispose: () => {},
    };
    serveStream(port2, source);
    const consumer = portSource(port1, layout);
    const waiting = consumer.next();
    consumer.fail('the data worker stopped');
    await expect(waiting).rejects.toThrow('the data worker stopped');
    await expect(consumer.next()).rejects.toThrow('the data worker stopped');
    port2.close();
  });
});
