/**
 * Holds the one run of the training worker. Knows no worker: the entry gives it a function that emits events, so it also
 * runs in-thread.
 */
import type { RecapConfig } from '../config/recap-config.ts';
import { defaultTeacherConfig } from '../data/synthesis/teacher-config.ts';
import { initialState } from '../engines/init.ts';
import type { StateDict } from '../formats/state-dict.ts';
import type { ModelGraph } from '../graph/graph.ts';
import { createTweetEncoder, createTweetWorld } from '../ranking/tweet-features.ts';
import type { TweetEncoder } from '../ranking/tweet-features.ts';
import type { FileHome } from '../runs/homes/home.ts';
import type { RunManifest } from '../runs/manifest.ts';
import { knowRecipe, openRecipe } from '../runs/recipe.ts';
import { restorableSteps, RunCheckpoints } from '../runs/run-checkpoints.ts';
import { RunFolder } from '../runs/run-folder.ts';
import type { Checkpoint } from '../training/checkpoint-store.ts';
import { exportWeights, importCheckpoint, importWeights } from '../training/checkpoint.ts';
import { modelGraph } from '../graph/model-graph.ts';
import { ReplaySource } from '../training/replay.ts';
import { SessionError } from '../training/session.ts';
import { LiveRun } from './live-run.ts';
import type { EmitRun } from './run-parts.ts';
import type { RunInfo, RunStart, TrainingProtocol } from './protocol.ts';
import { sharedSource } from './shared-stream.ts';
import { portSource } from './stream.ts';
import type { PortSource } from './stream.ts';

type Emit = <N extends keyof TrainingProtocol['events']>(
  name: N,
  payload: TrainingProtocol['events'][N],
) => void;
type PrepareParams = TrainingProtocol['requests']['prepare']['params'];
type WatchParams = TrainingProtocol['requests']['watch']['params'];

/** Where runs are kept, and how many bytes of checkpoints of one run. */
export interface RunHome {
  readonly home: FileHome;
  readonly maxCheckpointBytes: number;
  /** False where runs are gone with the page. */
  readonly lasting: boolean;
}

/** A run that another tab is writing. */
export class RunBusyError extends Error {
  override readonly name = 'RunBusyError';
}

export class RunHost {
  readonly #emit: Emit;
  readonly #home: () => Promise<RunHome>;
  #run: LiveRun | null = null;
  #sources: readonly PortSource[] = [];
  #watched: WatchParams = null;
  /** The world of the run's data, in which tweets are encoded. */
  #encoder: TweetEncoder | null = null;
  /** Prepares run one after another: two engines built at once would fight for the device's memory. */
  #preparing: Promise<unknown> = Promise.resolve();

  /** @param home asked for once a run is prepared. */
  constructor(emit: Emit, home: () => Promise<RunHome>) {
    this.#emit = emit;
    this.#home = home;
  }

  /** Replaces the current run. @throws StateDictError, GraphError and what the engine throws; the old run is gone then. */
  prepare(params: PrepareParams): Promise<RunInfo> {
    const prepared = this.#preparing.then(() => this.#build(params));
    this.#preparing = prepared.catch(() => {});
    return prepared;
  }

  /** The current run. @throws SessionError when there is none. */
  get run(): LiveRun {
    if (!this.#run) throw new SessionError('There is no run yet: prepare one first.');
    return this.#run;
  }

  watch(watched: WatchParams): void {
    this.#watched = watched;
    if (this.#run) this.#follow(this.#run);
  }

  /** The other end of the streams is gone: what waits for batches fails. */
  detach(reason: string): void {
    for (const source of this.#sources) source.fail(reason);
  }

  async close(): Promise<void> {
    await this.#preparing;
    const run = this.#run;
    this.#run = null;
    this.#encoder = null;
    await run?.close();
  }

  async #build({ manifest, read, start, layout, train, validation }: PrepareParams): Promise<RunInfo> {
    if (read) knowRecipe(manifest.recipe, read);
    const before = this.#run;
    this.#run = null;
    this.#encoder = null;
    await before?.close();
    const emit: EmitRun = (name, event) => this.#emit(name, { run: manifest.id, event } as never);
    const { config } = openRecipe(manifest.recipe);
    const [only, ...others] = train;
    const source = only && others.length === 0 ? portSource(only, layout) : sharedSource(train, layout);
    const ports = validation.map(({ port }) => portSource(port, layout));
    const replays = ports.map((port) => new ReplaySource(port, config.training.num_eval_steps));
    this.#sources = [source, ...ports];
    const close = (): void => {
      source.dispose();
      for (const replay of replays) replay.dispose();
    };
    emit('phase', { phase: 'preparing', step: 0, message: null });
    let taken = null as RunFolder | null;
    try {
      const { home, maxCheckpointBytes, lasting } = await this.#home();
      const graph = modelGraph(config, layout, manifest.recipe.engine);
      const from = await startOf(start, manifest, graph, home, async () => {
        taken = await takeFolder(home, manifest.id);
        return taken;
      });
      const run = await LiveRun.build(
        {
          manifest: from.manifest,
          layout,
          graph,
          source,
          evaluations: partitions(config, validation, replays),
          initial: from.initial,
          openFolder: from.openFolder,
          maxCheckpointBytes,
          fromStep: from.step,
          wanted: start.kind === 'resume' ? (start.engine ?? null) : null,
          lasting,
          close,
        },
        emit,
      );
      this.#run = run;
      if (start.kind === 'resume') await run.keep();
      const at = start.kind === 'resume' ? await run.kept(start.step, from.reached) : from.checkpoint;
      if (at) await run.restore(at);
      else emit('phase', { phase: 'paused', step: 0, message: null });
      if (start.kind === 'resume' && start.step === null) run.catchUp(from.reached);
      this.#follow(run);
      return run.info();
    } catch (error) {
      const failed = this.#run;
      this.#run = null;
      if (failed) await failed.close();
      else close();
      taken?.close();
      const message = error instanceof Error ? error.message : String(error);
      emit('phase', { phase: 'failed', step: 0, message });
      throw error;
    }
  }

  #follow(run: LiveRun): void {
    const watched = this.#watched;
    if (!watched) {
      run.watch(null);
      return;
    }
    if ('rows' in watched) run.watch({ batch: watched.rows, every: watched.every });
    else {
      this.#encoder ??= encoderOf(run);
      run.watch({ batch: this.#encoder.encode(watched.tweets), every: watched.every });
    }
  }
}

/** What a run begins from. */
interface Beginning {
  readonly manifest: RunManifest;
  readonly initial: StateDict;
  readonly checkpoint: Checkpoint | null;
  /** Updates done at the state that it begins from. */
  readonly step: number;
  /** Steps that a kept run had reached. */
  readonly reached: number;
  readonly openFolder: (manifest: RunManifest) => Promise<RunFolder>;
}

async function startOf(
  start: RunStart,
  manifest: RunManifest,
  graph: ModelGraph,
  home: FileHome,
  take: () => Promise<RunFolder>,
): Promise<Beginning> {
  const initial = initialState(graph, manifest.recipe.seeds.weights);
  const made = (now: RunManifest) => RunFolder.create(home, now.id, now);
  const fresh = { manifest, initial, checkpoint: null, step: 0, reached: 0, openFolder: made };
  switch (start.kind) {
    case 'fresh':
      return fresh;
    case 'weights': {
      const { model } = importWeights(new Uint8Array(start.bytes), graph);
      const openFolder = async (now: RunManifest) => {
        const folder = await made(now);
        await folder.saveWeights(exportWeights(model, { ...about(now), step: 0 }));
        return folder;
      };
      return { ...fresh, initial: model, openFolder };
    }
    case 'checkpoint': {
      const checkpoint = importCheckpoint(new Uint8Array(start.bytes), graph);
      const openFolder = async (now: RunManifest) => {
        const folder = await made(now);
        const parent = now.parent && (await RunFolder.open(home, now.parent.run, 'read').catch(() => null));
        if (parent) await folder.copyHistory(parent, checkpoint.step);
        return withCheckpoint(folder, graph, checkpoint);
      };
      return { ...fresh, checkpoint, step: checkpoint.step, openFolder };
    }
    case 'branch': {
      const parent = await RunFolder.open(home, start.run, 'read');
      const checkpoint = await new RunCheckpoints(parent, graph, about(parent.manifest)).load(start.step);
      if (!checkpoint) throw new SessionError(`The checkpoint of step ${start.step} is no longer kept.`);
      const openFolder = async (now: RunManifest) => {
        const folder = await made(now);
        await folder.copyHistory(parent, start.step);
        return withCheckpoint(folder, graph, checkpoint);
      };
      return { ...fresh, checkpoint, step: checkpoint.step, openFolder };
    }
    case 'resume': {
      const folder = await take();
      const { step } = await folder.status();
      const kept = await folder.weights();
      const restorable = await restorableSteps(folder);
      return {
        manifest: folder.manifest,
        initial: kept ? importWeights(kept, graph).model : initial,
        checkpoint: null,
        step: start.step ?? restorable.findLast((each) => each <= step) ?? 0,
        reached: step,
        openFolder: () => Promise.resolve(folder),
      };
    }
  }
}

/** Waits for a lock (ms): a page that reloads, or a worker that was ended, gives its own back in a moment. */
const LOCK_WAITS = [50, 100, 200, 400, 800];

/** A kept run's folder, to write. @throws RunBusyError while another tab has it. */
async function takeFolder(home: FileHome, id: string): Promise<RunFolder> {
  for (const wait of [...LOCK_WAITS, null]) {
    const folder = await RunFolder.open(home, id, 'write');
    if (folder.writable) return folder;
    if (wait !== null) await new Promise((resolve) => setTimeout(resolve, wait));
  }
  throw new RunBusyError('This run is open in another tab: go on there, or close that tab first.');
}

function about({ recipe, app }: RunManifest) {
  return { config: recipe.config, seed: recipe.seeds.weights, app };
}

/** What a run goes on from stands in its own folder too, whatever becomes of the one it came from. */
async function withCheckpoint(
  folder: RunFolder,
  graph: ModelGraph,
  checkpoint: Checkpoint,
): Promise<RunFolder> {
  await new RunCheckpoints(folder, graph, about(folder.manifest)).save(checkpoint);
  return folder;
}

function partitions(
  config: RecapConfig,
  validation: PrepareParams['validation'],
  replays: readonly ReplaySource[],
) {
  return validation.flatMap(({ partition }, i) => {
    const replay = replays[i];
    const tasks = config.validation_data[partition]?.evaluation_tasks ?? [];
    return replay ? [{ partition, tasks, open: () => replay.open() }] : [];
  });
}

/** Data without a teacher has no population of its own: the default one stands in. */
function encoderOf(run: LiveRun): TweetEncoder {
  const { data } = run.manifest.recipe;
  const teacher = data.kind === 'teacher' ? data.settings : defaultTeacherConfig;
  return createTweetEncoder(createTweetWorld(teacher, run.layout), run.layout);
}
