/** The trained model of a command: a run folder's newest weights, or a configuration with a file of weights. */
import type { DataConfig, RecapConfig } from '../src/config/recap-config.ts';
import type { DataPlan } from '../src/data/layout.ts';
import { planData } from '../src/data/layout.ts';
import { masksOf } from '../src/data/mask-files.ts';
import type { Engine } from '../src/engines/engine.ts';
import type { StateDict } from '../src/formats/state-dict.ts';
import type { ModelGraph } from '../src/graph/graph.ts';
import type { RunManifest } from '../src/runs/manifest.ts';
import { UsageError } from './command.ts';
import type { Options, OptionSpec } from './command.ts';
import { createEngine, engineChoice, loadWeights } from './engine.ts';
import type { EngineChoice } from './engine.ts';
import { buildModel, loadConfig, loadPlan } from './run-config.ts';
import { newestWeights, openRunFolder } from './run-folder.ts';
import { engineFor } from './training.ts';

export const MODEL_OPTIONS: readonly OptionSpec[] = [
  { name: 'run', value: 'DIR', help: 'Run folder: its newest weights.' },
  { name: 'config', value: 'FILE', help: 'In its place a configuration (YAML), with --weights.' },
  { name: 'weights', value: 'FILE', help: 'Weights of that configuration (safetensors).' },
];

/** A model with its weights. */
export interface LoadedModel {
  readonly graph: ModelGraph;
  readonly weights: StateDict;
}

export interface TrainedModel {
  /** What it was named by, for messages. */
  readonly path: string;
  readonly config: RecapConfig;
  readonly tasks: readonly string[];
  /** Of the run that it is of, where it was named by its run. */
  readonly manifest: RunManifest | null;
  /** The plan of train_data, or of a change of it. @throws CliError */
  plan(data: DataConfig): Promise<DataPlan>;
  /** @throws CliError naming the file and the tensor. */
  load(plan: DataPlan): Promise<LoadedModel>;
  /** An engine with the weights. @throws CliError as makeEngine. */
  engine(model: LoadedModel): Promise<Engine>;
}

/** @throws UsageError when neither is named, or both; CliError when it can't be read. */
export function trainedModel(command: string, options: Options): Promise<TrainedModel> {
  if (options.has('run') === options.has('config')) {
    throw new UsageError(
      `${command} needs one of --run DIR and --config FILE with --weights FILE; see ${command} --help.`,
    );
  }
  return options.has('run') ? ofRun(options) : ofConfig(options);
}

async function ofRun(options: Options): Promise<TrainedModel> {
  options.refuse(['weights'], 'it goes with --config.');
  const path = options.required('run');
  const run = await openRunFolder(path);
  const { manifest, graph, recipe } = run;
  const { config, schema, tasks, masks } = recipe;
  return {
    path,
    config,
    tasks,
    manifest,
    plan: async (data) => planData(data, schema, tasks, masksOf(data, masks)),
    load: async () => ({ graph, weights: (await newestWeights(run)).model }),
    engine: async ({ weights }) =>
      loaded((await engineFor(run, manifest.recipe, engineOf(options, manifest))).engine, weights),
  };
}

/** The one that trained the run where it is at hand everywhere: its digits are the run's own. */
function engineOf(options: Options, { ran }: RunManifest): EngineChoice {
  const last = ran.at(-1)?.engine;
  if (options.has('engine') || last === undefined) return engineChoice(options);
  return last === 'tfjs-wasm' || last === 'tfjs-cpu' ? last : 'auto';
}

async function ofConfig(options: Options): Promise<TrainedModel> {
  const run = await loadConfig(options.required('config'));
  const weights = options.required('weights');
  return {
    path: run.path,
    config: run.config,
    tasks: run.tasks,
    manifest: null,
    plan: (data) => loadPlan(run, data, ['train_data']),
    async load(plan) {
      const graph = buildModel(run, plan);
      return { graph, weights: (await loadWeights(weights, graph)).model };
    },
    engine: async (model) => loaded(await createEngine(options, run, model.graph, 0), model.weights),
  };
}

async function loaded(engine: Engine, weights: StateDict): Promise<Engine> {
  try {
    await engine.load(weights);
    return engine;
  } catch (error) {
    engine.dispose();
    throw error;
  }
}
