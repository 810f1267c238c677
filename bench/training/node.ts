/** The training benchmark without a browser: our engine on Dawn in Node, for machines with a GPU and no display. */
import type { BenchOptions, BenchResult } from '../benchmark.ts';

/** @throws Error when the optional package `webgpu` (Dawn for Node) is not installed. */
export async function runInNode(options: BenchOptions): Promise<BenchResult> {
  options.log('Dawn in Node …');
  throw new Error('--runtime node needs the package webgpu: npm install --no-save webgpu@0.6.2');
}
