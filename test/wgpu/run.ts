/**
 * Runs GPU tests in Deno, whose WebGPU is wgpu with Naga, as Firefox's: arguments are test files, and `-t WORDS` takes
 * only the tests whose name holds the words. Writes a report like Vitest's to the file that WGPU_REPORT names, and fails when
 * the adapter is not there.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { runTests } from './vitest.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);
const root = new URL('../../', import.meta.url);

// Pages fetch fixtures from the server's root.
const fetched = globalThis.fetch;
globalThis.fetch = async (input, init) =>
  typeof input === 'string' && input.startsWith('/')
    ? new Response(await readFile(new URL(`.${input}`, root)))
    : fetched(input, init);

const adapter = await navigator.gpu?.requestAdapter();
if (!adapter) {
  say('wgpu finds no adapter: it needs a Vulkan driver, such as Mesa’s lavapipe (mesa-vulkan-drivers).');
  process.exit(3);
}
say(`wgpu on ${adapter.info.description || adapter.info.vendor || 'an unnamed adapter'}`);

const { values, positionals } = parseArgs({
  options: { t: { type: 'string', short: 't', default: '' } },
  allowPositionals: true,
});
const total = { passed: 0, failed: 0 };
for (const file of positionals) {
  await import(new URL(file, pathToFileURL(`${process.cwd()}/`)).href);
  const { passed, failed } = await runTests(file, say, values.t);
  total.passed += passed;
  total.failed += failed;
}
const report = process.env['WGPU_REPORT'];
if (report)
  await writeFile(
    report,
    JSON.stringify({ numPassedTests: total.passed, numFailedTests: total.failed, numPendingTests: 0 }),
  );
say(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);
