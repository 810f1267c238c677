/** The engine of a command, and its weights. */
import type { Engine, EngineName, EngineOptions } from '../src/engines/engine.ts';
import { SafetensorsError } from '../src/formats/safetensors.ts';
import { StateDictError } from '../src/formats/state-dict-error.ts';
import { sizeOf } from '../src/formats/state-dict.ts';
import type { ModelGraph } from '../src/graph/graph.ts';
import type { RunRecipe } from '../src/runs/manifest.ts';
import { importWeights } from '../src/training/checkpoint.ts';
import type { ImportedWeights } from '../src/training/checkpoint.ts';
import { adamOptions } from '../src/engines/adam-options.ts';
import { firstThatWorks } from '../src/engines/fallback.ts';
import type { GpuDevice } from '../src/engines/gpu/device.ts';
import { CliError } from './command.ts';
import type { Options, OptionSpec } from './command.ts';
import { dawnDevice, hardwareDevice } from './dawn.ts';
import { readBytes } from './files.ts';
import type { RunConfig } from './run-config.ts';

/** Above this the wasm backend's matrix products gain more than its calls cost. */
const WASM_PARAMETERS = 50_000;

export type EngineChoice = RunRecipe['engine']['choice'];

/** The terminal's words for the engines. */
const CHOICES = { cpu: 'tfjs-cpu', wasm: 'tfjs-wasm', webgpu: 'webgpu', auto: 'auto' } as const;
const WORDS = ['cpu', 'wasm', 'webgpu', 'auto'] as const;

export const ENGINE_OPTION: OptionSpec = {
  name: 'engine',
  value: WORDS.join('|'),
  help: 'What computes; auto takes webgpu on a graphics card where Dawn is installed, else wasm for all but tiny models.',
};

/** --engine, auto where it is not given. @throws UsageError for an unknown name. */
export function engineChoice(options: Options): EngineChoice {
  return CHOICES[options.oneOf('engine', WORDS, 'auto')];
}

/** The terminal's word for an engine. */
export function engineWord(name: EngineName): string {
  return WORDS.find((word) => CHOICES[word] === name) ?? name;
}

export interface MadeEngine {
  readonly engine: Engine;
  /** Why this one, and what was given up for it, a sentence each. */
  readonly reason: string;
}

/** Where devices come from. */
interface Devices {
  readonly dawn: typeof dawnDevice;
  readonly hardware: typeof hardwareDevice;
}

/**
 * @param devices of Dawn, but in tests.
 * @throws CliError when an engine is asked for by name that is not to be had here, and what it throws itself.
 */
export async function makeEngine(
  choice: EngineChoice,
  options: EngineOptions,
  devices: Devices = { dawn: dawnDevice, hardware: hardwareDevice },
): Promise<MadeEngine> {
  const chosen = 'Chosen by you.';
  switch (choice) {
    case 'webgpu': {
      const engine = await webgpuEngine(options, await devices.dawn(options));
      return { engine, reason: [chosen, ...(engine.info.notes?.() ?? [])].join(' ') };
    }
    case 'tfjs-webgpu':
      throw new CliError(
        'The engine tfjs-webgpu runs in browsers only: take --engine webgpu or --engine wasm.',
      );
    case 'tfjs-wasm':
    case 'tfjs-cpu':
      return { engine: await tfjsEngine(options, choice), reason: chosen };
    case 'auto': {
      const parameters = options.graph.parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
      const large = parameters > WASM_PARAMETERS;
      const processor = large ? 'tfjs-wasm' : 'tfjs-cpu';
      const gpu = await devices.hardware(options);
      if (!gpu) {
        const reason = large ? 'The fastest without a graphics card.' : 'The fastest for a model this small.';
        return { engine: await tfjsEngine(options, processor), reason };
      }
      const { name, engine, notes } = await firstThatWorks(['webgpu', processor], (each) =>
        each === 'webgpu' ? webgpuEngine(options, gpu) : tfjsEngine(options, processor),
      );
      return {
        engine,
        reason: [...(name === 'webgpu' ? [`There is ${gpu.description}.`] : []), ...notes].join(' '),
      };
    }
  }
}

async function webgpuEngine(options: EngineOptions, gpu: GpuDevice): Promise<Engine> {
  const { createWebgpuEngine } = await import('../src/engines/webgpu/engine.ts');
  const { stepIsRight } = await import('../src/engines/select.ts');
  await stepIsRight(gpu);
  return createWebgpuEngine(options, gpu);
}

async function tfjsEngine(options: EngineOptions, name: 'tfjs-wasm' | 'tfjs-cpu'): Promise<Engine> {
  // Loading tfjs takes longer than finding out that a file is missing.
  const { createTfjsEngine } = await import('../src/engines/tfjs/engine.ts');
  return createTfjsEngine(options, name === 'tfjs-wasm' ? 'wasm' : 'cpu');
}

/** The engine of --engine for a configuration. @throws UsageError for an unknown name, CliError as makeEngine. */
export async function createEngine(
  options: Options,
  { config }: Pick<RunConfig, 'config'>,
  graph: ModelGraph,
  seed: number,
): Promise<Engine> {
  const { engine } = await makeEngine(engineChoice(options), {
    graph,
    adam: adamOptions(config),
    seed,
    batchSize: config.train_data.global_batch_size,
  });
  return engine;
}

/** Says on standard error what was done to make the file fit. @throws CliError naming the file and the tensor or byte. */
export async function loadWeights(path: string, graph: ModelGraph): Promise<ImportedWeights> {
  const imported = readWeights(path, await readBytes(path), graph);
  for (const note of imported.notes) process.stderr.write(`Note: ${path}: ${note}\n`);
  return imported;
}

/** Weights of a file that was read already. @throws CliError naming the file and the tensor or byte. */
export function readWeights(path: string, bytes: Uint8Array, graph: ModelGraph): ImportedWeights {
  try {
    return importWeights(bytes, graph);
  } catch (error) {
    if (error instanceof SafetensorsError || error instanceof StateDictError) {
      throw new CliError(`${path}: ${error.message}`);
    }
    throw error;
  }
}
