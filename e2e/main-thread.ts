/** How long the page's main thread was busy at a stretch, from a trace of the browser. */
import type { Browser, Page } from '@playwright/test';

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds of processor time. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** Rounds that other work on the machine may spoil: it makes a task of 25 ms one of 75 now and then. */
const ROUNDS = 8;

/**
 * The longest task of the main thread in the quietest of a few rounds, in milliseconds of processor time. A page that
 * holds its thread does so in every round. Not the clock's time: on a machine with two busy cores any task may have to
 * wait for its turn.
 *
 * @param round what is done while the tasks are timed; it gives up its rounds as soon as one stays under `limit`. No
 *   locators in it: finding by role is work on the same thread.
 * @throws when a trace has fewer than 100 tasks, so that an empty one can't pass.
 */
export async function longestTask(
  browser: Browser,
  page: Page,
  limit: number,
  round: (at: number) => Promise<void>,
): Promise<number> {
  let least = Infinity;
  for (let at = 0; at < ROUNDS && least >= limit; at++) {
    await browser.startTracing(page, { categories: ['toplevel'] });
    await round(at);
    const tasks = mainThreadTasks(await browser.stopTracing());
    if (tasks.length < 100) throw new Error(`The trace has ${tasks.length} tasks of the main thread.`);
    least = Math.min(least, Math.max(...tasks));
  }
  return least;
}

function mainThreadTasks(trace: Buffer): number[] {
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: TraceEvent[] };
  const main = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  return traceEvents
    .filter(({ name, ph, pid, tid }) => ph === 'X' && name.endsWith('RunTask') && main.has(`${pid} ${tid}`))
    .map(({ tdur = 0 }) => tdur / 1000);
}
