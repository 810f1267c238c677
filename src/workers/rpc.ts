/**
 * Typed request/response over postMessage, with events and cancellation. A dead worker rejects every pending call, and
 * an error keeps its class name, code and stack on the way across.
 */
import type { SerializedError } from './errors.ts';
import { deserializeError, serializeError } from './errors.ts';
import { isLifeMessage, onceGone } from './life.ts';
import type { LifeMessage } from './life.ts';

/** What a protocol declares: each request's parameters and result, and each event's payload. */
export interface Protocol {
  requests: Record<string, { params: unknown; result: unknown }>;
  events: Record<string, unknown>;
}

type RequestName<P extends Protocol> = keyof P['requests'] & string;
type EventName<P extends Protocol> = keyof P['events'] & string;

type ToWorker =
  | { readonly type: 'request'; readonly id: number; readonly name: string; readonly params: unknown }
  | { readonly type: 'cancel'; readonly id: number };

type FromWorker =
  | { readonly type: 'result'; readonly id: number; readonly result: unknown }
  | { readonly type: 'error'; readonly id: number; readonly error: SerializedError }
  | { readonly type: 'event'; readonly name: string; readonly payload: unknown };

/** The part of Worker and MessagePort that messages need; MessagePort and Node's worker fit too. */
export interface Endpoint {
  postMessage(message: unknown, transfer?: Transferable[]): void;
  addEventListener(type: string, listener: (event: Event) => void): void;
  removeEventListener(type: string, listener: (event: Event) => void): void;
}

/** A worker, or what a test plays for one. */
export interface WorkerEnd extends Endpoint {
  terminate(): void;
}

/** In a worker's entry: its own end. */
export const ownThread: Endpoint = {
  postMessage: (message, transfer = []) => globalThis.postMessage(message, { transfer }),
  addEventListener: (type, listener) => globalThis.addEventListener(type, listener),
  removeEventListener: (type, listener) => globalThis.removeEventListener(type, listener),
};

export interface CallOptions {
  readonly transfer?: Transferable[];
  /** Aborting asks the worker to cancel; the call rejects with the signal's reason at once. */
  readonly signal?: AbortSignal;
}

/** Raised by every pending and later call once the worker has died or was terminated. */
export class WorkerDiedError extends Error {
  override readonly name = 'WorkerDiedError';
}

interface Pending {
  resolve(value: unknown): void;
  reject(reason: unknown): void;
}

export class RpcClient<P extends Protocol> {
  private readonly pending = new Map<number, Pending>();
  private readonly listeners = new Map<string, Set<(payload: unknown) => void>>();
  private readonly mourners = new Set<(reason: WorkerDiedError) => void>();
  private readonly living = new AbortController();
  private nextId = 1;
  private dead: WorkerDiedError | null = null;

  constructor(private readonly endpoint: Endpoint) {
    endpoint.addEventListener('message', (event) => {
      const { data } = event as MessageEvent<FromWorker | LifeMessage>;
      if (!isLifeMessage(data)) this.receive(data);
      else if (data.type === 'crashed') this.die(new WorkerDiedError(`The worker failed: ${data.message}`));
      else
        onceGone(data.lock, () => this.die(new WorkerDiedError('The worker was ended.')), this.living.signal);
    });
    endpoint.addEventListener('error', (event) => {
      const reason = (event as ErrorEvent).message;
      this.die(new WorkerDiedError(`The worker stopped${reason ? `: ${reason}` : ' while loading'}.`));
    });
    endpoint.addEventListener('messageerror', () => {
      this.die(new WorkerDiedError('The worker sent a message that could not be read.'));
    });
  }

  /** @throws whatever the handler threw, with its class name and code; WorkerDiedError when the worker is gone. */
  call<N extends RequestName<P>>(
    name: N,
    params: P['requests'][N]['params'],
    options: CallOptions = {},
  ): Promise<P['requests'][N]['result']> {
    if (this.dead) return Promise.reject(this.dead);
    const id = this.nextId++;
    const { signal } = options;
    return new Promise<unknown>((resolve, reject) => {
      const abort = (): void => {
        this.pending.delete(id);
        this.endpoint.postMessage({ type: 'cancel', id } satisfies ToWorker);
        reject(signal?.reason as Error);
      };
      if (signal?.aborted) {
        reject(signal.reason as Error);
        return;
      }
      signal?.addEventListener('abort', abort, { once: true });
      const settle =
        <T>(finish: (value: T) => void) =>
        (value: T): void => {
          signal?.removeEventListener('abort', abort);
          finish(value);
        };
      this.pending.set(id, { resolve: settle(resolve), reject: settle(reject) });
      this.endpoint.postMessage({ type: 'request', id, name, params } satisfies ToWorker, options.transfer);
    });
  }

  /** @returns a function that removes the listener. */
  on<N extends EventName<P>>(name: N, listener: (payload: P['events'][N]) => void): () => void {
    const set = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, set);
    const untyped = listener as (payload: unknown) => void;
    set.add(untyped);
    return () => set.delete(untyped);
  }

  /** Calls back once when the worker has died, by itself or because its owner said so. */
  onDeath(mourner: (reason: WorkerDiedError) => void): void {
    if (this.dead) mourner(this.dead);
    else this.mourners.add(mourner);
  }

  /** Rejects everything pending and refuses later calls. Does not terminate the worker: its owner does. */
  die(reason: WorkerDiedError): void {
    this.living.abort();
    this.dead ??= reason;
    for (const call of this.pending.values()) call.reject(this.dead);
    this.pending.clear();
    const mourners = [...this.mourners];
    this.mourners.clear();
    for (const mourner of mourners) mourner(this.dead);
  }

  private receive(message: FromWorker): void {
    if (message.type === 'event') {
      for (const listener of this.listeners.get(message.name) ?? []) listener(message.payload);
      return;
    }
    const call = this.pending.get(message.id);
    this.pending.delete(message.id);
    if (message.type === 'result') call?.resolve(message.result);
    else call?.reject(deserializeError(message.error));
  }
}

/** A handler's result together with the buffers to transfer with it. */
export class Transfer<T> {
  constructor(
    readonly value: T,
    readonly buffers: Transferable[],
  ) {}
}

export type Handlers<P extends Protocol> = {
  [N in RequestName<P>]: (
    params: P['requests'][N]['params'],
    signal: AbortSignal,
  ) => Promise<P['requests'][N]['result'] | Transfer<P['requests'][N]['result']>>;
};

/** Answers requests on `endpoint`; returns the function that emits events. */
export function serve<P extends Protocol>(
  endpoint: Endpoint,
  handlers: Handlers<P>,
): <N extends EventName<P>>(name: N, payload: P['events'][N], transfer?: Transferable[]) => void {
  const running = new Map<number, AbortController>();

  async function answer(id: number, name: string, params: unknown): Promise<void> {
    const controller = new AbortController();
    running.set(id, controller);
    try {
      const handler = handlers[name as RequestName<P>];
      if (!handler) throw new Error(`The worker knows no request '${name}'.`);
      const outcome = await handler(params as never, controller.signal);
      const [result, buffers] =
        outcome instanceof Transfer ? [outcome.value, outcome.buffers] : [outcome, []];
      endpoint.postMessage({ type: 'result', id, result } satisfies FromWorker, buffers);
    } catch (error) {
      endpoint.postMessage({ type: 'error', id, error: serializeError(error) } satisfies FromWorker);
    } finally {
      running.delete(id);
    }
  }

  endpoint.addEventListener('message', (event) => {
    const message = (event as MessageEvent<ToWorker>).data;
    if (message.type === 'request') void answer(message.id, message.name, message.params);
    else if (message.type === 'cancel') {
      running.get(message.id)?.abort(new DOMException('Cancelled.', 'AbortError'));
    }
  });
  return (name, payload, transfer = []) => {
    endpoint.postMessage({ type: 'event', name, payload } satisfies FromWorker, transfer);
  };
}
