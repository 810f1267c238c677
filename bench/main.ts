/** `npm run bench`: every benchmark of the project, or those that --only names. */
import { rename, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureBrowser } from '../scripts/ensure.mjs';
import { pytorchBenchmark } from './pytorch/run.ts';
import { pageBenchmark } from './app/run.ts';
import type { Benchmark, BenchOptions } from './benchmark.ts';
import { RUNTIMES } from './benchmark.ts';
import { dataBenchmark } from './data.ts';
import { learningBenchmark } from './learning.ts';
import { rankingBenchmark } from './ranking.ts';
import { trainingBenchmark } from './training/run.ts';

const benchmarks: readonly Benchmark[] = [
  trainingBenchmark,
  learningBenchmark,
  dataBenchmark,
  rankingBenchmark,
  pageBenchmark,
  pytorchBenchmark,
];

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    json: { type: 'string' },
    runtime: { type: 'string', default: 'browser' },
    engines: { type: 'string' },
    presets: { type: 'string' },
    profile: { type: 'boolean', default: false },
    help: { type: 'boolean' },
  },
});
const usage = `npm run bench -- [--only ${benchmarks.map((b) => b.name).join('|')}] [--json FILE] [--runtime ${RUNTIMES.join('|')}|all]
  training only: [--engines webgpu,webgpu-guessed,tfjs,stock-tfjs,tfjs-wasm,jax-js] [--presets playground,local_prod,local_prod/4] [--profile]`;

async function writeJson(file: string, value: unknown): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.partial`, `${JSON.stringify(value, null, 2)}\n`);
  await rename(`${file}.partial`, file);
}

async function main(): Promise<void> {
  if (values.help) {
    console.log(usage);
    return;
  }
  const names = values.only?.split(',') ?? benchmarks.filter((b) => !b.onRequest).map((b) => b.name);
  const chosen = names.map((name) => {
    const found = benchmarks.find((b) => b.name === name);
    if (!found) throw new Error(`No benchmark is called '${name}'.\n${usage}`);
    return found;
  });
  const runtimes = RUNTIMES.filter((name) => values.runtime === 'all' || values.runtime === name);
  if (runtimes.length === 0) {
    throw new Error(`--runtime is ${RUNTIMES.join(', ')} or all, not '${values.runtime}'.`);
  }
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  const options: BenchOptions = {
    root,
    runtimes,
    engines: values.engines?.split(',') ?? null,
    presets: values.presets?.split(',') ?? null,
    profile: values.profile,
    log: (line) => process.stderr.write(`${line}\n`),
  };
  if (runtimes.includes('browser')) await ensureBrowser();
  const results: Record<string, unknown> = {};
  for (const benchmark of chosen) {
    const { json, table, broken = [] } = await benchmark.run(options);
    results[benchmark.name] = json;
    console.log(`\n${benchmark.title}\n${table}`);
    for (const line of broken) console.log(`✘ ${benchmark.name}: ${line}`);
    if (broken.length > 0) process.exitCode = 1;
    await writeJson(join(root, 'bench', 'results', `${benchmark.name}.json`), json);
  }
  const only = chosen.length === 1 ? chosen[0] : undefined;
  if (values.json) await writeJson(values.json, only ? results[only.name] : results);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
