/** A headless Chromium on a Vite dev server, for benchmarks that need WebGPU. */
import type { Browser, Page } from 'playwright';
import { chromium } from 'playwright';
import type { ViteDevServer } from 'vite';
import { createServer } from 'vite';
import { chromiumExecutable, webgpuFlags } from '../scripts/browser.ts';

export interface AdapterDescription {
  readonly vendor: string;
  readonly architecture: string;
  readonly description: string;
  readonly software: boolean;
}

export interface BenchBrowser {
  readonly adapter: AdapterDescription;
  /** A fresh page on bench/index.html: no device, pool or counter of an earlier row is left in it. */
  open(): Promise<Page>;
  close(): Promise<void>;
}

const hardwareFlags = [
  ...webgpuFlags.filter((flag) => !flag.includes('swiftshader')),
  ...(process.platform === 'linux' ? ['--enable-features=Vulkan', '--use-angle=vulkan'] : []),
];

async function describeAdapter(page: Page): Promise<AdapterDescription | null> {
  return page.evaluate(async () => {
    const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' });
    if (!adapter) return null;
    const { vendor, architecture, description } = adapter.info;
    const text = `${vendor} ${architecture} ${description}`;
    return {
      vendor,
      architecture,
      description,
      software: /swiftshader|llvmpipe|warp|basic render/i.test(text),
    };
  });
}

/** Serves bench/index.html with the sources as they are. */
export async function serveBench(root: string): Promise<{ address: string; close(): Promise<void> }> {
  const server: ViteDevServer = await createServer({
    root,
    logLevel: 'warn',
    cacheDir: 'node_modules/.vite-bench',
    server: { port: 0, hmr: false, watch: null },
    // Dependencies that Vite discovers late would reload the page in the middle of a row.
    optimizeDeps: { entries: ['bench/index.html'], include: ['@tensorflow/tfjs-core'] },
  });
  await server.listen();
  return {
    address: new URL('bench/index.html', server.resolvedUrls?.local[0]).href,
    close: () => server.close(),
  };
}

/** Uses the machine's GPU where Chromium offers one, else the SwiftShader adapter on the CPU. */
export async function launchBench(root: string): Promise<BenchBrowser> {
  const server = await serveBench(root);
  const { address } = server;
  const executablePath = chromiumExecutable();

  const attempt = async (args: string[]): Promise<[Browser, AdapterDescription | null]> => {
    const browser = await chromium.launch({ ...(executablePath ? { executablePath } : {}), args });
    const page = await browser.newPage();
    await page.goto(address);
    const adapter = await describeAdapter(page);
    await page.close();
    return [browser, adapter];
  };
  let [browser, adapter] = await attempt(hardwareFlags);
  if (!adapter) {
    await browser.close();
    [browser, adapter] = await attempt(webgpuFlags);
  }
  if (!adapter) {
    await browser.close();
    await server.close();
    throw new Error('Chromium offers no WebGPU adapter, not even SwiftShader; the benchmark needs one.');
  }
  return {
    adapter,
    async open() {
      const page = await browser.newPage();
      page.on('console', (message) => {
        if (message.type() === 'error') process.stderr.write(`page: ${message.text()}\n`);
      });
      await page.goto(address);
      await page.waitForFunction(() => 'bench' in globalThis);
      return page;
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}
