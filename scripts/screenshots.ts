/**
 * `npm run screenshots -- [FOLDER [STEPS]]`: builds the page and takes pictures of it as a person sees it after a short
 * run, at three widths, light and dark, and of the ranking lab's tools. Without a folder it makes docs/screenshots anew,
 * which holds only the pictures that documents show.
 */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright';
import type { Page } from 'playwright';
import { build, preview } from 'vite';
import { chromiumExecutable, webgpuFlags } from './browser.ts';
import { ensureBrowser, root } from './ensure.mjs';

const documented = new Set([
  'desktop-light',
  'desktop-dark',
  'lab-why-desktop-light',
  'lab-what-if-desktop-light',
  'lab-heuristics-desktop-light',
]);
const everything = process.argv[2] !== undefined;
const folder = resolve(process.argv[2] ?? join(root, 'docs/screenshots'));
const steps = Number(process.argv[3] ?? 400);
const sizes = [
  { name: 'desktop', width: 1440, height: 900 },
  { name: 'tablet', width: 1024, height: 900 },
  { name: 'phone', width: 390, height: 844 },
] as const;

await ensureBrowser();
await build({ root, logLevel: 'warn' });
const server = await preview({ root, preview: { port: 0 } });
const address = server.resolvedUrls?.local[0] ?? '';
const executablePath = chromiumExecutable();
const browser = await chromium.launch({ ...(executablePath ? { executablePath } : {}), args: webgpuFlags });
mkdirSync(folder, { recursive: true });

async function trained(): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: 'light' });
  const page = await context.newPage();
  page.on('pageerror', (error) => console.error(`page: ${error.message}`));
  await page.goto(address);
  await page.getByRole('button', { name: 'Train', exact: true }).click({ timeout: 120_000 });
  await page.waitForFunction(
    (wanted) => {
      const text = document.querySelector('[data-testid=step]')?.textContent ?? '0';
      return Number(text.replaceAll(',', '')) >= wanted;
    },
    steps,
    { timeout: 300_000 },
  );
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await page.waitForTimeout(1500);
  return page;
}

async function shoot(page: Page, name: string): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    if (!everything && !documented.has(`${name}-${theme}`)) continue;
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await page.waitForTimeout(700);
    await page.screenshot({ path: join(folder, `${name}-${theme}.png`) });
  }
}

const page = await trained();
for (const { name, width, height } of sizes) {
  await page.setViewportSize({ width, height });
  await page.mouse.move(0, 0);
  if (name !== 'phone') {
    await shoot(page, name);
    continue;
  }
  for (const tab of ['Configure', 'Data', 'Training', 'Ranking']) {
    await page.getByRole('tab', { name: tab, exact: true }).click();
    await shoot(page, `phone-${tab.toLowerCase()}`);
  }
}

await page.setViewportSize({ width: 1440, height: 900 });
await page.getByRole('button', { name: 'Open the lab' }).click();
await page.getByRole('tablist', { name: 'Tools of the lab' }).waitFor();
const tabs = await page.getByRole('tablist', { name: 'Tools of the lab' }).getByRole('tab').all();
for (const { name, width, height } of sizes) {
  await page.setViewportSize({ width, height });
  for (const tab of tabs) {
    await tab.click();
    const id = (await tab.getAttribute('id'))?.split('-trigger-')[1] ?? '';
    const preset = page.getByRole('combobox', { name: 'Heuristics', exact: true });
    if (id === 'heuristics') await preset.selectOption('2023-07');
    await page.waitForTimeout(2500);
    await shoot(page, `lab-${id}-${name}`);
    if (id === 'heuristics') await preset.selectOption('none');
  }
}

await browser.close();
await new Promise((done) => server.httpServer.close(done));
