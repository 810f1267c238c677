/** The first minute: what a person who opens the page waits for, beside a bare page's load in the same browser. */
import type { Browser, Page } from 'playwright';
import type { ThreadTimes } from './trace.ts';
import { TIMES_CATEGORIES, timesUntil } from './trace.ts';

export interface FirstMinute {
  readonly device: string;
  /** Milliseconds since the navigation began; `bare` until a page with one line of text has drawn. */
  readonly bare: number;
  readonly ranking: number;
  /** The theme switch answers a press. */
  readonly interaction: number;
  /** Train can be pressed, and the first step is done. */
  readonly ready: number;
  readonly step: number;
  /** Cumulative layout shift until then. */
  readonly shift: number;
  readonly requests: number;
  readonly bytes: number;
  /** Processor time until the first ranking, from there until Train can be pressed, and from there to the first step. */
  readonly untilRanking: ThreadTimes;
  readonly untilReady: ThreadTimes;
  readonly untilStep: ThreadTimes;
}

/** In text: what runs this program wraps named functions in a helper that no page has. */
const WATCH = `
  globalThis.seen = { shift: 0 };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) seen.shift += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });
  const mark = (what) => {
    seen[what] = performance.now();
    performance.mark('bench-' + what);
  };
  const can = 'button:enabled:not([aria-disabled=true])';
  new MutationObserver(() => {
    if (!seen.ranking && document.querySelector('[aria-label="Ranked tweets"] li')) mark('ranking');
    if (!seen.ready && [...document.querySelectorAll(can)].some((b) => b.textContent === 'Train')) mark('ready');
    if (!seen.step && Number(document.querySelector('[data-testid="step"]')?.textContent) > 0) mark('step');
    if (!seen.interaction && document.documentElement.dataset.theme) mark('interaction');
  }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });`;

/** What WATCH keeps in the page. */
interface Seen {
  readonly shift: number;
  readonly ranking: number;
  readonly interaction: number;
  readonly ready: number;
  readonly step: number;
}

declare global {
  var seen: Seen;
}

async function bareLoad(page: Page): Promise<number> {
  const url = 'data:text/html,<!doctype html><title>bare</title><p>bare</p>';
  await page.goto(url);
  return page.evaluate(() => performance.getEntriesByType('navigation')[0]?.duration ?? NaN);
}

/** One visit with an empty cache. */
export async function firstMinute(browser: Browser, baseURL: string, device: string): Promise<FirstMinute> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    baseURL,
    serviceWorkers: 'block',
  });
  try {
    const bare = await bareLoad(await context.newPage());
    const page = await context.newPage();
    let [requests, bytes] = [0, 0];
    page.on('requestfinished', (request) => {
      requests++;
      void request.sizes().then(
        ({ responseBodySize }) => (bytes += responseBodySize),
        () => {},
      );
    });
    await page.addInitScript(WATCH);
    await browser.startTracing(page, { categories: TIMES_CATEGORIES });
    await page.goto('/');
    await page.getByRole('button', { name: /^Theme/ }).click();
    const train = page.locator('button:enabled:not([aria-disabled=true])', { hasText: /^Train$/ });
    await train.click({ timeout: 300_000 });
    await page.waitForFunction(() => globalThis.seen.step, null, {
      timeout: 300_000,
    });
    const seen = await page.evaluate(() => globalThis.seen);
    const [untilRanking = {}, untilReady = {}, untilStep = {}] = timesUntil(await browser.stopTracing(), [
      'bench-ranking',
      'bench-ready',
      'bench-step',
    ]);
    return { ...seen, device, bare, requests, bytes, untilRanking, untilReady, untilStep };
  } finally {
    await context.close();
  }
}
