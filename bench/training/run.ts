/** The training benchmark: every engine on every preset, each row in a page of its own, all on one adapter. */
import type { Page } from 'playwright';
import type { Benchmark, BenchOptions, BenchResult, Runtime } from '../benchmark.ts';
import { textTable } from '../benchmark.ts';
import { launchBench } from '../browser.ts';
import type { Ceilings } from './ceilings.ts';
import { launchFirefox } from './firefox.ts';
import { launchNode } from './node.ts';
import type { KernelTime } from './profile.ts';
import { kernelTable } from './profile.ts';
import type { RowEngine, RowPreset, TrainingRow } from './row.ts';
import type { RowRunner } from './row-runner.ts';

const engines: readonly RowEngine[] = [
  'webgpu',
  'webgpu-guessed',
  'tfjs',
  'stock-tfjs',
  'tfjs-wasm',
  'jax-js',
];
const presets: readonly RowPreset[] = ['playground', 'local_prod/4', 'local_prod'];

/** A row that could not be measured says why instead of being left out. */
export interface FailedRow {
  readonly engine: RowEngine;
  readonly preset: RowPreset;
  readonly error: string;
}

/** Steps to measure: a production step takes minutes on a software adapter, so its first step is the measurement there. */
function effort(preset: RowPreset, engine: RowEngine, software: boolean): { steps: number; seconds: number } {
  if (!software) return { steps: 100, seconds: 20 };
  if (preset === 'playground') return { steps: 60, seconds: 20 };
  if (preset === 'local_prod/4')
    return { steps: engine === 'webgpu' || engine === 'tfjs-wasm' ? 5 : 2, seconds: 40 };
  return { steps: engine === 'webgpu' ? 1 : 0, seconds: 60 };
}

function chosen<T extends string>(
  all: readonly T[],
  wanted: readonly string[] | null,
  what: string,
): readonly T[] {
  const unknown = wanted?.find((name) => !all.includes(name as T));
  if (unknown !== undefined)
    throw new Error(`No ${what} is called '${unknown}'; there are ${all.join(', ')}.`);
  return wanted ? all.filter((name) => wanted.includes(name)) : all;
}

const number = (value: number | null, digits = 0): string =>
  value === null
    ? '–'
    : value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits });

const megabytes = (bytes: number | null): string => (bytes === null ? '–' : number(bytes / 1e6, 1));

function table(
  rows: readonly (TrainingRow | FailedRow)[],
  ceilings: Readonly<Record<string, Ceilings>>,
): string {
  const header = [
    'preset',
    'engine',
    'steps/s',
    'pipelined',
    '× stock',
    '% of ceiling',
    'dispatches',
    'submits',
    'bind groups',
    'buffers',
    'held MB',
    'moved MB',
  ];
  const body = rows.map((row) => {
    if ('error' in row) return [row.preset, row.engine, row.error];
    const stock = rows.find((r) => r.preset === row.preset && r.engine === 'stock-tfjs');
    const times =
      stock && !('error' in stock) ? `${number(row.steps_per_second / stock.steps_per_second, 1)}×` : '–';
    const ceiling = ceilings[row.preset];
    const share =
      ceiling && row.engine !== 'tfjs-wasm'
        ? `${number((100 * row.steps_per_second) / ceiling.steps_per_second, 0)}%`
        : '–';
    return [
      row.preset,
      row.engine,
      number(row.steps_per_second, row.steps_per_second < 10 ? 3 : 1),
      number(row.pipelined_steps_per_second, (row.pipelined_steps_per_second ?? 0) < 10 ? 3 : 1),
      times,
      share,
      number(row.dispatches_per_step),
      number(row.submits_per_step),
      number(row.bind_groups_per_step),
      number(row.buffers_created_per_step),
      megabytes(row.gpu_bytes),
      megabytes(row.bytes_moved_per_step),
    ];
  });
  return textTable(header, body);
}

async function launchPages(root: string): Promise<RowRunner> {
  const browser = await launchBench(root);
  const inPage = async <A, T>(call: (page: Page, argument: A) => Promise<T>, argument: A): Promise<T> => {
    const page = await browser.open();
    try {
      return await call(page, argument);
    } finally {
      await page.close();
    }
  };
  return {
    adapter: browser.adapter,
    engines,
    ceilings: (preset) =>
      inPage((page, name) => page.evaluate((at) => globalThis.bench.ceilings(at), name), preset),
    kernels: (preset) =>
      inPage((page, name) => page.evaluate((at) => globalThis.bench.kernelTimes(at), name), preset),
    row: (options) =>
      inPage((page, wanted) => page.evaluate((at) => globalThis.bench.trainingRow(at), wanted), options),
    close: () => browser.close(),
  };
}

function launch(runtime: Runtime, root: string): Promise<RowRunner> {
  switch (runtime) {
    case 'browser':
      return launchPages(root);
    case 'firefox':
      return launchFirefox(root);
    case 'node':
    case 'deno':
      return launchNode(root, runtime);
  }
}

async function rowsOf(runner: RowRunner, options: BenchOptions): Promise<BenchResult> {
  options.log(`adapter: ${JSON.stringify(runner.adapter)}`);
  const rows: (TrainingRow | FailedRow)[] = [];
  const limits: Record<string, Ceilings> = {};
  const kernels: Record<string, KernelTime[]> = {};
  for (const preset of chosen(presets, options.presets, 'preset')) {
    limits[preset] = await runner.ceilings(preset);
    if (options.profile) kernels[preset] = await runner.kernels(preset);
    const wanted = chosen(engines, options.engines, 'engine');
    for (const engine of runner.engines.filter((each) => wanted.includes(each))) {
      // Where the adapter computes on the processor nothing is measured: both are the same.
      if (engine === 'webgpu-guessed' && runner.adapter.software) continue;
      options.log(`${preset}: ${engine} …`);
      try {
        rows.push(await runner.row({ engine, preset, ...effort(preset, engine, runner.adapter.software) }));
      } catch (error) {
        rows.push({
          engine,
          preset,
          error: error instanceof Error ? error.message.split('\n')[0]! : String(error),
        });
      }
    }
  }
  const profiles = Object.entries(kernels).map(
    ([preset, times]) => `\n${preset}, kernel by kernel\n${kernelTable(times, limits[preset]!)}`,
  );
  return {
    json: { adapter: runner.adapter, ceilings: limits, rows, ...(options.profile ? { kernels } : {}) },
    table: [table(rows, limits), ...profiles].join('\n'),
  };
}

async function run(options: BenchOptions): Promise<BenchResult> {
  const results: Record<string, unknown> = {};
  const tables: string[] = [];
  const [only, ...others] = options.runtimes;
  for (const runtime of options.runtimes) {
    let runner: RowRunner;
    try {
      runner = await launch(runtime, options.root);
    } catch (error) {
      if (others.length === 0) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      results[runtime] = { leftOut: reason };
      tables.push(`${runtime} left out: ${reason}`);
      continue;
    }
    try {
      const { json, table: text } = await rowsOf(runner, options);
      results[runtime] = json;
      const { vendor, architecture, description } = runner.adapter;
      const name = [vendor, architecture, description].filter((word) => word !== '').join(' ');
      tables.push(others.length === 0 ? text : `${runtime}, ${name || 'an unnamed adapter'}\n${text}`);
    } finally {
      await runner.close();
    }
  }
  return { json: only && others.length === 0 ? results[only] : results, table: tables.join('\n\n') };
}

export const trainingBenchmark: Benchmark = {
  name: 'training',
  title: 'Training: one batch of 128, forward, backward and Adam, loss read back each step',
  run,
};
