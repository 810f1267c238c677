/** Safe anywhere: under its own policy, in any folder of any host, with nothing sent. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { PlaygroundPage } from './page.ts';

const tiny = readFileSync(new URL('./files/tiny.yaml', import.meta.url), 'utf8');
const dist = new URL('../dist/', import.meta.url).pathname;
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};

/** Changes a file on its way out. */
type Alter = (path: string, bytes: Buffer) => Buffer | string;

/** A host that knows the build under /some/path/ and nothing else. */
async function host(alter: Alter = (_path, bytes) => bytes) {
  const missing: string[] = [];
  const state = { alter, down: false };
  const server = createServer((request, response) => {
    if (state.down) {
      request.socket.destroy();
      return;
    }
    const path = decodeURIComponent((request.url ?? '').split('?')[0] ?? '');
    const inside = path.startsWith('/some/path/') ? path.slice('/some/path/'.length) || 'index.html' : null;
    const file = inside === null ? null : join(dist, inside);
    if (request.method !== 'GET' || !file || !existsSync(file) || !statSync(file).isFile()) {
      missing.push(`${request.method} ${path}`);
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' });
    response.end(state.alter(inside ?? '', readFileSync(file)));
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://localhost:${port}/some/path/`, missing, state, close: () => server.close() };
}

test('trains and ranks in a folder of a host, under its policy, and asks nobody else for anything', async ({
  page,
}) => {
  const playgroundPage = new PlaygroundPage(page);
  const { url, missing, close } = await host();
  const elsewhere: string[] = [];
  page.on('request', (request) => {
    const to = request.url();
    if (!/^(data|blob):/.test(to) && (!to.startsWith(url) || request.method() !== 'GET')) elsewhere.push(to);
  });
  await page.goto(url);
  await playgroundPage.ready();
  await playgroundPage.button('Step').click();
  await expect(page.getByRole('region', { name: 'Run' })).toContainText('1 / 1,500 steps');
  await expect(page.getByRole('region', { name: 'Ranking' })).toContainText('after 1 step');
  // The parts that bring styles of their own.
  await expect(page.getByRole('textbox', { name: 'Configuration in YAML' })).toHaveCSS('white-space', 'pre');
  await playgroundPage.button(/^Engine:/).click();
  await expect(page.getByRole('dialog', { name: 'Engine' })).toBeVisible();
  await page.keyboard.press('Escape');
  await playgroundPage.button('Explore').click();
  await expect(page.getByRole('dialog', { name: 'The data from close by' })).toBeVisible();
  await page.keyboard.press('Escape');
  for (const name of ['Rank', 'Runs', 'About', 'Train']) {
    await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name }).click();
    await expect(page.getByRole('main')).not.toContainText('Loading…');
  }
  expect(playgroundPage.errors).toEqual([]);
  expect([...missing, ...elsewhere]).toEqual([]);

  const refused = await page.evaluate(async () => {
    const found: string[] = [];
    addEventListener('securitypolicyviolation', ({ effectiveDirective }) => found.push(effectiveDirective));
    const script = document.createElement('script');
    script.textContent = 'globalThis.ran = true';
    document.head.append(script);
    await fetch('https://example.invalid/').catch(() => null);
    const style = document.createElement('style');
    document.head.append(style);
    style.textContent = 'body { color: red }';
    await new Promise((resolve) => setTimeout(resolve, 0));
    return { found: [...new Set(found)], ran: 'ran' in globalThis };
  });
  expect(refused.ran).toBe(false);
  expect(refused.found).toEqual(expect.arrayContaining(['script-src-elem', 'connect-src', 'style-src-elem']));
  close();
});

test.describe('without a network', () => {
  test.use({ serviceWorkers: 'allow' });

  test('opens, trains and ranks after one visit, whole or not at all; a newer build is offered', async ({
    page,
  }) => {
    const playground = new PlaygroundPage(page);
    await playground.chooseWasm(tiny);
    // One file does not arrive as it was built.
    const { url, state, close } = await host((path, bytes) =>
      path.startsWith('assets/RunsView') && path.endsWith('.js') ? `${bytes.toString()}\n` : bytes,
    );
    const offline = page.getByRole('status', { name: 'Without a network' });
    const about = async (): Promise<void> => {
      await page.goto(`${url}#/about`);
      await page.reload();
    };
    await about();
    await expect(offline).toContainText('could not be kept');
    expect(await page.evaluate(() => navigator.serviceWorker.controller)).toBeNull();

    state.alter = (_path, bytes) => bytes;
    await about();
    await expect(offline).toContainText('works without a network');
    expect(playground.errors.filter((text) => !/integrity|sw\.js/i.test(text))).toEqual([]);
    playground.errors.length = 0;

    state.down = true;
    await page.goto(url);
    await playground.ready();
    await playground.button('Step').click();
    await expect(page.getByRole('region', { name: 'Run' })).toContainText('1 / 20 steps');
    for (const name of ['Rank', 'Runs', 'About']) {
      await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name }).click();
      await expect(page.getByRole('main')).not.toContainText('Loading…');
    }
    await expect(page.getByRole('main')).not.toContainText("can't be shown");

    // The next build: the same files, another list.
    state.down = false;
    state.alter = (path, bytes) =>
      path === 'sw.js' ? bytes.toString().replace(/OFFLINE_BUILD = "/, 'OFFLINE_BUILD = "next-') : bytes;
    await page.reload();
    const notices = page.getByRole('region', { name: 'Notices' });
    await expect(notices).toContainText('A newer version');
    await expect(notices.getByRole('note')).toHaveCount(1);
    const reloaded = page.waitForEvent('load');
    await playground.button('Reload with it').click();
    await reloaded;
    await expect(offline).toContainText('works without a network');
    const kept = await page.evaluate(() => caches.keys());
    expect(kept.filter((name) => name.includes(' next-'))).toHaveLength(1);
    close();
  });
});

test('a piece that did not load is loaded when a person tries again', async ({ page }) => {
  await page.route(/RankView-.*\.js$/, (route) => route.abort());
  await new PlaygroundPage(page).chooseWasm();
  await page.goto('/');
  const main = page.getByRole('main');
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Rank' }).click();
  await expect(main).toContainText("The rank view can't be shown.");
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(main).toContainText("The rank view can't be shown.");
  await page.unroute(/RankView-.*\.js$/);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('region', { name: 'Ranking lab' })).toBeVisible();
});
