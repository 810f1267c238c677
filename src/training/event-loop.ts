/** Letting messages through: a long loop of promises that are ready starves a worker's event loop. */

/** Resolves in a new task, after the messages and timers that wait now. No 4 ms clamp, unlike setTimeout. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** Gives way at most every `intervalMs`, so that short steps do not pay for it each time. */
export class Breather {
  #last = performance.now();
  readonly #intervalMs: number;

  constructor(intervalMs = 8) {
    this.#intervalMs = intervalMs;
  }

  async breathe(): Promise<void> {
    if (performance.now() - this.#last < this.#intervalMs) return;
    await nextTask();
    this.#last = performance.now();
  }
}
