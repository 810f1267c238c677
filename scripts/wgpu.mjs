/**
 * The GPU tests on a second implementation: wgpu with Naga, which Firefox uses, by Deno on whatever Vulkan driver there is
 * (on machines without a graphics card Mesa's lavapipe). `npm test -- wgpu`; arguments are test files, and `-t WORDS` takes
 * only the tests with the words in their names, `--all` every tile and every product of production's in every way, which takes
 * a quarter of an hour and more. Says what is missing where it can't run.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { denoArguments, findDeno } from './deno.mjs';
import { root } from './ensure.mjs';

const FILES = [
  'test/wgpu/kernels.ts',
  'test/wgpu/tiles.ts',
  'src/engines/webgpu/fixtures.browser.test.ts',
  'src/engines/webgpu/kernels/columns.browser.test.ts',
];
/** Not a part of `npm test`: compiling it all, and computing it with plain loops beside, takes long. */
const ALL = ['test/wgpu/all-tiles.ts', 'test/wgpu/production-products.ts'];
/** What run.ts ends with when there is no adapter. */
const NO_ADAPTER = 3;

const report = process.env.WGPU_REPORT ?? join(root, 'test-results', 'wgpu.json');

function leaveOut(reason) {
  mkdirSync(dirname(report), { recursive: true });
  writeFileSync(report, JSON.stringify({ leftOut: reason }));
  console.log(`wgpu left out: ${reason}`);
  process.exit(0);
}

const deno = findDeno();
if (!deno) leaveOut('Deno is not installed (npm install deno@2.9.6).');
const given = process.argv.slice(2);
const files = given.flatMap((word) => (word === '--all' ? ALL : [word]));
if (files.every((word, at) => word.startsWith('-') || files[at - 1] === '-t')) files.unshift(...FILES);
mkdirSync(join(root, 'test-results'), { recursive: true });
const child = spawn(deno, [...denoArguments, 'test/wgpu/run.ts', ...files], {
  cwd: root,
  stdio: 'inherit',
  env: {
    ...process.env,
    WGPU_REPORT: report,
    // Mesa's driver for the processor: a kernel runs here once or twice, so compiling it well takes longer than it saves.
    GALLIVM_PERF: process.env.GALLIVM_PERF ?? 'nopt',
    // Mesa asks for a folder of its own and complains without one.
    XDG_RUNTIME_DIR: process.env.XDG_RUNTIME_DIR ?? join(root, 'test-results'),
  },
});
child.on('close', (code) => {
  if (code === NO_ADAPTER)
    leaveOut('there is no Vulkan driver (on Debian: apt-get install mesa-vulkan-drivers).');
  process.exit(code ?? 1);
});
