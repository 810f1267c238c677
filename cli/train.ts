/** `train`: begins a run, or goes on with one, in a run folder. */
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { MAX_SEED, newManifest } from '../src/runs/new-manifest.ts';
import type { RunManifest, RunRecipe } from '../src/runs/manifest.ts';
import { reasonAgain } from '../src/runs/engine-reason.ts';
import { RUN_FILES, RunFolder } from '../src/runs/run-folder.ts';
import type { RunFiles } from '../src/runs/streams.ts';
import { runModel } from '../src/runs/run-model.ts';
import type { RunModel } from '../src/runs/run-model.ts';
import type { ModelGraph } from '../src/graph/graph.ts';
import { CliError, UsageError } from './command.ts';
import type { Command, Options } from './command.ts';
import { ENGINE_OPTION, engineChoice, engineWord, readWeights } from './engine.ts';
import { besideConfig, readBytes } from './files.ts';
import { sha256OfBytes } from './hash.ts';
import { counted, duration, Pace, Progress } from './progress.ts';
import { configParts } from './recipe.ts';
import { loadConfig } from './run-config.ts';
import type { RunConfig } from './run-config.ts';
import { chosenData, DATA_NAMES, DATA_OPTIONS, locatedData, recipeFiles } from './run-data.ts';
import { HOME, openRunFolder, readManifest, runPath } from './run-folder.ts';
import type { OpenedRun } from './run-folder.ts';
import { engineFor, removeRun, trainFrom } from './training.ts';
import type { TrainingResult } from './training.ts';
import { appVersion } from './version.ts';

export const train: Command = {
  name: 'train',
  summary: 'Trains a model and keeps the run in a folder: losses, evaluations, checkpoints, weights.',
  options: [
    { name: 'config', value: 'FILE', help: 'Configuration (YAML) of a new run.' },
    {
      name: 'manifest',
      value: 'FILE',
      help: 'In its place: begin the run that a manifest.json describes anew, e.g. one of the page.',
    },
    {
      name: 'resume',
      value: 'DIR',
      help: 'In its place: go on with the run in this folder, exactly; --steps N trains it up to N in all.',
    },
    { name: 'out', value: 'DIR', help: 'Folder of a new run; made if it is not there, never overwritten.' },
    { name: 'name', value: 'NAME', help: 'Of a new run, as lists show it; without it, that of the folder.' },
    ...DATA_OPTIONS,
    { name: 'weights', value: 'FILE', help: 'Start from these weights (safetensors), at step 0.' },
    { name: 'steps', value: 'N', help: 'Steps to train in all; without it, num_train_steps.' },
    {
      name: 'seed',
      value: 'S',
      help: 'Of the initial weights, dropout, shuffling and drawn examples; 0 by default.',
    },
    ENGINE_OPTION,
    {
      name: 'noisy-shifts',
      help: 'Train shifts that only a BatchNorm reads on rounding noise, as the reference does; they stand still without it.',
    },
    { name: 'json', help: 'Print where the run ended as JSON on standard output.' },
  ],
  run: (options) => {
    const ways = ['config', 'manifest', 'resume'].filter((name) => options.has(name));
    if (ways.length !== 1) {
      throw new UsageError(
        'train needs one of --config FILE, --manifest FILE and --resume DIR; see train --help.',
      );
    }
    return options.has('resume') ? resume(options) : begin(options);
  },
};

/** What a new run is made of. */
interface Beginning {
  readonly manifest: RunManifest;
  readonly parts: RunModel;
  readonly files: RunFiles;
  /** The file of weights that it starts from. */
  readonly weights: Uint8Array | null;
  readonly description: string;
}

async function begin(options: Options): Promise<number> {
  const out = runPath(options.required('out'));
  await mustBeFree(out);
  const progress = new Progress();
  const made = options.has('manifest')
    ? await fromManifest(options, out, progress)
    : await fromConfig(options, out, progress);
  const { engine, record } = await engineFor(
    made.parts,
    made.manifest.recipe,
    made.manifest.recipe.engine.choice,
  );
  try {
    const folders = foldersToMake(out);
    const folder = await RunFolder.create(HOME, out, made.manifest);
    try {
      if (made.weights) await folder.saveWeights(made.weights);
      const run = { folder, manifest: made.manifest, ...made.parts };
      const opening = `Training ${counted(stepsOf(run), 'step')} on ${record.engine}, ${made.description}.`;
      return await trained(run, options, { engine, record, files: made.files, progress, opening });
    } catch (error) {
      // Nothing was learned, so nothing is worth keeping; a run that has begun can be resumed.
      if ((await folder.status()).step === 0) await removeRun(folder, folders);
      throw error;
    } finally {
      folder.close();
    }
  } finally {
    engine.dispose();
  }
}

async function resume(options: Options): Promise<number> {
  const path = options.required('resume');
  options.refuse(
    ['out', 'name', 'weights', 'seed', 'noisy-shifts', ...DATA_NAMES.filter((name) => name !== 'data')],
    '--resume takes the run as it is. For another one use --manifest and --out.',
  );
  const progress = new Progress();
  const run = await openRunFolder(path, 'write');
  try {
    const choice = run.manifest.ran.at(-1)?.engine ?? run.manifest.recipe.engine.choice;
    if (options.has('engine') && engineChoice(options) !== choice) {
      const word = choice === 'auto' ? 'auto' : engineWord(choice);
      throw new UsageError(
        `--engine can't be given here: the run goes on with ${word}, for the same numbers.`,
      );
    }
    const extended = await extend(run, options.wholeNumber('steps', 1));
    const files = await recipeFiles(extended.manifest.recipe.data, options.text('data'), progress);
    const before = run.manifest.ran.at(-1);
    const { engine, record } = await engineFor(extended, extended.manifest.recipe, choice, before);
    try {
      const from = (await run.folder.status()).step;
      const opening = `Going on with ${run.manifest.name}, ${from} of ${stepsOf(extended)} steps done, on ${record.engine}.`;
      const again = {
        ...record,
        reason: before ? reasonAgain(before.reason, engine.info.notes?.() ?? []) : record.reason,
      };
      return await trained(extended, options, { engine, record: again, files, progress, opening });
    } finally {
      engine.dispose();
    }
  } finally {
    run.folder.close();
  }
}

type Means = Pick<Parameters<typeof trainFrom>[1], 'engine' | 'record' | 'files' | 'progress' | 'opening'>;

/** Trains, and says how it ended. @returns the exit code. */
async function trained(run: OpenedRun, options: Options, means: Means): Promise<number> {
  const path = run.folder.path;
  const goOn = `train --resume ${path}`;
  const result = await trainFrom(run, { ...means, pace: new Pace() }).catch(async (error: unknown) => {
    const { step } = await run.folder.status();
    if (step > 0)
      means.progress.note(`Stopped at step ${step}; the run is kept in ${path}. Go on with ${goOn}.`);
    throw error;
  });
  const { progress } = means;
  const total = stepsOf(run);
  if (result.phase === 'finished') {
    progress.note(summary(result));
    if (result.step < total) progress.note(`The data has ended after ${result.step} of ${total} steps.`);
  } else progress.note(`Interrupted at step ${result.step} of ${total}, which is saved. Go on with ${goOn}.`);
  if (options.has('json')) {
    const { phase, step, loss, taskLosses, elapsedMs, skipped } = result;
    const { id, name } = run.folder.manifest;
    const engine = run.folder.manifest.ran.at(-1)?.engine ?? null;
    const printed = {
      id,
      name,
      out: path,
      phase,
      step,
      steps: total,
      loss,
      task_losses: taskLosses,
      elapsed_ms: elapsedMs,
      bad_records: skipped,
      engine,
    };
    process.stdout.write(`${JSON.stringify(printed)}\n`);
  }
  return result.code;
}

function summary({ step, loss, elapsedMs, skipped }: TrainingResult): string {
  const value = loss === null ? '' : `, loss ${loss.toFixed(5)}`;
  const bad = skipped > 0 ? `, ${skipped} bad records skipped` : '';
  return `Done: ${counted(step, 'step')}${value}${bad}, ${duration(elapsedMs / 1000)}.`;
}

function stepsOf({ recipe }: RunModel): number {
  return recipe.config.training.num_train_steps;
}

/** A run that is to train up to `steps` steps in all. @throws UsageError when it has done more. */
async function extend(run: OpenedRun, steps: number | null): Promise<OpenedRun> {
  if (steps === null || steps === stepsOf(run)) return run;
  const { step } = await run.folder.status();
  if (steps < step) {
    throw new UsageError(
      `--steps ${steps} can't be given here: the run has done ${step} steps. Name more, or begin a new run.`,
    );
  }
  const manifest = { ...run.manifest, recipe: { ...run.manifest.recipe, steps } };
  await run.folder.saveManifest(manifest);
  return { folder: run.folder, manifest, ...runModel(manifest.recipe) };
}

async function fromConfig(options: Options, out: string, progress: Progress): Promise<Beginning> {
  const seed = options.wholeNumber('seed', 0, MAX_SEED) ?? 0;
  const steps = options.wholeNumber('steps', 1);
  const choice = engineChoice(options);
  const run = await loadConfig(options.required('config'));
  const { recipe: parts, graph } = await configParts(run);
  const starting = await startingWeights(options, run);
  if (starting) tellFit(starting, graph, progress);
  const { data, files, description, notes } = await chosenData(options, run, progress);
  for (const note of notes) progress.note(`Note: ${note}`);
  const recipe: RunRecipe = {
    ...parts,
    steps,
    data,
    seeds: { weights: seed, data: seed },
    engine: { choice, precision: 'float32', noisyShifts: options.has('noisy-shifts') },
    warmStart: starting && warmStartOf(starting),
  };
  const manifest = newManifest({ recipe, name: nameOf(options, out), app: appVersion() });
  return { manifest, parts: runModel(recipe), files, weights: starting?.bytes ?? null, description };
}

/** A new run from another's manifest: what is given on the command line counts before it. */
async function fromManifest(options: Options, out: string, progress: Progress): Promise<Beginning> {
  options.refuse(
    DATA_NAMES.filter((name) => name !== 'data'),
    'the manifest says what the run is trained on.',
  );
  const { manifest: parent, folder } = await readManifest(options.required('manifest'));
  const seed = options.wholeNumber('seed', 0, MAX_SEED);
  const given = options.text('weights');
  const own = given === null ? null : { path: given, bytes: await readBytes(given) };
  const starting = own ?? (await parentsWeights(parent, folder));
  const recipe: RunRecipe = {
    ...parent.recipe,
    steps: options.wholeNumber('steps', 1) ?? parent.recipe.steps,
    seeds: seed === null ? parent.recipe.seeds : { weights: seed, data: seed },
    engine: {
      ...parent.recipe.engine,
      ...(options.has('engine') ? { choice: engineChoice(options) } : {}),
      ...(options.has('noisy-shifts') ? { noisyShifts: true } : {}),
    },
    warmStart: starting && warmStartOf(starting),
  };
  const parts = runModel(recipe);
  if (starting) tellFit(starting, parts.graph, progress);
  const files = await recipeFiles(recipe.data, options.text('data'), progress);
  const manifest = newManifest({
    recipe: { ...recipe, data: await locatedData(recipe.data, files, progress) },
    name: nameOf(options, out),
    parent: { run: parent.id, step: 0 },
    app: appVersion(),
  });
  const description = `as ${parent.name}`;
  return { manifest, parts, files, weights: starting?.bytes ?? null, description };
}

interface WeightsFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Says what was done to make the weights fit the model. @throws CliError when they don't. */
function tellFit({ path, bytes }: WeightsFile, graph: ModelGraph, progress: Progress): void {
  for (const note of readWeights(path, bytes, graph).notes) progress.note(`Note: ${path}: ${note}`);
}

function warmStartOf({ path, bytes }: WeightsFile): RunRecipe['warmStart'] {
  return { name: basename(path), size: bytes.length, sha256: sha256OfBytes(bytes) };
}

/** --weights, else the configuration's initial_checkpoint_dir; null for a fresh initialisation. */
async function startingWeights(options: Options, run: RunConfig): Promise<WeightsFile | null> {
  const given = options.text('weights');
  const configured = run.config.training.initial_checkpoint_dir;
  if (given === null && configured === null) return null;
  const path = given ?? besideConfig(run.path, configured ?? '');
  const isFolder = await stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  );
  const file = isFolder ? join(path, 'model.safetensors') : path;
  return { path: file, bytes: await readBytes(file) };
}

/** The weights that a manifest's run was started from, which lie beside it. @throws CliError when they don't. */
async function parentsWeights({ recipe }: RunManifest, folder: string): Promise<WeightsFile | null> {
  const { warmStart } = recipe;
  if (!warmStart) return null;
  const path = join(folder, 'initial.safetensors');
  const bytes = existsSync(path) ? await readBytes(path) : null;
  if (bytes && (warmStart.sha256 === null || sha256OfBytes(bytes) === warmStart.sha256))
    return { path, bytes };
  throw new CliError(
    `The run was started from the weights ${warmStart.name}: give them with --weights FILE.`,
  );
}

/** @throws CliError when the folder holds a run, or what looks like one. */
async function mustBeFree(out: string): Promise<void> {
  const names = await readdir(out).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [] as string[];
    throw new CliError(
      `${out}: can't be written (${error.code === 'ENOTDIR' ? 'it is no folder' : error.message}).`,
    );
  });
  if (names.includes('manifest.json')) {
    throw new CliError(
      `${out}: there is a run in this folder. Go on with it by train --resume ${out}, or name another --out.`,
    );
  }
  const [found] = names.filter((name) => RUN_FILES.includes(name));
  if (found !== undefined)
    throw new CliError(`${out}: there is a ${found} in this folder already. Name another --out.`);
}

/** The folder and those around it that are not there yet, innermost first. */
function foldersToMake(out: string): string[] {
  const missing: string[] = [];
  for (let at = resolve(out); !existsSync(at) && at !== dirname(at); at = dirname(at)) missing.push(at);
  return missing;
}

function nameOf(options: Options, out: string): string {
  const name = options.text('name') ?? basename(resolve(out));
  if (name === '' || name.length > 200) throw new UsageError('--name must have 1 to 200 characters.');
  return name;
}
