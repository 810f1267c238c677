/** Training rows in Firefox, whose WebGPU is wgpu, by puppeteer-core: each in a fresh page. */
import { existsSync } from 'node:fs';
import type { AdapterDescription } from '../browser.ts';
import { serveBench } from '../browser.ts';
import type { RowEngine } from './row.ts';
import type { RowRunner } from './row-runner.ts';

const INSTALLED = [
  process.env['FIREFOX_PATH'] ?? '',
  '/usr/bin/firefox-esr',
  '/usr/bin/firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
];
/** Rows of tfjs and jax-js tell nothing of Firefox that those of Chromium don't. */
const engines: readonly RowEngine[] = ['webgpu', 'tfjs-wasm'];
const TIMEOUT_MS = 15 * 60 * 1000;

/** @throws Error when Firefox or puppeteer-core is missing, or it offers no adapter. */
export async function launchFirefox(root: string): Promise<RowRunner> {
  const executablePath = INSTALLED.find((path) => path !== '' && existsSync(path));
  if (!executablePath) throw new Error('Firefox is not installed (or name it in FIREFOX_PATH).');
  const puppeteer = await import('puppeteer-core').catch(() => null);
  if (!puppeteer) throw new Error('puppeteer-core is not installed.');
  const server = await serveBench(root);
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    protocolTimeout: TIMEOUT_MS,
    extraPrefsFirefox: {
      'dom.webgpu.enabled': true,
      'dom.webgpu.workers.enabled': true,
      'gfx.webgpu.ignore-blocklist': true,
    },
  });
  const close = async () => {
    await browser.close();
    await server.close();
  };
  /** Calls a function of the page's `bench`; over the wire as text, which both ends speak alike. */
  const inPage = async <T>(expression: string): Promise<T> => {
    const page = await browser.newPage();
    page.setDefaultTimeout(TIMEOUT_MS);
    try {
      await page.goto(server.address);
      await page.waitForFunction('"bench" in globalThis');
      return JSON.parse(
        (await page.evaluate(`(async () => JSON.stringify(await (${expression})))()`)) as string,
      ) as T;
    } finally {
      await page.close();
    }
  };
  try {
    const adapter = await inPage<AdapterDescription | null>(`(async () => {
      const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' });
      if (!adapter) return null;
      const { vendor, architecture, description } = adapter.info;
      return { vendor, architecture, description, software: false };
    })()`);
    if (!adapter) throw new Error('Firefox offers no WebGPU adapter: is there a Vulkan driver?');
    // Firefox tells nothing of its adapter: by a Linux machine without a card it can only be the processor.
    const software =
      /^$|llvmpipe|swiftshader|warp|basic render/i.test(adapter.description) && !existsSync('/dev/dri');
    const call = (name: string, argument: unknown) => `globalThis.bench.${name}(${JSON.stringify(argument)})`;
    return {
      adapter: { ...adapter, software },
      engines,
      ceilings: (preset) => inPage(call('ceilings', preset)),
      kernels: (preset) => inPage(call('kernelTimes', preset)),
      row: (options) => inPage(call('trainingRow', options)),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
