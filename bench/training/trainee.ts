/** Makes the engine of a benchmark row and measures it, in a page or in Node. */
import type { Engine, EngineOptions } from '../../src/engines/engine.ts';
import { threadGpu } from '../../src/engines/gpu/thread-gpu.ts';
import { initialState } from '../../src/engines/init.ts';
import { selectEngine } from '../../src/engines/select.ts';
import { createWebgpuEngine } from '../../src/engines/webgpu/engine.ts';
import { deviceNeeds } from '../../src/engines/webgpu/needs.ts';
import { adamOptions } from '../../src/engines/adam-options.ts';
import { modelGraph } from '../../src/graph/model-graph.ts';
import { learningRates } from '../../src/training/learning-rates.ts';
import type { GpuCounts } from '../gpu-counters.ts';
import { jaxJs } from './jax-js.ts';
import { SEED } from './presets.ts';
import type { BenchPreset } from './presets.ts';
import type { MeasureOptions, Trainee, TrainingRow } from './row.ts';
import { measure } from './row.ts';
import { maskNetShape } from './shape.ts';
import { stockTfjs } from './stock-tfjs.ts';

/** Ours with the first guess of every kernel, to compare the tuner's choice with. */
async function guessed(options: EngineOptions): Promise<Engine> {
  return createWebgpuEngine(options, await threadGpu(undefined, deviceNeeds(options)), {
    tuner: { budget: 0 },
  });
}

async function ownEngine(
  name: 'webgpu' | 'webgpu-guessed' | 'tfjs-webgpu' | 'tfjs-wasm',
  { config, layout, batch }: BenchPreset,
): Promise<Trainee> {
  const graph = modelGraph(config, layout);
  const options = { graph, adam: adamOptions(config), seed: SEED, batchSize: batch.size };
  const engine =
    name === 'webgpu-guessed' ? await guessed(options) : (await selectEngine(name, options)).engine;
  await engine.load(initialState(graph, SEED));
  const rates = learningRates(config);
  let step = 0;
  return {
    async step() {
      // Past every ramp, so that the losses show learning.
      return (await engine.step(batch, rates(10_000 + step++))).loss;
    },
    async many(count) {
      const flying: Promise<unknown>[] = [];
      for (let at = 0; at < count; at++) {
        while (flying.length >= (engine.info.inFlight?.() ?? 2)) await flying.shift();
        flying.push(engine.step(batch, rates(10_000 + step++)));
      }
      await Promise.all(flying);
    },
    settled: async () => engine.settled?.(),
    dispose: () => engine.dispose(),
  };
}

async function trainee(options: MeasureOptions, preset: BenchPreset): Promise<Trainee> {
  switch (options.engine) {
    case 'webgpu':
    case 'webgpu-guessed':
      return ownEngine(options.engine, preset);
    case 'tfjs':
      return ownEngine('tfjs-webgpu', preset);
    case 'tfjs-wasm':
      return ownEngine('tfjs-wasm', preset);
    case 'stock-tfjs':
    case 'jax-js': {
      const shape = maskNetShape(preset.config.model, preset.layout, preset.batch.size);
      return options.engine === 'jax-js'
        ? jaxJs(shape, preset.batch)
        : stockTfjs(shape, preset.batch, 'webgpu');
    }
  }
}

/** @param counters of the WebGPU calls, installed before any device existed. */
export async function trainingRow(
  options: MeasureOptions,
  preset: BenchPreset,
  counters: () => GpuCounts,
): Promise<TrainingRow> {
  const subject = await trainee(options, preset);
  try {
    return await measure(subject, options.engine === 'tfjs-wasm' ? null : counters, options);
  } finally {
    subject.dispose();
  }
}
