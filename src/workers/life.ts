/**
 * Whether a worker lives. A worker that is terminated, or whose process ends, tells nobody, and one that computes for
 * long answers nothing: so each holds a lock for as long as it lives, and whoever gets that lock knows.
 */
import { setLocale } from '../config/number-text.ts';

/** Said once by a worker: the name of the lock it holds, or why it is of no use any more. */
export type LifeMessage =
  { readonly type: 'alive'; readonly lock: string } | { readonly type: 'crashed'; readonly message: string };

interface WorkerScope {
  postMessage(message: unknown): void;
  addEventListener(type: string, listener: (event: Event) => void): void;
}

/** In a worker's entry: takes its lock, tells of errors that nobody caught, and writes numbers as the page does. */
export function announceLife(scope: WorkerScope): void {
  setLocale(globalThis.navigator.languages);
  scope.addEventListener('unhandledrejection', (event) => {
    const { reason } = event as PromiseRejectionEvent;
    const message = reason instanceof Error ? reason.message : String(reason);
    scope.postMessage({ type: 'crashed', message } satisfies LifeMessage);
  });
  const lock = `worker-${globalThis.crypto.randomUUID()}`;
  void globalThis.navigator.locks?.request(lock, () => {
    scope.postMessage({ type: 'alive', lock } satisfies LifeMessage);
    return new Promise<never>(() => {});
  });
}

/** Whether a worker's message is about its life. */
export function isLifeMessage(data: unknown): data is LifeMessage {
  const type = (data as { type?: unknown } | null)?.type;
  return type === 'alive' || type === 'crashed';
}

/** Calls back once when the worker that holds the lock is gone. */
export function onceGone(lock: string, gone: () => void, signal: AbortSignal): void {
  globalThis.navigator.locks
    ?.request(lock, { signal }, () => gone())
    .catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
}
