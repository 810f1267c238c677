/**
 * Chooses who computes. One factory per engine; `auto` takes our WebGPU engine on a real GPU, what software-choice.ts says
 * where the adapter runs on the CPU, and wasm where there is no WebGPU.
 */
import type { RecapBatch } from '../data/recap-batch.ts';
import { inputWidths } from './batch.ts';
import type { Engine, EngineName, EngineOptions, LearningRates } from './engine.ts';
import { NoWebGpuError, type GpuDevice } from './gpu/device.ts';
import { firstThatWorks } from './fallback.ts';
import { threadGpu } from './gpu/thread-gpu.ts';
import type { Choice } from './software-choice.ts';
import { knownChoice, stepWork, timedChoice } from './software-choice.ts';
import { tuningStore } from './tuning-store.ts';
import { createWebgpuEngine } from './webgpu/engine.ts';
import { deviceNeeds } from './webgpu/needs.ts';
import { checkStep } from './webgpu/self-check.ts';

export interface SelectHooks {
  /** The engine is measuring kernels: done of total. */
  readonly onTuning?: (done: number, total: number) => void;
  /** The GPU device is gone: everything on it must be prepared again. */
  readonly onDeviceLost?: (message: string) => void;
}

export interface Selection {
  readonly engine: Engine;
  /** Why this engine, one sentence. */
  readonly reason: string;
}

/** Devices that were asked to compute a step, and what came of it. */
const checked = new WeakMap<GPUDevice, Promise<void>>();

/**
 * Asks a graphics card once whether it computes right; adapters on the CPU are the ones that tests run on.
 * @throws SelfCheckError when it does not, and what the engine throws.
 */
export function stepIsRight(gpu: GpuDevice): Promise<void> {
  if (gpu.software) return Promise.resolve();
  const known =
    checked.get(gpu.device) ?? checkStep((tiny) => createWebgpuEngine(tiny, gpu, { tuner: { budget: 0 } }));
  checked.set(gpu.device, known);
  return known;
}

/** Half of a worker's code, and not needed where our engine is taken. */
const tfjs = async () => (await import('./tfjs/engine.ts')).createTfjsEngine;

/** One engine by name. @throws NoWebGpuError when it needs WebGPU and there is none. */
async function create(name: EngineName, options: EngineOptions, hooks: SelectHooks): Promise<Engine> {
  switch (name) {
    case 'webgpu': {
      const gpu = await threadGpu(hooks.onDeviceLost, deviceNeeds(options));
      await stepIsRight(gpu);
      return createWebgpuEngine(options, gpu, {
        tuner: { store: tuningStore(), ...(hooks.onTuning ? { onProgress: hooks.onTuning } : {}) },
      });
    }
    case 'tfjs-webgpu':
      return (await tfjs())(options, 'webgpu', { gpu: await threadGpu(hooks.onDeviceLost) });
    case 'tfjs-wasm':
      return (await tfjs())(options, 'wasm');
    case 'tfjs-cpu':
      return (await tfjs())(options, 'cpu');
  }
}

/** Steps timed of each candidate, after one that compiles; the fastest counts, as noise only ever adds. */
const TIMED_STEPS = 3;

/** A batch of ones: timing needs shapes, not values. */
function timingBatch({ graph, batchSize }: EngineOptions): RecapBatch {
  const batch = {
    size: batchSize,
    continuous: new Float32Array(0),
    binary: new Float32Array(0),
    discrete: new Float32Array(0),
    userEmbedding: new Float32Array(0),
    userEngEmbedding: new Float32Array(0),
    authorEmbedding: new Float32Array(0),
    labels: new Float32Array(batchSize * graph.outputs.length),
    weights: null,
  };
  for (const { tensor, width } of inputWidths(graph)) {
    batch[tensor] = Float32Array.from({ length: batchSize * width }, (_unused, i) => (i % 7) / 7);
  }
  return batch;
}

/** Milliseconds of one training step, loss read back. Changes the engine's state. */
async function timeStep(engine: Engine, options: EngineOptions): Promise<number> {
  const batch = timingBatch(options);
  const rates: LearningRates = Object.fromEntries(options.graph.groups.map((group) => [group, 0]));
  await engine.step(batch, rates);
  let best = Infinity;
  for (let i = 0; i < TIMED_STEPS; i++) {
    const start = performance.now();
    await engine.step(batch, rates);
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

/** What was faster for a model of this size on this thread's software adapter; measured once. */
const measured = new Map<string, Promise<Choice>>();

async function measureCandidates(options: EngineOptions, hooks: SelectHooks): Promise<Choice> {
  const time = async (name: EngineName) => {
    const engine = await create(name, options, hooks);
    try {
      return await timeStep(engine, options);
    } finally {
      engine.dispose();
    }
  };
  return timedChoice(await time('webgpu'), await time('tfjs-wasm'));
}

/** What takes over on a graphics card where our engine is given up. */
const HARDWARE: readonly EngineName[] = ['tfjs-webgpu', 'tfjs-wasm'];

async function chooseAuto(options: EngineOptions, hooks: SelectHooks) {
  let gpu: GpuDevice;
  try {
    gpu = await threadGpu(hooks.onDeviceLost);
  } catch (error) {
    if (!(error instanceof NoWebGpuError)) throw error;
    return { name: 'tfjs-wasm' as const, reason: `${error.message} Computing on the processor meanwhile.` };
  }
  if (!gpu.software) {
    return { name: 'webgpu' as const, reason: `WebGPU works here, on ${gpu.description}.`, others: HARDWARE };
  }
  const work = stepWork(options);
  const known = knownChoice(work, navigator.hardwareConcurrency || 1);
  if (known) return known;
  const key = `${work}`;
  const choice = measured.get(key) ?? measureCandidates(options, hooks);
  measured.set(key, choice);
  choice.catch(() => measured.delete(key));
  return choice;
}

/**
 * The engine of that name, or for 'auto' the best there is, with parameters initialised from `options.seed`.
 * @throws NoWebGpuError when a WebGPU engine is asked for by name and there is no WebGPU.
 */
export async function selectEngine(
  choice: EngineName | 'auto',
  options: EngineOptions,
  hooks: SelectHooks = {},
): Promise<Selection> {
  if (choice !== 'auto') {
    const engine = await create(choice, options, hooks);
    return { engine, reason: ['Chosen by you.', ...(engine.info.notes?.() ?? [])].join(' ') };
  }
  const chosen = await chooseAuto(options, hooks);
  const order = 'others' in chosen ? [chosen.name, ...chosen.others] : [chosen.name];
  const { name, engine, notes } = await firstThatWorks(order, (each) => create(each, options, hooks));
  return { engine, reason: [...(name === chosen.name ? [chosen.reason] : []), ...notes].join(' ') };
}
