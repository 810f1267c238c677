/**
 * Holds the one run of the training worker: its engine, its session, its checkpoints, and the batch it watches. Knows
 * no worker: the entry gives it a function that emits events, so it also runs in-thread.
 */
import type { RecapBatch } from '../data/recap-batch.ts';
import type { Engine, Predictions } from '../engines/engine.ts';
import { DeviceLostError } from '../engines/engine.ts';
import { initialState } from '../engines/init.ts';
import { selectEngine } from '../engines/select.ts';
import type { StateDict } from '../formats/state-dict.ts';
import { sizeOf } from '../formats/state-dict.ts';
import type { ModelGraph } from '../graph/graph.ts';
import { MemoryCheckpointStore } from '../training/checkpoint-store.ts';
import { exportCheckpoint, exportWeights, importWeights } from '../training/checkpoint.ts';
import { adamOptions } from '../engines/adam-options.ts';
import { modelGraph } from '../graph/model-graph.ts';
import type { RunPhase } from '../training/events.ts';
import { ReplaySource } from '../training/replay.ts';
import { SessionError, TrainingSession } from '../training/session.ts';
import type { RunInfo, RunSpec, TrainingProtocol, WeightsAt } from './protocol.ts';
import { StepBuffer } from './step-buffer.ts';
import { portSource } from './stream.ts';

type Emit = <N extends keyof TrainingProtocol['events']>(
  name: N,
  payload: TrainingProtocol['events'][N],
) => void;
type PrepareParams = TrainingProtocol['requests']['prepare']['params'];

interface Run {
  readonly spec: RunSpec;
  readonly graph: ModelGraph;
  readonly engine: Engine;
  readonly session: TrainingSession;
  readonly initial: StateDict;
  readonly checkpoints: MemoryCheckpointStore;
  readonly steps: StepBuffer;
  close(): void;
}

interface Watch {
  readonly batch: RecapBatch;
  readonly every: number;
}

export class RunHost {
  private run: Run | null = null;
  private watched: Watch | null = null;
  private watchBusy = false;
  /** A moment that must be predicted once the prediction under way is done: nothing comes after it by itself. */
  private watchNext: number | null = null;
  /** Prepares run one after another: two engines built at once would fight for the device's memory. */
  private preparing: Promise<unknown> = Promise.resolve();

  constructor(private readonly emit: Emit) {}

  /** Replaces the current run. @throws StateDictError, GraphError and what the engine throws; the old run is gone then. */
  prepare(params: PrepareParams): Promise<RunInfo> {
    const prepared = this.preparing.then(() => this.build(params));
    this.preparing = prepared.catch(() => {});
    return prepared;
  }

  private async build({ run: spec, train, validation }: PrepareParams): Promise<RunInfo> {
    await this.dispose();
    const source = portSource(train, spec.layout);
    const replays = validation.map(
      ({ port }) => new ReplaySource(portSource(port, spec.layout), spec.config.training.num_eval_steps),
    );
    const closeSources = (): void => {
      source.dispose();
      for (const replay of replays) replay.dispose();
    };
    this.emit('phase', { phase: 'preparing', step: 0, message: null });
    try {
      const graph = modelGraph(spec.config, spec.layout);
      const { engine, reason } = await selectEngine(
        spec.engine,
        {
          graph,
          adam: adamOptions(spec.config),
          seed: spec.seed,
          batchSize: spec.config.train_data.global_batch_size,
          halfWeights: spec.halfWeights,
        },
        {
          onTuning: (done, total) => this.emit('tuning', { done, total }),
          onDeviceLost: (message) => this.emit('deviceLost', { message }),
        },
      );
      const initial = spec.weights
        ? importWeights(new Uint8Array(spec.weights), graph).model
        : initialState(graph, spec.seed);
      await engine.load(initial);
      const checkpoints = new MemoryCheckpointStore();
      const steps = new StepBuffer((events) => this.emit('steps', events));
      const ordered: Emit = (name, payload) => {
        steps.flush();
        this.emit(name, payload);
      };
      const session = new TrainingSession({
        engine,
        graph,
        config: spec.config,
        source: { ...source, seek: () => Promise.resolve() },
        evaluations: validation.map(({ partition }, i) => ({
          partition,
          tasks: spec.config.validation_data[partition].evaluation_tasks,
          open: () => replays[i].open(),
        })),
        checkpoints,
        seed: spec.seed,
        callbacks: {
          onStep: (event) => {
            steps.add(event);
            if (this.watched && (event.step + 1) % this.watched.every === 0 && !this.watchBusy) {
              this.watchNow(event.step + 1);
            }
          },
          onEvaluation: (event) => ordered('evaluation', event),
          onCheckpoint: (event) => ordered('checkpoint', event),
          onDivergence: (event) => ordered('diverged', event),
          onPhase: (phase, step) => {
            // How a run failed is told by `drive`, which knows the reason.
            if (phase !== 'failed') ordered('phase', { phase, step, message: null });
            // Not of diverged weights, which predict no numbers.
            if (phase === 'paused' || phase === 'stopped' || phase === 'finished') this.watchNow(step);
          },
        },
      });
      this.run = {
        spec,
        graph,
        engine,
        session,
        initial,
        checkpoints,
        steps,
        close() {
          steps.flush();
          closeSources();
          engine.dispose();
        },
      };
      this.emit('phase', { phase: 'paused', step: 0, message: null });
      if (this.watched) this.watchNow(0);
      return {
        engine: engine.info.name,
        adapter: engine.info.adapter,
        software: engine.info.software,
        reason,
        parameters: graph.parameters
          .filter((parameter) => parameter.trainable)
          .reduce((sum, parameter) => sum + sizeOf(parameter.shape), 0),
        tasks: graph.outputs.map((output) => output.task),
        groups: graph.groups,
      };
    } catch (error) {
      closeSources();
      this.fail(error, 0);
      throw error;
    }
  }

  resume(): void {
    this.drive((session) => session.start());
  }

  step(count: number): void {
    this.drive((session) => session.steps(count));
  }

  async pause(): Promise<void> {
    await this.current().session.pause();
  }

  async stop(): Promise<void> {
    await this.current().session.stop();
  }

  /** Goes back to a checkpoint and pauses there. @throws SessionError when it is no longer kept. */
  async restore(step: number): Promise<void> {
    await this.current().session.restore(await this.checkpointAt(step));
  }

  /** Evaluation mode, with the weights of `at`; another engine is made for a moment where those are not the current ones. */
  async predict(batch: RecapBatch, at: WeightsAt): Promise<Predictions> {
    const run = this.current();
    if (at === 'now') return run.engine.predict(batch);
    const model = await this.weightsAt(at);
    const { engine } = await selectEngine(
      run.engine.info.name,
      { graph: run.graph, adam: adamOptions(run.spec.config), seed: run.spec.seed, batchSize: batch.size },
      {},
    );
    try {
      await engine.load(model);
      return await engine.predict(batch);
    } finally {
      engine.dispose();
    }
  }

  watch(watch: Watch | null): void {
    this.watched = watch;
    if (watch && this.run) this.watchNow(this.run.session.step);
  }

  async export(kind: 'weights' | 'checkpoint', at: WeightsAt): Promise<Uint8Array> {
    const run = this.current();
    const checkpoint =
      typeof at === 'object' ? await this.checkpointAt(at.checkpoint) : await run.session.checkpoint();
    const state =
      at === 'initial'
        ? { model: run.initial, optimizer: { ...checkpoint.state.optimizer, step: 0 } }
        : checkpoint.state;
    const metadata = {
      config: run.spec.configText,
      step: at === 'initial' ? 0 : checkpoint.step,
      seed: run.spec.seed,
    };
    return kind === 'weights' || at === 'initial'
      ? exportWeights(state.model, metadata)
      : exportCheckpoint(checkpoint, metadata);
  }

  /**
   * Loads weights or a checkpoint into the run at its step, also into one that has diverged. A file that does not fit
   * changes nothing.
   * @throws StateDictError naming the tensor, SafetensorsError naming the place in the file.
   */
  async import(bytes: Uint8Array): Promise<{ step: number }> {
    const run = this.current();
    const { model, optimizer } = importWeights(bytes, run.graph);
    await run.session.load(model, optimizer);
    this.watchNow(run.session.step);
    return { step: run.session.step };
  }

  async dispose(): Promise<void> {
    const { run } = this;
    this.run = null;
    if (!run) return;
    await run.session.stop();
    run.close();
  }

  private current(): Run {
    if (!this.run) throw new SessionError('There is no run yet: prepare one first.');
    return this.run;
  }

  /** Starts the session without awaiting its end; how it ends is told by events. */
  private drive(start: (session: TrainingSession) => Promise<RunPhase>): void {
    const { session } = this.current();
    start(session).catch((error: unknown) => this.fail(error, session.step));
  }

  private fail(error: unknown, step: number): void {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof DeviceLostError) this.emit('deviceLost', { message });
    this.emit('phase', { phase: 'failed', step, message });
  }

  private async weightsAt(at: Exclude<WeightsAt, 'now'>): Promise<StateDict> {
    if (at === 'initial') return this.current().initial;
    return (await this.checkpointAt(at.checkpoint)).state.model;
  }

  private async checkpointAt(step: number) {
    const checkpoint = await this.current().checkpoints.load(step);
    if (!checkpoint) throw new SessionError(`The checkpoint of step ${step} is no longer kept.`);
    return checkpoint;
  }

  /** Predicts the watched batch behind the steps submitted so far; while another is under way, after that one. */
  private watchNow(step: number): void {
    const { run, watched } = this;
    if (!run || !watched) return;
    if (this.watchBusy) {
      this.watchNext = step;
      return;
    }
    this.watchBusy = true;
    run.engine
      .predict(watched.batch)
      .then(
        (predictions) => {
          if (this.run !== run || this.watched !== watched) return;
          run.steps.flush();
          this.emit('watched', { step, predictions });
        },
        // The step that failed with it reports the failure; a prediction lost beside it says nothing new.
        () => {},
      )
      .finally(() => {
        this.watchBusy = false;
        const next =
          this.run === run && this.watched === watched ? this.watchNext : (this.run?.session.step ?? 0);
        this.watchNext = null;
        if (next !== null) this.watchNow(next);
      });
  }
}
