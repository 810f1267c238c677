/**
 * Runs before the page's own code is read: the worker of the first ranking loads while the browser reads that. A script
 * of its own, which imports nothing: for what it shared with the page it would wait.
 */

declare global {
  var headStart: { readonly start: () => Worker; worker: Worker | null } | undefined;
}

/** Starts the worker that predicts with pretrained weights. */
const start = (): Worker =>
  new Worker(new URL('../src/workers/pretrained-worker.ts', import.meta.url), {
    type: 'module',
    name: 'pretrained',
  });

globalThis.headStart = { start, worker: start() };

export {};
