/** Gathers calls and runs them once a frame, at most every `interval` ms; in a hidden tab, where no frames come, by timer. */
import { CADENCE } from '../cadence.ts';

export interface Clock {
  now(): number;
  /** Runs `callback` at the next frame, or soon where there are no frames. */
  frame(callback: () => void): void;
  after(ms: number, callback: () => void): void;
}

export const pageClock: Clock = {
  now: () => performance.now(),
  frame(callback) {
    // Behind the frame, not in it: a frame is one task with the layout and painting of what changed.
    if (globalThis.document?.hidden === false) requestAnimationFrame(() => setTimeout(callback));
    else setTimeout(callback, CADENCE.hidden);
  },
  after: (ms, callback) => {
    setTimeout(callback, ms);
  },
};

/** @returns a function that asks for `work` to run soon; several asks before it runs are one. */
export function oncePerFrame(work: () => void, interval: number, clock: Clock = pageClock): () => void {
  let asked = false;
  let last = -Infinity;
  const run = (): void => {
    asked = false;
    last = clock.now();
    work();
  };
  return () => {
    if (asked) return;
    asked = true;
    const wait = last + interval - clock.now();
    if (wait > 0) clock.after(wait, () => clock.frame(run));
    else clock.frame(run);
  };
}
