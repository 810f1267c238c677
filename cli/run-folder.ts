/** Run folders on disk, opened for a command. */
import { stat } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { initialState } from '../src/engines/init.ts';
import type { StateDict } from '../src/formats/state-dict.ts';
import type { ModelGraph } from '../src/graph/graph.ts';
import { NodeHome } from '../src/runs/homes/node-home.ts';
import { parseManifest } from '../src/runs/manifest.ts';
import { ManifestError } from '../src/runs/new-manifest.ts';
import type { RunManifest } from '../src/runs/manifest.ts';
import { RunCheckpoints, restorableSteps } from '../src/runs/run-checkpoints.ts';
import { RunFolder } from '../src/runs/run-folder.ts';
import { runModel } from '../src/runs/run-model.ts';
import type { RunModel } from '../src/runs/run-model.ts';
import { CliError } from './command.ts';
import { readWeights } from './engine.ts';
import { readText } from './files.ts';

/** Paths of runs are those that a person types. */
export const HOME = new NodeHome('');

/** A folder's path as this module's others take it. */
export function runPath(path: string): string {
  return normalize(path).replace(/(?<=.)[\\/]+$/, '');
}

export interface OpenedRun extends RunModel {
  readonly folder: RunFolder;
  readonly manifest: RunManifest;
}

/**
 * Opens a run folder with all that its manifest says.
 * @throws RunFolderError, ManifestError when there is no run that can be read; CliError when it is to be written and
 * another process writes it.
 */
export async function openRunFolder(path: string, mode: 'read' | 'write' = 'read'): Promise<OpenedRun> {
  const folder = await RunFolder.open(HOME, runPath(path), mode);
  try {
    if (mode === 'write' && !folder.writable) {
      throw new CliError(
        `${path}: ${HOME.holder(folder.path) ?? 'another process'} is writing this run; end it first.`,
      );
    }
    return { folder, manifest: folder.manifest, ...runModel(folder.manifest.recipe) };
  } catch (error) {
    folder.close();
    throw error;
  }
}

/** Weights of a run at a step. */
export interface RunWeights {
  readonly model: StateDict;
  /** Steps done. */
  readonly step: number;
}

/** The newest weights of a run: those of its end, of its last checkpoint, or the first. @throws CliError */
export async function newestWeights(run: OpenedRun): Promise<RunWeights> {
  const { folder, graph, manifest } = run;
  const [step, model] = [(await restorableSteps(folder)).at(-1) ?? null, folder.file('model.safetensors')];
  const bytes = await folder.home.read(model);
  if (bytes) {
    const { model: weights, metadata } = readWeights(model, bytes, graph);
    if (step === null || (metadata.step ?? 0) >= step) return { model: weights, step: metadata.step ?? 0 };
  }
  const checkpoint =
    step === null ? null : await new RunCheckpoints(folder, graph, { config: '', seed: 0 }).load(step);
  if (checkpoint) return { model: checkpoint.state.model, step: checkpoint.step };
  return { model: await initialWeights(folder, graph, manifest), step: 0 };
}

/** The weights of step 0: those it was started from, or drawn from the seed. @throws CliError */
export async function initialWeights(
  folder: RunFolder,
  graph: ModelGraph,
  { recipe }: RunManifest,
): Promise<StateDict> {
  const started = await folder.weights();
  if (started) return readWeights(folder.file('initial.safetensors'), started, graph).model;
  if (recipe.warmStart) {
    throw new CliError(
      `${folder.file('initial.safetensors')}: the weights that this run was started from are gone.`,
    );
  }
  return initialState(graph, recipe.seeds.weights);
}

/** A manifest by its file, or the folder that it is in. @throws CliError, ManifestError naming the file. */
export async function readManifest(path: string): Promise<{ manifest: RunManifest; folder: string }> {
  const isFolder = await stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  );
  const file = isFolder ? join(path, 'manifest.json') : path;
  try {
    return { manifest: parseManifest(await readText(file)), folder: dirname(file) };
  } catch (error) {
    throw error instanceof ManifestError ? new CliError(`${file}: ${error.message}`) : error;
  }
}
