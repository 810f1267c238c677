/**
 * Training rows without a browser, for machines with a GPU and no display: WebGPU is Dawn, from the package `webgpu`. It is
 * no dependency, because it weighs 130 MB and only this needs it; or wgpu, in Deno. Every row is a process of its own (node-row.ts).
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { denoArguments, findDeno } from '../../scripts/deno.mjs';
import type { RowEngine } from './row.ts';
import type { RowRunner } from './row-runner.ts';

/** Engines that need no page: tfjs on wasm and jax-js load their parts by address. */
const engines: readonly RowEngine[] = ['webgpu', 'webgpu-guessed', 'tfjs', 'stock-tfjs'];

const TIMEOUT_MS = 15 * 60 * 1000;

/** @throws Error when `webgpu` is not installed, or offers no adapter. */
export async function launchNode(root: string, runtime: 'node' | 'deno' = 'node'): Promise<RowRunner> {
  const deno = runtime === 'deno' ? findDeno() : null;
  if (runtime === 'deno' && !deno) throw new Error('--runtime deno needs Deno: npm install deno@2.9.6');
  const program = deno ?? process.execPath;
  const before = deno ? denoArguments : ['--import', import.meta.resolve('tsx')];
  const ask = async (request: unknown) => {
    const { stdout } = await promisify(execFile)(
      program,
      [...before, join(root, 'bench/training/node-row.ts'), JSON.stringify(request)],
      { timeout: TIMEOUT_MS, maxBuffer: 2 ** 26 },
    );
    const answer = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
    if ('error' in answer) throw new Error(answer.error);
    return answer.value;
  };
  return {
    adapter: await ask({ kind: 'adapter' }),
    engines,
    ceilings: (preset) => ask({ kind: 'ceilings', preset }),
    kernels: (preset) => ask({ kind: 'kernels', preset }),
    row: (options) => ask({ kind: 'row', options }),
    close: async () => {},
  };
}
