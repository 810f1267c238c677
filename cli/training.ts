/** A run that trains in this process: its engine, its loop, its folder, and what a person sees of it. */
import { rmdir } from 'node:fs/promises';
import { adamOptions } from '../src/engines/adam-options.ts';
import type { Engine, EngineOptions } from '../src/engines/engine.ts';
import { openSource, TeacherCache } from '../src/data/open-source.ts';
import type { BatchSource } from '../src/data/recap-batch.ts';
import type { StreamPosition } from '../src/data/stream-position.ts';
import { TableCache } from '../src/data/tables/table-cache.ts';
import type { TfRecordSource } from '../src/data/tfrecord-source.ts';
import { narrowedGraph } from '../src/graph/model-graph.ts';
import { kernelsOf, recordOf } from '../src/runs/engine-record.ts';
import type { EngineRecord, RunManifest, RunRecipe } from '../src/runs/manifest.ts';
import { openRecipe } from '../src/runs/recipe.ts';
import { RunCheckpoints, restorableSteps } from '../src/runs/run-checkpoints.ts';
import { RUN_FILES } from '../src/runs/run-folder.ts';
import type { RunFolder } from '../src/runs/run-folder.ts';
import { RunRecorder } from '../src/runs/run-recorder.ts';
import { streamOptions } from '../src/runs/stream-options.ts';
import { TRAIN } from '../src/runs/streams.ts';
import type { RunFiles } from '../src/runs/streams.ts';
import type { Checkpoint } from '../src/training/checkpoint-store.ts';
import { exportWeights } from '../src/training/checkpoint.ts';
import type { EvaluationPartition } from '../src/training/evaluation.ts';
import type { EvaluationEvent, RunPhase } from '../src/training/events.ts';
import { ReplaySource } from '../src/training/replay.ts';
import { TrainingSession } from '../src/training/session.ts';
import { trainingSource } from '../src/training/training-source.ts';
import { CliError, EXIT } from './command.ts';
import { makeEngine } from './engine.ts';
import type { EngineChoice } from './engine.ts';
import { noteTeller } from './progress.ts';
import type { Pace, Progress } from './progress.ts';
import { initialWeights } from './run-folder.ts';
import type { RunModel } from '../src/runs/run-model.ts';
import type { OpenedRun } from './run-folder.ts';
import { onInterrupt } from './signals.ts';

/** Milliseconds of training between two states saved beside the configuration's checkpoints. */
const AUTOSAVE_INTERVAL = 15_000;

/** A source of files has an account of its bad records and notes on its labels; others have none. */
type MaybeFiles = BatchSource & Partial<Pick<TfRecordSource, 'badCount' | 'notes'>>;

/** Where a run's training ended. */
export interface TrainingResult {
  readonly phase: RunPhase;
  readonly step: number;
  readonly loss: number | null;
  readonly taskLosses: Readonly<Record<string, number>>;
  readonly elapsedMs: number;
  readonly skipped: number;
  /** Of the process, 0 unless it was interrupted. */
  readonly code: number;
}

/**
 * An engine for a recipe, with its entry in the manifest.
 * @param before the engine that ran it before: its kernels are taken again, as others round otherwise.
 * @throws CliError as makeEngine.
 */
export async function engineFor(
  { graph, plan, recipe: { config } }: RunModel,
  recipe: Pick<RunRecipe, 'seeds' | 'engine'>,
  choice: EngineChoice,
  before?: EngineRecord,
): Promise<{ engine: Engine; record: Omit<EngineRecord, 'fromStep' | 'at'> }> {
  const options: EngineOptions = {
    graph,
    adam: adamOptions(config),
    seed: recipe.seeds.weights,
    batchSize: config.train_data.global_batch_size,
    halfWeights: recipe.engine.precision === 'half-weights',
    narrower: (divisor) => narrowedGraph(config, plan.layout, divisor),
    ...kernelsOf(before),
  };
  const { engine, reason } = await makeEngine(choice, options);
  return { engine, record: recordOf(engine, reason) };
}

/** Partitions of validation_data that can be evaluated, and the end of their use. */
export interface OpenPartitions {
  readonly partitions: readonly EvaluationPartition[];
  close(): void;
}

/**
 * Of drawn data all partitions, of files those that have their own.
 * @param batches to take at most of each, as num_eval_steps.
 * @throws DataConfigError, ManifestError for a partition that can't be opened.
 */
export function evaluatedPartitions(
  recipe: RunRecipe,
  files: RunFiles,
  teachers: TeacherCache,
  batches: number,
  tables = new TableCache(),
): OpenPartitions {
  const { config } = openRecipe(recipe);
  const closing: (() => void)[] = [];
  const partitions = Object.entries(config.validation_data).flatMap(
    ([partition, section]): EvaluationPartition[] => {
      const hasFiles = recipe.data.kind === 'files';
      if (hasFiles && !files.validation[partition]) return [];
      const open = () =>
        openSource(streamOptions(recipe, { kind: 'partition', partition }, files), teachers, tables);
      const tasks = section.evaluation_tasks;
      if (hasFiles) return [{ partition, tasks, open }];
      const replay = new ReplaySource(open(), batches);
      closing.push(() => replay.dispose());
      return [{ partition, tasks, open: () => replay.open() }];
    },
  );
  return { partitions, close: () => closing.forEach((close) => close()) };
}

/** Opens the training data once, so that what is wrong with it is told before anything is written. */
function checkData(manifest: RunManifest, files: RunFiles, teachers: TeacherCache): void {
  openSource(streamOptions(manifest.recipe, TRAIN, files), teachers).dispose();
}

export interface TrainOptions {
  readonly engine: Engine;
  readonly record: Omit<EngineRecord, 'fromStep' | 'at'>;
  readonly files: RunFiles;
  readonly progress: Progress;
  readonly pace: Pace;
  /** Said when it begins: from then on it can be interrupted. */
  readonly opening: string;
}

/**
 * Trains a run from where its folder stands to its last step.
 * @throws what data and engine throw; CliError when it diverges or can't be written. What is whole in the folder stays.
 */
export async function trainFrom(run: OpenedRun, options: TrainOptions): Promise<TrainingResult> {
  const { folder, graph } = run;
  const { engine, files, progress, pace } = options;
  const { config } = openRecipe(folder.manifest.recipe);
  const { recipe } = folder.manifest;
  const names = { tasks: graph.outputs.map(({ task }) => task), groups: graph.groups };
  const about = { config: recipe.config, seed: recipe.seeds.weights, app: folder.manifest.app };
  const checkpoints = new RunCheckpoints(folder, graph, about);
  const teachers = new TeacherCache();
  const tables = new TableCache();
  checkData(folder.manifest, files, teachers);
  const evaluated = evaluatedPartitions(recipe, files, teachers, config.training.num_eval_steps, tables);

  let [unkept, advice, code]: [CliError | null, string | null, number] = [null, null, EXIT.done];
  let opened: MaybeFiles | null = null;
  const source = trainingSource((at: StreamPosition | null) => {
    opened = openSource(streamOptions(recipe, TRAIN, files, at), teachers, tables);
    return opened;
  });
  const badRecords = (): number => opened?.badCount ?? 0;
  const tellNotes = noteTeller(progress, () => opened?.notes ?? []);
  const start = await whereItStands(
    run,
    evaluated.partitions.length * (1 + (config.model.stratifiers ?? []).length),
  );
  const recorder = new RunRecorder(
    folder,
    names,
    await folder.status(),
    (message) => (unkept = new CliError(message)),
  );
  const throwUnkept = (): void => {
    if (unkept !== null) throw unkept;
  };
  const keep = async (write: () => Promise<void>): Promise<void> => {
    await recorder.guard(write);
    throwUnkept();
  };
  const session = new TrainingSession({
    engine,
    graph,
    config,
    source,
    evaluations: evaluated.partitions,
    checkpoints: {
      steps: () => checkpoints.steps(),
      load: (step) => checkpoints.load(step),
      delete: (step) => checkpoints.delete(step),
      save: (checkpoint) => keep(() => checkpoints.save(checkpoint)),
    },
    autosave: {
      interval: AUTOSAVE_INTERVAL,
      save: (checkpoint) => keep(() => checkpoints.autosave(checkpoint)),
    },
    changes: recipe.changes ?? [],
    seed: recipe.seeds.weights,
    callbacks: {
      onStep: (event) => {
        throwUnkept();
        recorder.addStep(event);
        tellNotes();
        pace.add(event.step + 1, event.elapsedMs);
        progress.update(
          () =>
            `step ${event.step + 1}/${session.totalSteps}  loss ${event.loss.toFixed(5)}  ${pace.text(session.totalSteps)}`,
        );
      },
      onEvaluation: (event) => {
        recorder.addEvaluation(event);
        if (event.stratum === null) progress.update(() => `step ${event.step}  ${evaluationText(event)}`);
      },
      onDivergence: (event) => (advice = event.advice),
      onPhase: (phase, step) => recorder.setPhase(phase, step),
      beforeCheckpoint: () => recorder.flush(),
    },
  });
  const stopListening = onInterrupt((signal) => {
    code = signal;
    progress.note('Saving where it stands; once more ends at once.');
    void session.pause();
  });
  progress.note(options.opening);
  try {
    await folder.rewind(start.checkpoint?.step ?? 0, start.evaluated);
    if (start.checkpoint) await session.restore(start.checkpoint, start.evaluated);
    else await engine.load(await initialWeights(folder, graph, folder.manifest));
    await saveStart(folder, options.record, start.checkpoint?.step ?? 0);
    const phase = await finished(session, () => code !== EXIT.done);
    await recorder.flush();
    throwUnkept();
    if (advice !== null) throw new CliError(advice);
    if (phase === 'finished') {
      const { model } = await engine.state();
      await folder.saveModel(exportWeights(model, { ...about, step: session.step }));
      const { manifest } = folder;
      await folder.saveManifest({
        ...manifest,
        times: { ...manifest.times, ended: new Date().toISOString() },
      });
    }
    const { step, loss, taskLosses, elapsedMs } = recorder.status;
    return {
      phase,
      step,
      loss,
      taskLosses,
      elapsedMs,
      skipped: badRecords(),
      code: phase === 'finished' ? EXIT.done : code,
    };
  } finally {
    stopListening();
    progress.clear();
    await recorder.flush();
    evaluated.close();
    source.dispose();
  }
}

/** Trains to the end, or to where it was asked to pause. */
async function finished(session: TrainingSession, isPauseAsked: () => boolean): Promise<RunPhase> {
  if (session.phase === 'finished' || isPauseAsked()) return session.phase;
  return session.start();
}

/** The newest checkpoint up to which the folder lacks no step; null goes from the beginning. */
async function whereItStands(
  { folder, graph, manifest }: OpenedRun,
  wantedEvaluations: number,
): Promise<{ checkpoint: Checkpoint | null; evaluated: boolean }> {
  const names = { tasks: graph.outputs.map(({ task }) => task), groups: graph.groups };
  let complete = 0;
  for await (const events of folder.steps(names)) {
    for (const { step } of events) if (step === complete) complete++;
  }
  const { recipe } = manifest;
  const checkpoints = new RunCheckpoints(folder, graph, {
    config: recipe.config,
    seed: recipe.seeds.weights,
  });
  // After a power cut the steps' lines may be gone that a checkpoint counts.
  const step = (await restorableSteps(folder)).findLast((at) => at <= complete) ?? 0;
  const checkpoint = step === 0 ? null : await checkpoints.load(step);
  if (!checkpoint) return { checkpoint: null, evaluated: false };
  const evaluated = (await folder.evaluationsAt(checkpoint.step)) >= wantedEvaluations;
  return { checkpoint, evaluated };
}

async function saveStart(
  folder: RunFolder,
  record: Omit<EngineRecord, 'fromStep' | 'at'>,
  fromStep: number,
): Promise<void> {
  const at = new Date().toISOString();
  const { manifest } = folder;
  await folder.saveManifest({
    ...manifest,
    ran: [...manifest.ran, { ...record, fromStep, at }],
    times: { ...manifest.times, started: manifest.times.started ?? at, ended: null },
  });
}

function evaluationText({ partition, loss, examples }: EvaluationEvent): string {
  const value = loss.kind === 'value' ? loss.value.toFixed(5) : loss.reason;
  return `${partition} loss ${value} of ${examples} examples`;
}

/** Removes the folder of a run that came to nothing, and those that were made for it, innermost first. */
export async function removeRun(folder: RunFolder, made: readonly string[]): Promise<void> {
  folder.close();
  const { home, path } = folder;
  for (const name of RUN_FILES) await home.remove(`${path}/${name}`);
  for (const folderMade of made) {
    // Not empty: somebody else's files are in it by now.
    if (
      !(await rmdir(folderMade).then(
        () => true,
        () => false,
      ))
    )
      return;
  }
}
