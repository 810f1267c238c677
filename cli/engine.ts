/** The engine of a command, and its weights. */
import type { Engine, EngineOptions } from '../src/engines/engine.ts';
import { SafetensorsError } from '../src/formats/safetensors.ts';
import { StateDictError } from '../src/formats/state-dict-error.ts';
import { sizeOf } from '../src/formats/state-dict.ts';
import type { ModelGraph } from '../src/graph/graph.ts';
import { importWeights } from '../src/training/checkpoint.ts';
import type { ImportedWeights } from '../src/training/checkpoint.ts';
import { adamOptions } from '../src/engines/adam-options.ts';
import { CliError } from './command.ts';
import type { Options, OptionSpec } from './command.ts';
import { readBytes } from './files.ts';
import type { RunConfig } from './run-config.ts';

/** Above this the wasm backend's matrix products gain more than its calls cost. */
const WASM_PARAMETERS = 50_000;

export const ENGINE_OPTION: OptionSpec = {
  name: 'engine',
  value: 'cpu|wasm|auto',
  help: 'What computes; auto takes wasm for all but tiny models.',
};

/** @throws CliError for an unknown name. */
export async function createEngine(
  options: Options,
  run: RunConfig,
  graph: ModelGraph,
  seed: number,
): Promise<Engine> {
  const choice = options.oneOf('engine', ['cpu', 'wasm', 'auto'], 'auto');
  const parameters = graph.parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const backend = choice === 'auto' ? (parameters > WASM_PARAMETERS ? 'wasm' : 'cpu') : choice;
  const engineOptions: EngineOptions = {
    graph,
    adam: adamOptions(run.config),
    seed,
    batchSize: run.config.train_data.global_batch_size,
  };
  // Loading tfjs takes longer than finding out that a file is missing.
  const { createTfjsEngine } = await import('../src/engines/tfjs/engine.ts');
  return createTfjsEngine(engineOptions, backend);
}

/** Says on standard error what was done to make the file fit. @throws CliError naming the file and the tensor or byte. */
export async function loadWeights(path: string, graph: ModelGraph): Promise<ImportedWeights> {
  const bytes = await readBytes(path);
  try {
    const imported = importWeights(bytes, graph);
    for (const note of imported.notes) process.stderr.write(`Note: ${path}: ${note}\n`);
    return imported;
  } catch (error) {
    if (error instanceof SafetensorsError || error instanceof StateDictError) {
      throw new CliError(`${path}: ${error.message}`);
    }
    throw error;
  }
}
