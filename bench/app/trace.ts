/** What the main threads of pages did in the same seconds, from one trace of the browser. */
import type { Browser, Page } from 'playwright';

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds of the clock. */
  readonly ts: number;
  /** Microseconds of the clock and of processor time. */
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string; readonly data?: { readonly url?: string } };
}

/** A page's main thread over the traced time; milliseconds. */
export interface Thread {
  readonly tasks: number;
  /** Tasks over 50 ms of processor time, and of the clock's: the latter also wait for a busy machine. */
  readonly over: number;
  readonly overByClock: number;
  /** Processor time of the longest task and of all. */
  readonly longest: number;
  readonly busy: number;
}

/** The longest task that a person does not notice. */
const LIMIT_MS = 50;

/**
 * Traces the browser while `work` runs, and counts the tasks of each page's main thread.
 *
 * @param pages of different origins, so that each has a process of its own.
 * @throws when a page has no task in the trace, so that an empty one can't pass for a quiet one.
 */
export async function threadsWhile(
  browser: Browser,
  pages: readonly Page[],
  work: () => Promise<void>,
): Promise<Thread[]> {
  await browser.startTracing(undefined, { categories: ['toplevel', 'blink.user_timing'] });
  await Promise.all(pages.map((page, at) => page.evaluate((mark) => performance.mark(mark), markOf(at))));
  await work();
  const trace = await browser.stopTracing();
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: TraceEvent[] };
  return pages.map((_, at) => threadOf(traceEvents, markOf(at)));
}

const markOf = (at: number): string => `bench-page-${at}`;

function threadOf(events: readonly TraceEvent[], mark: string): Thread {
  const at = events.find(({ name }) => name === mark);
  const main = events.find(
    ({ name, args, pid }) => name === 'thread_name' && args?.name === 'CrRendererMain' && pid === at?.pid,
  );
  const tasks = events.filter(
    ({ name, ph, pid, tid }) =>
      ph === 'X' && name.endsWith('RunTask') && pid === main?.pid && tid === main.tid,
  );
  if (tasks.length === 0) throw new Error(`The trace has no task of the page marked ${mark}.`);
  const processor = tasks.map(({ tdur = 0 }) => tdur / 1000);
  return {
    tasks: tasks.length,
    over: processor.filter((ms) => ms > LIMIT_MS).length,
    overByClock: tasks.filter(({ dur = 0 }) => dur / 1000 > LIMIT_MS).length,
    longest: processor.reduce((a, b) => Math.max(a, b)),
    busy: processor.reduce((a, b) => a + b),
  };
}

/** Processor time of a page's threads, ms, by what they are: the page's own, each worker by its script, the pool's, others'. */
export type ThreadTimes = Readonly<Record<string, number>>;

/** Also says which script a worker runs. */
export const TIMES_CATEGORIES = ['toplevel', 'blink.user_timing', 'devtools.timeline'];
const TASKS: ReadonlySet<string> = new Set(['ThreadControllerImpl::RunTask', 'ThreadPool_RunTask']);

/**
 * What the threads of one page's process did up to each of its marks, from a trace of the categories above.
 * @param marks names of performance marks, in their order.
 * @returns one row a mark: the time since the mark before.
 * @throws when the page has not set a mark.
 */
export function timesUntil(trace: Buffer, marks: readonly string[]): ThreadTimes[] {
  const { traceEvents: events } = JSON.parse(trace.toString()) as { traceEvents: TraceEvent[] };
  const ends = marks.map((mark) => {
    const found = events.find(({ name }) => name === mark);
    if (!found) throw new Error(`The trace has no mark ${mark}.`);
    return found;
  });
  const pid = ends[0]?.pid;
  const own = events.filter((event) => event.pid === pid);
  const threads = new Map<number, string>();
  for (const { name, tid, args } of own) {
    if (name === 'thread_name') threads.set(tid, threadKind(args?.name ?? ''));
  }
  for (const { tid, args } of own) {
    const worker = /assets\/(\w+)-worker-/.exec(args?.data?.url ?? '')?.[1];
    if (worker && threads.get(tid) === 'worker') threads.set(tid, worker);
  }
  return ends.map(({ ts }, at) => {
    const from = ends[at - 1]?.ts ?? 0;
    const times: Record<string, number> = {};
    for (const event of own) {
      if (event.ph !== 'X' || !TASKS.has(event.name) || event.ts < from || event.ts >= ts) continue;
      const thread = threads.get(event.tid) ?? 'other';
      times[thread] = (times[thread] ?? 0) + (event.tdur ?? 0) / 1000;
    }
    return times;
  });
}

function threadKind(name: string): string {
  if (name === 'CrRendererMain') return 'page';
  if (name.startsWith('DedicatedWorker')) return 'worker';
  return name.startsWith('ThreadPool') ? 'pool' : 'other';
}
