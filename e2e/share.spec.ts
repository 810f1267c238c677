/** What is on the page goes to another browser, as a link and as a bundle, and is the same there. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import type { Browser, Page } from '@playwright/test';
import { decimal } from '../app/format.ts';
import { PlaygroundPage } from './page.ts';

const tiny = readFileSync(new URL('./files/tiny.yaml', import.meta.url), 'utf8').replace(
  /num_train_steps: \d+/,
  'num_train_steps: 12',
);

/** Finds an action in the palette by its words and does it: all by keys. */
async function act(page: Page, words: string): Promise<void> {
  const palette = page.getByRole('dialog', { name: 'Find an action' });
  // Just after a reload nothing listens for keys yet.
  await expect(async () => {
    await page.keyboard.press('ControlOrMeta+k');
    await expect(palette).toBeVisible({ timeout: 2000 });
  }).toPass();
  await palette.getByRole('combobox').fill(words);
  await expect(palette.getByRole('option', { selected: true })).toContainText(words);
  await page.keyboard.press('Enter');
  await expect(palette).toBeHidden();
}

/** Losses and the order of the tweets, once the run has finished. */
async function outcome(playground: PlaygroundPage) {
  await expect(playground.status).toContainText('Finished');
  await expect(playground.page.getByRole('region', { name: 'Ranking' })).toContainText('after 12 steps');
  const losses = (await playground.metrics()).map(({ loss }) => loss);
  const tweets = playground.page.getByRole('list', { name: 'Ranked tweets' }).getByRole('listitem');
  return { losses, ranking: (await playground.seen(tweets)).map(withoutMoves) };
}

/** A card without what it says of an order before: a browser that got a run as it ended never saw the untrained one. */
const withoutMoves = (card: string): string =>
  card.replace(/^(\d+)(?:[▲▼]\d+(?:up|down) \d+ since untrained|back)?/, '$1 ');

/** Somebody else's browser: nothing is kept in it. */
async function elsewhere(browser: Browser): Promise<PlaygroundPage> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  return new PlaygroundPage(await context.newPage());
}

/** What the chart of the total loss says of both runs at its end, unsmoothed: the crosshair is moved by keys. */
async function bothAtTheEnd(page: Page, other: string, losses: readonly number[]): Promise<string> {
  await act(page, 'Go to Train');
  await page.getByRole('slider', { name: 'Smoothing', exact: true }).press('Home');
  const crosshair = page.getByRole('slider', { name: /loss.*crosshair/i }).first();
  let said = '';
  // The other run is read, and the curves are drawn, after the page shows the rest.
  await expect(async () => {
    await crosshair.press('End');
    said = (await crosshair.getAttribute('aria-valuetext')) ?? '';
    for (const text of [other, ...losses.map((loss) => decimal(loss))]) expect(said).toContain(text);
  }).toPass({ timeout: 120_000 });
  return said;
}

test('a link and a bundle give the same losses and the same ranking in another browser', async ({
  page,
  browser,
}, info) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const here = new PlaygroundPage(page);
  await here.openOnWasm(tiny);
  const run = page.getByRole('region', { name: 'Run' });
  await expect(run).toContainText('0 / 12 steps');
  await here.ready();
  await here.button('Train').click();
  await expect(here.status).toContainText('Finished');
  const before = (await here.metrics()).map(({ loss }) => loss);

  // The second run differs in one key; the order follows other steps after the score.
  await here.editYaml(tiny.replace('global_batch_size: 64', 'global_batch_size: 32'));
  await expect(here.button(/^Restart with \d+ change/)).toBeVisible();
  await act(page, 'Heuristics: 2023-07');
  await here.restart(12, () => act(page, 'Restart'));
  const wanted = await outcome(here);

  // The first run beside the second: both values under one crosshair, the one key between them, and the same after a reload.
  await act(page, 'Go to Runs');
  const kept = page.getByRole('table', { name: 'Kept runs' }).getByRole('row');
  await expect(kept).toHaveCount(3);
  const pin = kept.nth(2).getByRole('button', { name: /^Show .* in the charts$/ });
  const first = ((await pin.getAttribute('aria-label')) ?? '').replace(/^Show | in the charts$/g, '');
  await pin.click();
  const differences = page.getByRole('table', { name: 'Differences of the two runs' }).getByRole('row');
  const differ = async (): Promise<void> => {
    // The validation data is the same text, by its anchor.
    await expect(differences).toHaveCount(3);
    await expect(differences.nth(1)).toContainText(/train_data\.global_batch_size.*64.*32/);
    await expect(differences.nth(2)).toContainText(/validation_data\.validation\.global_batch_size.*64.*32/);
  };
  await differ();
  const last = [before, wanted.losses].map((losses) => losses.at(-1) ?? Number.NaN);
  const said = await bothAtTheEnd(page, first, last);
  // What the second changed in the first stands in the charts of both.
  const legend = page.getByRole('list', { name: 'Runs in the chart' }).first();
  await expect(legend).toContainText('global_batch_size: 64 → 32');
  await page.reload();
  expect(await bothAtTheEnd(page, first, last)).toBe(said);
  await act(page, 'Go to Runs');
  await expect(
    page.getByRole('button', { name: `Show ${first} in the charts`, pressed: true }),
  ).toBeVisible();
  await differ();
  await act(page, 'Go to Train');
  expect(await outcome(here)).toEqual(wanted);

  await act(page, 'Copy link');
  await expect(page.getByRole('status', { name: 'Answer' })).toContainText('Link copied');
  const link = await page.evaluate(() => navigator.clipboard.readText());

  const there = await elsewhere(browser);
  await there.page.goto(link);
  const dialog = there.page.getByRole('dialog', { name: 'Open this link?' });
  await expect(dialog).toContainText('global_batch_size: 128 → 32');
  // Behind the dialog, where roles do not reach.
  const editor = there.page.locator('[aria-label="Configuration in YAML"]');
  await expect(editor).not.toContainText('Small enough for stock tfjs kernels');
  await dialog.getByRole('button', { name: 'Open it' }).click();
  await expect(editor).toContainText('Small enough for stock tfjs kernels');
  await expect(there.page.getByRole('region', { name: 'Run' })).toContainText('0 / 12 steps');
  await expect(there.button(/^Engine: tfjs on WebAssembly,/)).toBeVisible();
  await there.ready();
  await there.button('Train').click();
  expect(await outcome(there)).toEqual(wanted);

  await act(page, 'Go to Runs');
  for (const row of [1, 2]) await kept.nth(row).getByRole('checkbox').check();
  const saved = page.waitForEvent('download');
  await act(page, 'Export 2 chosen runs as a bundle');
  const zip = info.outputPath('runs.zip');
  await (await saved).saveAs(zip);

  const third = await elsewhere(browser);
  await third.chooseWasm();
  await third.page.goto('/#/about');
  const content = readFileSync(zip).toString('base64');
  await expect(third.page.getByRole('heading', { name: 'Heavy Ranker Playground' })).toBeVisible();
  const transfer = await third.page.evaluateHandle((base64) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))], 'runs.zip'));
    return data;
  }, content);
  await third.page.locator('main').dispatchEvent('drop', { dataTransfer: transfer });
  const rows = third.page.getByRole('table', { name: 'Kept runs' }).getByRole('row');
  await expect(rows).toHaveCount(3);
  await rows.nth(1).getByRole('button', { name: /^Open/ }).click();
  // The heuristics came with the runs.
  expect(await outcome(third)).toEqual(wanted);

  for (const one of [here, there, third]) expect(one.errors).toEqual([]);
});
