/** The page benchmark: its main thread in use, beside that of a bare page in the same browser at the same time. */
import type { Browser, Page } from 'playwright';
import { chromium } from 'playwright';
import { build, preview } from 'vite';
import { chromiumExecutable, webgpuFlags } from '../../scripts/browser.ts';
import type { Benchmark } from '../benchmark.ts';
import { textTable } from '../benchmark.ts';
import type { FirstMinute } from './first.ts';
import { firstMinute } from './first.ts';
import { preparation, preparationText } from './preparation.ts';
import type { Scene } from './scenes.ts';
import { scenes } from './scenes.ts';
import type { Thread, ThreadTimes } from './trace.ts';
import { threadsWhile } from './trace.ts';

const ROUNDS = 5;

/** Sums of all rounds; longest task and frames of the bare page are those of the same moments. */
interface Row {
  readonly scene: string;
  readonly rounds: readonly { readonly page: Thread; readonly bare: Thread }[];
  readonly frames: number;
  readonly bareFrames: number;
  /** Tasks over 50 ms that the page's own observer was told of. */
  readonly long: number;
}

/** Counts frames, and works a millisecond in each, as any page that moves does. */
const BARE = `<!doctype html><title>bare</title><p>bare</p><script>
  const frame = () => {
    const until = performance.now() + 1;
    while (performance.now() < until);
    document.body.dataset.at = String(performance.now());
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
</script>`;

/** In text: what runs this program wraps named functions in a helper that no page has. */
const COUNTER = `(() => {
  const state = { frames: 0, long: 0, stopped: false };
  state.observer = new PerformanceObserver((list) => (state.long += list.getEntries().length));
  state.observer.observe({ type: 'longtask' });
  const frame = () => {
    if (state.stopped) return;
    state.frames++;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  return state;
})()`;

/** What the page itself is told: frames it is given, and tasks over 50 ms by the clock. */
interface Counted {
  readonly frames: number;
  readonly long: number;
}

/** Starts counting; the answer stops and tells. */
async function startCounting(page: Page): Promise<() => Promise<Counted>> {
  const counter = await page.evaluateHandle<{
    frames: number;
    long: number;
    stopped: boolean;
    observer: PerformanceObserver;
  }>(COUNTER);
  return () =>
    counter.evaluate((state) => {
      state.stopped = true;
      state.long += state.observer.takeRecords().length;
      state.observer.disconnect();
      return { frames: state.frames, long: state.long };
    });
}

async function measure(browser: Browser, baseURL: string, scene: Scene): Promise<Row> {
  const viewport = { width: 1440, height: 900 };
  const contexts = [
    await browser.newContext({ viewport, baseURL }),
    await browser.newContext({ viewport }),
  ] as const;
  try {
    const [page, bare] = [await contexts[0].newPage(), await contexts[1].newPage()];
    await bare.setContent(BARE);
    await scene.prepare(page);
    const rounds: { page: Thread; bare: Thread }[] = [];
    let [frames, bareFrames, long] = [0, 0, 0];
    for (let at = 0; at < ROUNDS; at++) {
      const [first, second] = await threadsWhile(browser, [page, bare], async () => {
        const counts = await Promise.all([startCounting(page), startCounting(bare)]);
        await scene.round(page, at);
        const [own, other] = await Promise.all(counts.map((stop) => stop()));
        frames += own!.frames;
        long += own!.long;
        bareFrames += other!.frames;
      });
      rounds.push({ page: first!, bare: second! });
    }
    return { scene: scene.name, rounds, frames, bareFrames, long };
  } finally {
    for (const context of contexts) await context.close();
  }
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

function cells({ scene, rounds, frames, bareFrames, long }: Row): string[] {
  const sum = (of: (round: Row['rounds'][number]) => number): number =>
    rounds.map(of).reduce((a, b) => a + b, 0);
  const longest = median(rounds.map(({ page }) => page.longest));
  const bare = median(rounds.map((round) => round.bare.longest));
  return [
    scene,
    String(sum(({ page }) => page.tasks)),
    String(sum(({ page }) => page.over)),
    String(sum((round) => round.bare.over)),
    String(sum(({ page }) => page.overByClock)),
    String(sum((round) => round.bare.overByClock)),
    String(long),
    longest.toFixed(1),
    (longest / bare).toFixed(1),
    (sum(({ page }) => page.busy) / sum((round) => round.bare.busy)).toFixed(2),
    (frames / bareFrames).toFixed(2),
  ];
}

/** Times of one visit; a row says how many bare pages that would have been. */
function firstCells(first: FirstMinute): string[] {
  const seconds = (ms: number): string => (ms / 1000).toFixed(2);
  return [
    first.device,
    seconds(first.bare),
    seconds(first.ranking),
    (first.ranking / first.bare).toFixed(0),
    seconds(first.interaction),
    seconds(first.ready),
    seconds(first.step),
    first.shift.toFixed(3),
    String(first.requests),
    (first.bytes / 1e6).toFixed(2),
  ];
}

/** Processor time of a first visit, thread by thread: to the first ranking + until Train can be pressed + to the first step. */
function threadsTable(visits: readonly FirstMinute[]): string {
  const parts = ({ untilRanking, untilReady, untilStep }: FirstMinute) => [
    untilRanking,
    untilReady,
    untilStep,
  ];
  const added = (visit: FirstMinute, of: (times: ThreadTimes) => number): string =>
    parts(visit)
      .map((times) => of(times).toFixed(0))
      .join(' + ');
  const names = visits.flatMap((visit) => parts(visit).flatMap((times) => Object.keys(times)));
  const threads = [...new Set(names)].toSorted();
  const sum = (times: ThreadTimes): number => Object.values(times).reduce((a, b) => a + b, 0);
  return textTable(
    ['processor ms', ...threads, 'all'],
    visits.map((visit) => [
      visit.device,
      ...threads.map((thread) => added(visit, (times) => times[thread] ?? 0)),
      added(visit, sum),
    ]),
  );
}

/** What is visited with and without a graphics device: browsers give none without being asked to. */
async function firstMinutes(baseURL: string): Promise<FirstMinute[]> {
  const executablePath = chromiumExecutable();
  const found: FirstMinute[] = [];
  for (const [device, args] of [
    ['with a device', webgpuFlags],
    ['without', ['--no-sandbox']],
  ] as const) {
    const browser = await chromium.launch({ ...(executablePath ? { executablePath } : {}), args: [...args] });
    try {
      found.push(await firstMinute(browser, baseURL, device));
    } finally {
      await browser.close();
    }
  }
  return found;
}

export const pageBenchmark: Benchmark = {
  name: 'page',
  title: `Page: its main thread beside a bare page's in the same browser, ${ROUNDS} rounds each; tasks over 50 ms, the rounds' median longest task`,
  async run({ root, ...options }) {
    options.log('page: charts prepared …');
    const prepared = preparation();
    await build({ root, logLevel: 'warn' });
    const server = await preview({ root, preview: { port: 0 } });
    const executablePath = chromiumExecutable();
    const browser = await chromium.launch({
      ...(executablePath ? { executablePath } : {}),
      args: webgpuFlags,
    });
    try {
      const rows: Row[] = [];
      for (const scene of scenes) {
        options.log(`page: ${scene.name} …`);
        rows.push(await measure(browser, server.resolvedUrls?.local[0] ?? '', scene));
      }
      const table = textTable(
        ['scene', 'tasks', 'over', 'bare', 'by the clock', 'bare', 'observed', 'longest ms', '× bare', 'busy × bare', 'frames × bare'], // prettier-ignore
        rows.map(cells),
      );
      options.log('page: first minute …');
      const first = await firstMinutes(server.resolvedUrls?.local[0] ?? '');
      const firstTable = textTable(
        ['first visit', 'bare s', 'ranking s', '× bare', 'answers s', 'Train s', 'step s', 'layout shift', 'requests', 'MB'], // prettier-ignore
        first.map(firstCells),
      );
      return {
        json: { rows, first, preparation: prepared },
        table: `${table}\n\n${firstTable}\n\n${threadsTable(first)}\n\n${preparationText(prepared)}`,
      };
    } finally {
      await browser.close();
      await new Promise((closed) => server.httpServer.close(closed));
    }
  },
};
