/** Asks before the page is left while a run would be lost by it: one that trains, or has trained, and is kept nowhere. */
import type { RunState, RunStore } from '../stores/run.ts';

/** Whether leaving the page loses what no file has. */
export function leavingLoses({ phase, step, info, unkept }: RunState): boolean {
  const kept = unkept === null && info?.lasting !== false;
  return !kept && (phase === 'running' || step > 0);
}

interface Page {
  addEventListener(type: 'beforeunload', listener: (event: Event) => void): void;
  removeEventListener(type: 'beforeunload', listener: (event: Event) => void): void;
}

/**
 * Follows the run; a page that has the listener is not kept for going back, so it has it only while it asks.
 * @returns a function that ends it.
 */
export function guardLeaving(run: RunStore, page: Page): () => void {
  const ask = (event: Event): void => event.preventDefault();
  let asking = false;
  const update = (): void => {
    const loses = leavingLoses(run.getState());
    if (loses === asking) return;
    asking = loses;
    if (loses) page.addEventListener('beforeunload', ask);
    else page.removeEventListener('beforeunload', ask);
  };
  update();
  const unsubscribe = run.subscribe(update);
  return () => {
    unsubscribe();
    page.removeEventListener('beforeunload', ask);
  };
}
