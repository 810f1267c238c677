/** `npm run soak -- --minutes N`: the built page under use, losing its device about every minute. */
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { build, preview } from 'vite';
import { chromiumExecutable, webgpuFlags } from '../../scripts/browser.ts';
import { ensureBrowser } from '../../scripts/ensure.mjs';
import { textTable } from '../benchmark.ts';
import { giveOutDevice, soak } from './soak.ts';
import type { SoakResult } from './soak.ts';

/** Growth of the heap from the first third of the rounds to the last that is still called flat. */
const FLAT = 1.25;

/** Milliseconds of training between two losses of the device; using the page takes the rest of a minute. */
const BETWEEN = 50_000;

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '30' } } });
const minutes = Number(values.minutes);
if (!(minutes > 0)) throw new Error(`--minutes is a number above 0, not '${values.minutes}'.`);
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const median = (list: readonly number[]): number => list.toSorted((a, b) => a - b)[list.length >> 1] ?? NaN;

function report({ rounds, stepsLost, stepsTwice, errors }: SoakResult): boolean {
  console.log(
    textTable(
      ['round', 'step', 'heap MB', 'nodes'],
      rounds.map(({ step, heapBytes, domNodes }, at) => [
        String(at + 1),
        String(step),
        (heapBytes / 1e6).toFixed(1),
        String(domNodes),
      ]),
    ),
  );
  const heaps = rounds.map(({ heapBytes }) => heapBytes);
  const third = Math.max(1, Math.floor(heaps.length / 3));
  const growth = median(heaps.slice(-third)) / median(heaps.slice(0, third));
  console.log(
    `\nsteps lost ${stepsLost}, done twice ${stepsTwice}; heap × ${growth.toFixed(2)} from the first third to the last; errors ${errors.length}`,
  );
  for (const error of errors) console.log(`✘ ${error}`);
  return stepsLost === 0 && stepsTwice === 0 && errors.length === 0 && growth <= FLAT;
}

await ensureBrowser();
await build({ root, logLevel: 'warn' });
const server = await preview({ root, preview: { port: 0 } });
const executablePath = chromiumExecutable();
const browser = await chromium.launch({
  ...(executablePath ? { executablePath } : {}),
  args: webgpuFlags,
});
try {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    baseURL: server.resolvedUrls?.local[0] ?? '',
    serviceWorkers: 'block',
  });
  const page = await context.newPage();
  await giveOutDevice(page);
  const end = Date.now() + minutes * 60_000;
  let lost = 0;
  const yaml = readFileSync(`${root}/configs/playground.yaml`, 'utf8');
  const result = await soak(page, yaml, {
    goOn: () => {
      lost = Date.now();
      return lost < end;
    },
    isTime: (steps) => steps > 0 && Date.now() - lost > BETWEEN,
    log: (line) => process.stderr.write(`${line}\n`),
  });
  if (!report(result)) process.exitCode = 1;
} finally {
  await browser.close();
  await new Promise((closed) => server.httpServer.close(closed));
}
