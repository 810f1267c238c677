/** What a person does on the page while its main thread is watched. */
import type { Page } from 'playwright';

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
    name: '1,500 scrolled',
    prepare: async (page) => {
      await openPage(page);
      await openLab(page);
      await page.getByRole('tab', { name: '1,500', exact: true }).click();
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
