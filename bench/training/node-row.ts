/** One question of the training benchmark, answered on Dawn in this process: a JSON line on standard output. */
import { readFileSync } from 'node:fs';
import { installGpuCounters } from '../gpu-counters.ts';
import type { MeasureOptions, RowPreset } from './row.ts';

type Request =
  | { readonly kind: 'adapter' }
  | { readonly kind: 'ceilings' | 'kernels'; readonly preset: RowPreset }
  | { readonly kind: 'row'; readonly options: MeasureOptions };

interface Dawn {
  readonly globals: object;
  create(options: readonly string[]): GPU;
}

async function loadDawn(): Promise<GPU> {
  // Deno brings its own.
  if (globalThis.navigator?.gpu) return navigator.gpu;
  const name = 'webgpu';
  const dawn = (await import(/* @vite-ignore */ name).catch(() => null)) as Dawn | null;
  if (!dawn) throw new Error('--runtime node needs Dawn: npm install --no-save webgpu@0.6.2');
  Object.assign(globalThis, dawn.globals);
  const gpu = dawn.create([]);
  Object.defineProperty(globalThis, 'navigator', {
    value: { gpu, userAgent: 'Node' },
    configurable: true,
  });
  return gpu;
}

const read = (file: string) => readFileSync(new URL(`../../configs/${file}`, import.meta.url), 'utf8');
const texts = () => ({
  localProd: read('local_prod.yaml'),
  playground: read('playground.yaml'),
  productionSchema: read('segdense.json'),
  playgroundSchema: read('playground-segdense.json'),
});

async function answer(request: Request): Promise<unknown> {
  const gpu = await loadDawn();
  // Imported late: tfjs looks for WebGPU when it is loaded.
  const { benchPreset } = await import('./presets.ts');
  switch (request.kind) {
    case 'adapter': {
      const { isSoftwareAdapter } = await import('../../src/engines/gpu/device.ts');
      const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
      if (!adapter) throw new Error('Dawn finds no adapter: is there a Vulkan driver? See VK_ICD_FILENAMES.');
      const { vendor, architecture, description } = adapter.info;
      return { vendor, architecture, description, software: isSoftwareAdapter(adapter.info) };
    }
    case 'ceilings': {
      const { ceilings } = await import('./ceilings.ts');
      return ceilings(benchPreset(request.preset, texts()));
    }
    case 'kernels': {
      const { kernelTimes } = await import('./profile.ts');
      return kernelTimes(benchPreset(request.preset, texts()));
    }
    case 'row': {
      const counters = installGpuCounters();
      const { trainingRow } = await import('./trainee.ts');
      return trainingRow(request.options, benchPreset(request.options.preset, texts()), counters);
    }
  }
}

const print = (line: object): void => {
  // Dawn keeps the process alive.
  process.stdout.write(`${JSON.stringify(line)}\n`, () => process.exit(0));
};

answer(JSON.parse(process.argv[2] ?? '{}') as Request).then(
  (value) => print({ value }),
  (error: unknown) => print({ error: error instanceof Error ? error.message : String(error) }),
);
