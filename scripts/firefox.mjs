/**
 * The built page in Firefox with WebGPU (wgpu with Naga): it opens, trains on our WebGPU engine, ranks. `npm test -- firefox`;
 * says what is missing where it can't run.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { root } from './ensure.mjs';

const INSTALLED = [
  process.env.FIREFOX_PATH ?? '',
  '/usr/bin/firefox-esr',
  '/usr/bin/firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
];
const STEPS = 5;
// For what never comes: a machine that is busy with others may take many times its usual time.
const TIMEOUT = 400_000;
const report = join(root, 'test-results', 'firefox.json');

function write(value) {
  mkdirSync(join(root, 'test-results'), { recursive: true });
  writeFileSync(report, JSON.stringify(value));
}

function leaveOut(reason) {
  write({ leftOut: reason });
  console.log(`Firefox left out: ${reason}`);
  process.exit(0);
}

const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
};

/** Serves dist/. */
async function serve() {
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
    try {
      const file = join(root, 'dist', path.endsWith('/') ? `${path}index.html` : path);
      const body = await readFile(file);
      response
        .writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' })
        .end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${server.address().port}/` };
}

const executablePath = INSTALLED.find((path) => path !== '' && existsSync(path));
if (!executablePath) leaveOut('it is not installed (on Debian: apt-get install firefox-esr).');
if (!existsSync(join(root, 'dist', 'index.html'))) leaveOut('there is no dist/ (npm run build).');
const puppeteer = await import('puppeteer-core').catch(() => null);
if (!puppeteer) leaveOut('puppeteer-core is not installed.');

const profile = mkdtempSync(join(tmpdir(), 'ranker-firefox-'));
const { server, url } = await serve();
const browser = await puppeteer.launch({
  browser: 'firefox',
  executablePath,
  headless: true,
  userDataDir: profile,
  extraPrefsFirefox: {
    'dom.webgpu.enabled': true,
    'dom.webgpu.workers.enabled': true,
    'gfx.webgpu.ignore-blocklist': true,
  },
});

const errors = [];
let passed = 0;
/** Why it can't train here. */
let missing = null;
class NoAdapter extends Error {}
const done = (what) => {
  passed += 1;
  console.log(`✓ ${what}`);
};

try {
  const page = await browser.newPage();
  page.setDefaultTimeout(TIMEOUT);
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  // Firefox's WebGPU is what is tried here; by itself the page computes on wasm where no graphics card is.
  await page.evaluateOnNewDocument(() => {
    localStorage.setItem('heavy-ranker-playground/1/settings', JSON.stringify({ engine: 'webgpu' }));
  });
  await page.goto(url);
  const train = await page.waitForSelector('aria/Train[role="button"]');
  await page.waitForFunction(
    (button) => !button.disabled && button.getAttribute('aria-disabled') !== 'true',
    {},
    train,
  );
  done('opens');
  const adapter = await page.evaluate(async () => Boolean(await navigator.gpu?.requestAdapter()));
  if (!adapter) throw new NoAdapter();

  await train.click();
  await page.waitForFunction(
    (steps) => {
      const region = document.querySelector('[aria-label="Run"]')?.textContent ?? '';
      return Number(/([\d,]+) \/ [\d,]+ steps/.exec(region)?.[1]?.replaceAll(',', '') ?? 0) >= steps;
    },
    { polling: 250 },
    STEPS,
  );
  const pause = await page.waitForSelector('aria/Pause[role="button"]');
  await pause.click();
  const engine = await page.evaluate(
    () => document.querySelector('[aria-label^="Engine: "]')?.getAttribute('aria-label') ?? '',
  );
  if (!engine.startsWith('Engine: WebGPU,')) throw new Error(`it trained on another engine: ${engine}`);
  done(`trains ${STEPS} steps and more (${engine})`);

  await page.waitForFunction(
    () => {
      const list = document.querySelector('[aria-label="Ranked tweets"]');
      const panel = list?.closest('section')?.textContent ?? '';
      return /after [\d,]+ steps/.test(panel) && (list?.children.length ?? 0) >= 20;
    },
    { polling: 250 },
  );
  done('ranks with what it learned');
  if (errors.length > 0) throw new Error(`the page said: ${errors.join('; ')}`);
} catch (error) {
  if (error instanceof NoAdapter)
    missing = 'it finds no adapter (on Debian: apt-get install mesa-vulkan-drivers).';
  else {
    console.error(
      `✗ ${error instanceof Error ? error.message : String(error)}${errors.length > 0 ? ` (${errors.join('; ')})` : ''}`,
    );
    write({ numPassedTests: passed, numFailedTests: 1, numPendingTests: 0 });
    process.exitCode = 1;
  }
} finally {
  await browser.close();
  server.close();
  rmSync(profile, { recursive: true, force: true });
}
if (missing !== null) leaveOut(missing);
if (process.exitCode !== 1) write({ numPassedTests: passed, numFailedTests: 0, numPendingTests: 0 });
