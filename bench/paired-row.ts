/** One row of paired.ts: processor time of a training step of the checkout at a path, on Dawn in this process. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { GpuCounts } from './gpu-counters.ts';
import type { MeasureOptions, TrainingRow } from './training/row.ts';

const [tree = '', options = '{}'] = process.argv.slice(2);

interface Dawn {
  readonly globals: object;
  create(options: readonly string[]): GPU;
}

/** The other checkout's own modules. */
interface Modules {
  readonly installGpuCounters: () => () => GpuCounts;
  readonly benchPreset: (name: string, texts: Readonly<Record<string, string>>) => unknown;
  readonly trainingRow: (
    options: MeasureOptions,
    preset: unknown,
    counters: () => GpuCounts,
  ) => Promise<TrainingRow>;
}

const load = async (file: string) =>
  (await import(pathToFileURL(join(tree, 'bench', file)).href)) as Partial<Modules>;
const text = (file: string) => readFileSync(join(tree, 'configs', file), 'utf8');

const name = 'webgpu';
const dawn = (await import(name)) as Dawn;
Object.assign(globalThis, dawn.globals);
Object.defineProperty(globalThis, 'navigator', {
  value: { gpu: dawn.create([]), userAgent: 'Node' },
  configurable: true,
});
// Imported late: tfjs looks for WebGPU when it is loaded.
const { installGpuCounters, benchPreset, trainingRow } = {
  ...(await load('gpu-counters.ts')),
  ...(await load('training/presets.ts')),
  ...(await load('training/trainee.ts')),
} as Modules;
const counters = installGpuCounters();
/** At each look at the counters, the last two of which stand around the measured steps. */
const used: number[] = [];
const row = await trainingRow(
  JSON.parse(options) as MeasureOptions,
  benchPreset((JSON.parse(options) as MeasureOptions).preset, {
    localProd: text('local_prod.yaml'),
    playground: text('playground.yaml'),
    productionSchema: text('segdense.json'),
    playgroundSchema: text('playground-segdense.json'),
  }),
  () => {
    const { user, system } = process.cpuUsage();
    used.push((user + system) / 1000);
    return counters();
  },
);
const [from = NaN, to = NaN] = used.slice(-2);
// Dawn keeps the process alive.
process.stdout.write(
  `${JSON.stringify({ core: (to - from) / row.steps, wall: 1000 / row.steps_per_second })}\n`,
  () => process.exit(0),
);
