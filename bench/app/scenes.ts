/** What a person does on the page while its main thread is watched. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright';
import { keepLongRun, LONG_STEPS } from './long-run.ts';

export interface Scene {
  readonly name: string;
  /** Brings the page there. */
  prepare(page: Page): Promise<void>;
  /** What is traced. No locators in it: finding by role is work on the same thread. */
  round(page: Page, at: number): Promise<void>;
}

/** Everything measured goes on until the run has done so many steps more. */
const STEPS = 60;

const stepsDone = (page: Page): Promise<number> =>
  page.evaluate(() =>
    Number(document.querySelector('[data-testid="step"]')?.textContent.replaceAll(/\D/g, '')),
  );

async function trained(page: Page, steps: number): Promise<void> {
  const until = (await stepsDone(page)) + steps;
  while ((await stepsDone(page)) < until) await page.waitForTimeout(100);
}

async function openPage(page: Page): Promise<void> {
  await page.goto('/');
  await page.locator('button:enabled', { hasText: /^Train$/ }).waitFor({ timeout: 300_000 });
}

async function train(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await trained(page, 10);
}

async function openLab(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Open the lab' }).click();
  await page.getByRole('list', { name: 'Timeline' }).getByRole('listitem').first().waitFor();
}

/** Takes a file of the metrics away, and waits until all of it has come. */
async function download(page: Page, format: string): Promise<void> {
  const event = page.waitForEvent('download', { timeout: 300_000 });
  await page.locator(`button[aria-label="Download metrics as ${format}"]`).click();
  const text = await readFile(await (await event).path(), 'utf8');
  const lines = text.split('\n').length - 1;
  if (lines < LONG_STEPS) throw new Error(`The file has ${lines} lines, and the run ${LONG_STEPS} steps.`);
}

export const scenes: readonly Scene[] = [
  {
    name: 'panels, training',
    prepare: async (page) => {
      await openPage(page);
      await train(page);
    },
    round: (page) => trained(page, STEPS),
  },
  {
    name: 'lab, training',
    prepare: async (page) => {
      await openPage(page);
      await train(page);
      await openLab(page);
    },
    round: (page) => trained(page, STEPS),
  },
  {
    name: '131,072 steps downloaded',
    prepare: async (page) => {
      await openPage(page);
      await keepLongRun(page);
      await page.reload();
      await page.locator('button:enabled', { hasText: /^Continue$/ }).waitFor({ timeout: 300_000 });
    },
    round: (page, at) => download(page, at % 2 === 0 ? 'JSON Lines' : 'CSV'),
  },
  {
    name: '1,500 scrolled',
    prepare: async (page) => {
      await openPage(page);
      await openLab(page);
      await page.getByRole('tab', { name: 'Candidates', exact: true }).click();
      const list = page.getByRole('region', { name: 'Ranked candidates' });
      await list.getByRole('listitem').first().waitFor();
      await list.hover();
    },
    round: async (page, at) => {
      for (let wheel = 0; wheel < 72; wheel++) {
        await page.mouse.wheel(0, at % 2 === 0 ? 1150 : -1150);
        await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(drawn)));
      }
    },
  },
];
