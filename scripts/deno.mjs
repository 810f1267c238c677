/** Where Deno is, whose WebGPU is wgpu, and how it runs our files. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { root } from './ensure.mjs';

/** Deno's program: of the npm package's own optional dependency, which needs no install script, or the one on the path. */
export function findDeno() {
  const { resolve } = createRequire(join(root, 'package.json'));
  const libc = process.platform === 'linux' ? '-glibc' : '';
  const file = process.platform === 'win32' ? 'deno.exe' : 'deno';
  try {
    const manifest = resolve(`@deno/${process.platform}-${process.arch}${libc}/package.json`);
    return join(dirname(manifest), file);
  } catch {
    return spawnSync('deno', ['--version']).status === 0 ? 'deno' : null;
  }
}

/** Up to the file to run; types are checked by tsc. */
export const denoArguments = [
  'run',
  '-A',
  '--unstable-webgpu',
  '--no-lock',
  '--no-check',
  '--config',
  join(root, 'test/wgpu/deno.json'),
];
