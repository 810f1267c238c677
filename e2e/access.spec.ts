/** For everyone: every view and state in every width and theme, by keyboard alone, with the contrast and motion people ask for. */
import { readFileSync } from 'node:fs';
import { expect, test, type Page } from '@playwright/test';
import { views } from '../app/views/views.ts';
import { asAsked, cutWhenSpaced, everyLook, listed, moving, unmarked, walk } from './access.ts';
import type { Findings } from './access.ts';
import { PlaygroundPage } from './page.ts';
import { pageTexts } from '../app/texts/page.ts';

const tiny = readFileSync(new URL('./files/tiny.yaml', import.meta.url), 'utf8');

async function show(page: Page, view: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: view }).click();
  await loaded(page);
}

/** Counted: what waits for a text of the whole view draws up what a screen reader says of it each time it is not so yet. */
async function loaded(page: Page): Promise<void> {
  await expect(page.getByRole('main').getByText('Loading…')).toHaveCount(0);
}

test('axe finds nothing and no text is cut, in any view and tool, width or theme', async ({ page }) => {
  const playground = new PlaygroundPage(page);
  const found: Findings = new Map();
  const look = (state: string) => everyLook(page, state, found);
  await playground.open();
  await look('welcome');
  await playground.button('Close this notice').click();
  await playground.button(/^Engine:/).click();
  await page.getByRole('radio', { name: /^tfjs on WebAssembly / }).check();
  await look('engine menu, notice');
  await page.keyboard.press('Escape');
  await playground.button('Close this notice').click();
  for (const { id } of views) {
    const title = pageTexts.viewTitles[id];
    await show(page, title);
    // What a tweet does in the model comes a moment after the model.
    if (id === 'model') {
      const strip = page.getByRole('img', { name: / columns, the largest / }).first();
      await strip.hover();
      await expect(strip.locator('title')).toHaveText(/: [−\d.,]+$/);
    }
    const tools = page.getByRole('tablist', { name: 'Tools of the lab' }).getByRole('tab');
    if ((await tools.count()) === 0) await look(title);
    for (const tool of await tools.all()) {
      await tool.click();
      await expect(page.getByRole('tabpanel').filter({ hasText: /\S/ })).toHaveCount(1);
      await loaded(page);
      await look(`${title}, ${await tool.innerText()}`);
    }
    await cutWhenSpaced(page, title, found);
    await asAsked(page, title, found);
  }
  expect(listed(found)).toEqual([]);
  expect(playground.errors).toEqual([]);
});

test('axe finds nothing and no text is cut, in any dialog and any state of a run, width or theme', async ({
  page,
}) => {
  const playground = new PlaygroundPage(page);
  const found: Findings = new Map();
  const look = (state: string) => everyLook(page, state, found);
  await playground.openOnWasm();
  await playground.button('Take the tour').click();
  await expect(page.getByRole('region', { name: 'Tour' })).toContainText('Step 1 of 8');
  await look('tour');
  await playground.button('Leave the tour').click();
  await playground.button('Explore').click();
  const dialog = page.getByRole('dialog');
  for (const tab of await dialog.getByRole('tab').all()) {
    await tab.click();
    await look(`data, ${await tab.innerText()}`);
  }
  await dialog.getByRole('button', { name: 'Close' }).click();
  await playground.button('Teacher settings').click();
  await look('teacher');
  await dialog.getByRole('button', { name: 'Close' }).click();

  const problems = page.getByRole('status', { name: 'Configuration status' });
  await playground.editYaml(tiny.replace('num_train_steps: 20', 'num_trian_steps: 20'));
  await expect(problems).not.toContainText('Valid');
  await look('broken');
  await playground.editYaml(tiny.replace('num_train_steps: 20', 'num_train_steps: 1000000'));
  await expect(page.getByRole('region', { name: 'Run' })).toContainText('0 / 1,000,000 steps');
  await playground.ready();
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await playground.button('Train').click();
  await expect(playground.status).toContainText('Training');
  await expect.poll(async () => Number(await page.getByTestId('step').textContent())).toBeGreaterThan(50);
  expect(await moving(page)).toEqual([]);
  await look('training');
  await page.emulateMedia({ forcedColors: 'active', reducedMotion: null });
  expect(await unmarked(page, 20)).toEqual([]);
  await page.emulateMedia({ forcedColors: null });

  await playground.editYaml(tiny);
  await playground.button(/^Restart with \d+ change/).click();
  await expect(playground.status).toContainText('Finished');
  for (const table of await page.getByRole('button', { name: / as a table$/ }).all()) await table.click();
  await look('finished, tables');
  await show(page, 'Runs');
  await expect(page.getByRole('table', { name: 'Kept runs' })).toBeVisible();
  await look('runs are kept');
  expect(listed(found)).toEqual([]);
  expect(playground.errors).toEqual([]);
});

test('what is wrong in one width or theme alone is found there, in each state', async ({ page }) => {
  const found: Findings = new Map();
  await page.setContent(`<!doctype html><html lang="en"><head><title>Spoilt</title><style>
    body { background: white; color: black }
    a { color: #00c }
    .narrow { display: none }
    @media (prefers-color-scheme: dark) {
      body { background: black; color: white }
      a { color: #f5f5ff; text-decoration: none }
      .dark { color: #333 }
    }
    @media (prefers-color-scheme: light) and (600px < width < 800px) { .tablet { color: #ddd } }
    @media (width < 400px) { .narrow { display: inline } }
    button { width: 40px; height: 40px }
    @media (600px < width < 800px) {
      .small { width: 8px; height: 8px; padding: 0 }
      .over { margin-left: -30px }
    }
  </style></head><body><main>
    <h1>Spoilt</h1><p>A text with a <a href="#there">way</a> in it.</p>
    <p class="dark">Dark</p><p class="tablet">Tablet</p><button class="narrow"></button>
    <div><button class="small" aria-label="a"></button><button class="small" aria-label="b"></button></div>
    <div><button aria-label="c"></button><button class="over" aria-label="d"></button></div>
    <div role="list"><div role="listitem">Item</div></div>
  </main></body></html>`);
  await everyLook(page, 'first', found);
  await page.evaluate(() => {
    const button = document.createElement('button');
    document.querySelector('main')?.append(button);
    const heading = document.createElement('h4');
    heading.textContent = 'Far below';
    document.querySelector('main')?.append(heading);
    // The same element, in what is no list.
    document.querySelector('[role=list]')?.removeAttribute('role');
  });
  await everyLook(page, 'second', found);
  const where = (what: RegExp): string[] =>
    [...found].flatMap(([name, places]) => (what.test(name) ? [...places].toSorted() : []));
  const each = (states: string[], widths: number[], after = ''): string[] =>
    states.flatMap((state) => widths.map((width) => `${state} ${width}${after}`)).toSorted();
  const both = ['first', 'second'];
  const all = [1440, 1024, 720, 390];
  expect(where(/color-contrast: .*dark/)).toEqual(each(both, all, ' dark'));
  expect(where(/color-contrast: .*tablet/)).toEqual(each(both, [720], ' light'));
  expect(where(/link-in-text-block: /)).toEqual(each(both, all, ' dark'));
  expect(where(/button-name: .*narrow/)).toEqual(each(both, [390]));
  expect(where(/button-name: <button>/)).toEqual(each(['second'], all));
  expect(where(/target-size: .*"a"/)).toEqual(each(both, [720]));
  expect(where(/target-size: .*"b"/)).toEqual(each(both, [720]));
  expect(where(/target-size: .*"c"/)).toEqual(each(both, [720]));
  expect(where(/heading-order: <h4>/)).toEqual(each(['second'], all));
  expect(where(/aria-required-parent: /)).toEqual(each(['second'], all));
  expect(found.size).toBe(10);
});

test('everything is reached by the Tab key, in sight and with its focus seen, and nothing holds it', async ({
  page,
}) => {
  const playground = new PlaygroundPage(page);
  await playground.open();
  for (const { id } of views) {
    const title = pageTexts.viewTitles[id];
    await show(page, title);
    const stops = await walk(page, 400);
    for (const name of ['Train', 'Seed', 'Engine']) {
      expect(
        stops.filter((stop) => stop.includes(name)),
        `${title}: ${name}`,
      ).not.toEqual([]);
    }
    expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true);
  }

  // Tabs by arrows: one stop, moved inside.
  await show(page, 'Rank');
  const tools = page.getByRole('tablist', { name: 'Tools of the lab' }).getByRole('tab');
  await tools.first().focus();
  await page.keyboard.press('ArrowRight');
  await expect(tools.nth(1)).toBeFocused();
  await expect(tools.nth(1)).toHaveAttribute('aria-selected', 'true');
  // The focus moves a moment after the key: one that came before would be the first tab's again.
  await page.keyboard.press('ArrowLeft');
  await expect(tools.first()).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect(tools.last()).toBeFocused();

  await show(page, 'Train');
  await page.setViewportSize({ width: 390, height: 844 });
  const places = page.getByRole('tablist', { name: 'Parts of the view' }).getByRole('tab');
  await places.first().focus();
  await page.keyboard.press('ArrowRight');
  await expect(places.nth(1)).toBeFocused();
  await expect(page.getByRole('region', { name: 'Data' })).toBeVisible();
  await walk(page, 400);
});
