/**
 * LiveRun: a run that can train: its engine, its loop, its folder, and what it watches. It comes back by itself on a new
 * engine when the device is lost. Knows no worker: whoever makes it gives it a function that takes its events.
 */
import type { BatchLayout, RecapBatch } from '../data/recap-batch.ts';
import type { Engine, Predictions } from '../engines/engine.ts';
import { DeviceLostError } from '../engines/engine.ts';
import { sizeOf } from '../formats/state-dict.ts';
import type { EngineRecord, RunManifest } from '../runs/manifest.ts';
import { changedBy, endingAt, identified, ranBy, timed } from '../runs/manifest-changes.ts';
import type { MetricsFormat } from '../runs/metrics-export.ts';
import { openRecipe } from '../runs/recipe.ts';
import type { Checkpoint } from '../training/checkpoint-store.ts';
import type { DivergenceEvent, RunPhase } from '../training/events.ts';
import { TrainingSession } from '../training/session.ts';
import { AUTOSAVE_INTERVAL } from './cadence.ts';
import type { RunInfo, WeightsAt } from './protocol.ts';
import { makeEngine, predictWith } from './run-parts.ts';
import type { EmitRun, LiveRunParts } from './run-parts.ts';
import { checkpointFile, initialFile } from './run-export.ts';
import { RunKeeper } from './run-keeper.ts';
import { activityTeller, StepBuffer } from './step-buffer.ts';
import { Watcher } from './watcher.ts';
import type { Watched } from './watcher.ts';

/** Losses of the device without a step between them, after which a run gives up. */
const MAX_LOSSES = 3;

export class LiveRun {
  readonly #parts: LiveRunParts;
  readonly #emit: EmitRun;
  readonly #keeper: RunKeeper;
  readonly #steps: StepBuffer;
  #engine: Engine;
  #session: TrainingSession;
  #watcher: Watcher | null = null;
  #lost: string | null = null;
  #lossesInARow = 0;
  /** Grows with each engine: what an older one's device tells is known already. */
  #engines = 0;
  #recovering: Promise<void> | null = null;
  /** Training under way, and all that follows its end. */
  #driving: Promise<void> = Promise.resolve();
  #beginning: Promise<void> = Promise.resolve();
  /** A way back: what is asked for meanwhile is asked of the state that it goes to. */
  #goingBack: Promise<void> = Promise.resolve();
  /** Step up to which single steps were asked for. */
  #asked = 0;
  /** Pauses asked for so far. */
  #pauses = 0;
  #closed = false;

  private constructor(parts: LiveRunParts, engine: Engine, record: EngineRecord, emit: EmitRun) {
    this.#parts = parts;
    this.#emit = emit;
    this.#engine = engine;
    this.#keeper = new RunKeeper(parts, ranBy(parts.manifest, record), (message) =>
      emit('unkept', { message }),
    );
    this.#steps = new StepBuffer((events) => emit('steps', events));
    this.#session = this.#makeSession();
  }

  /** Builds the engine with the initial weights; paused at step 0. @throws what the engine throws. */
  static async build(parts: LiveRunParts, emit: EmitRun): Promise<LiveRun> {
    const lost: { run: LiveRun | null; message: string | null } = { run: null, message: null };
    const onLost = (message: string): void => {
      if (lost.run) lost.run.#onDeviceLost(message, 0);
      else lost.message = message;
    };
    const { engine, record } = await makeEngine(parts, parts.fromStep, emit, onLost);
    try {
      await engine.load(parts.initial);
    } catch (error) {
      engine.dispose();
      throw error;
    }
    const run = new LiveRun(parts, engine, record, emit);
    lost.run = run;
    if (lost.message !== null) run.#onDeviceLost(lost.message, 0);
    return run;
  }

  get manifest(): RunManifest {
    return this.#keeper.manifest;
  }

  get layout(): BatchLayout {
    return this.#parts.layout;
  }

  info(): RunInfo {
    const { graph } = this.#parts;
    const { info } = this.#engine;
    return {
      engine: info.name,
      adapter: info.adapter,
      software: info.software,
      reason: this.manifest.ran.at(-1)?.reason ?? '',
      parameters: graph.parameters
        .filter(({ trainable }) => trainable)
        .reduce((sum, { shape }) => sum + sizeOf(shape), 0),
      tasks: graph.outputs.map(({ task }) => task),
      groups: graph.groups,
      manifest: this.manifest,
      step: this.#session.step,
      phase: this.#session.phase,
      totalSteps: this.#session.totalSteps,
      lasting: this.#parts.lasting,
    };
  }

  /** Goes to a state that was saved, of this run or the one it goes on from. */
  async restore(checkpoint: Checkpoint): Promise<void> {
    this.#asked = 0;
    await this.#session.restore(checkpoint, await this.#keeper.evaluatedAt(checkpoint.step));
  }

  /** Goes back to a checkpoint of this run. @throws SessionError when it is no longer kept. */
  goBack(step: number): Promise<void> {
    const gone = this.#goingBack.then(async () => {
      await this.#recovering;
      await this.restore(await this.#keeper.checkpointAt(step));
    });
    this.#goingBack = gone.catch(() => {});
    return gone;
  }

  /**
   * The state at a step, or with null the newest up to where the run stood, null without one.
   * @throws SessionError when the checkpoint of the step is no longer kept.
   */
  async kept(step: number | null, reached: number): Promise<Checkpoint | null> {
    if (step !== null) return this.#keeper.checkpointAt(step);
    return this.#keeper.latest(reached);
  }

  resume(): void {
    this.#drive(() => null);
  }

  /** Steps asked for while earlier ones are still on their way come on top of those. */
  step(count: number): void {
    this.#drive(() => (this.#asked = Math.max(this.#session.step, this.#asked) + count));
  }

  /** Trains up to the step that the run had reached before it was interrupted, and pauses there. */
  catchUp(step: number): void {
    const target = Math.min(step, this.#session.totalSteps);
    if (target > this.#session.step) this.#drive(() => target);
  }

  pause(): Promise<void> {
    this.#asked = 0;
    this.#pauses++;
    return this.#session.pause();
  }

  /** @throws LiveChangeError; nothing has changed then. */
  async change(key: string, value: number): Promise<RunManifest> {
    await this.#goingBack;
    return this.#keeper.save(changedBy(this.manifest, this.#session.change(key, value)));
  }

  /** Ends at `steps` steps in all. */
  async endAt(steps: number): Promise<RunManifest> {
    this.#session.endAt(steps);
    return this.#keeper.save(endingAt(this.manifest, this.#session.totalSteps));
  }

  /** @param hashes SHA-256 of the data's files, in the recipe's order. */
  identify(hashes: readonly string[]): Promise<RunManifest> {
    return this.#keeper.save(identified(this.manifest, hashes));
  }

  label(name: string, note: string): Promise<RunManifest> {
    return this.#keeper.save({ ...this.manifest, name, note });
  }

  async evaluate(): Promise<void> {
    await this.#keeper.open();
    await this.#goingBack;
    await this.#recovering;
    try {
      await this.#session.evaluate();
    } catch (error) {
      if (!(error instanceof DeviceLostError)) throw error;
      await this.#recover();
      await this.#session.evaluate();
    }
    await this.#keeper.flush();
  }

  /** Evaluation mode, with the weights of `at`; another engine is made for a moment where those are not the current ones. */
  async predict(batch: RecapBatch, at: WeightsAt): Promise<Predictions> {
    if (at === 'now') return this.#engine.predict(batch);
    const model =
      at === 'initial' ? this.#parts.initial : (await this.#keeper.checkpointAt(at.checkpoint)).state.model;
    return predictWith(this.#partsNow, this.#engine.info.name, model, batch);
  }

  watch(watched: Watched | null): void {
    this.#watcher?.close();
    this.#watcher =
      watched &&
      new Watcher(
        watched,
        () => this.#engine,
        (event) => {
          this.#steps.flush();
          this.#emit('watched', event);
        },
      );
    this.#watcher?.now(this.#session.step);
  }

  async export(kind: 'weights' | 'checkpoint', at: WeightsAt): Promise<Uint8Array> {
    if (at === 'initial') return initialFile(this.manifest, this.#parts.initial);
    const checkpoint =
      at === 'now' ? await this.#session.checkpoint() : await this.#keeper.checkpointAt(at.checkpoint);
    return checkpointFile(this.manifest, kind, checkpoint);
  }

  metrics(format: MetricsFormat): Promise<Blob> {
    return this.#keeper.metrics(format);
  }

  /** Opens the folder, if it is not open: from now on everything is kept. */
  keep(): Promise<void> {
    return this.#keeper.open();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#watcher?.close();
    await this.#session.pause();
    await this.#driving;
    await this.#recovering?.catch(() => {});
    this.#steps.flush();
    await this.#keeper.close();
    this.#parts.close();
    this.#engine.dispose();
  }

  /** With the engines that ran the run so far. */
  get #partsNow(): LiveRunParts {
    return { ...this.#parts, manifest: this.manifest };
  }

  #ordered: EmitRun = (name, event) => {
    this.#steps.flush();
    this.#emit(name, event);
  };

  #makeSession(): TrainingSession {
    const { config } = openRecipe(this.manifest.recipe);
    return new TrainingSession({
      engine: this.#engine,
      graph: this.#parts.graph,
      config,
      source: this.#parts.source,
      evaluations: this.#parts.evaluations,
      checkpoints: this.#keeper.store(),
      autosave: {
        interval: AUTOSAVE_INTERVAL,
        save: (checkpoint) => this.#keeper.autosave(checkpoint),
      },
      changes: this.manifest.recipe.changes ?? [],
      seed: this.manifest.recipe.seeds.weights,
      callbacks: {
        onStep: (event) => {
          this.#lossesInARow = 0;
          this.#steps.add(event);
          this.#keeper.addStep(event);
          this.#watcher?.stepDone(event.step + 1);
        },
        onEvaluation: (event) => {
          this.#keeper.addEvaluation(event);
          this.#ordered('evaluation', event);
        },
        onCheckpoint: (event) => this.#ordered('checkpoint', event),
        onDivergence: (event) => void this.#diverged(event),
        beforeCheckpoint: () => this.#keeper.flush(),
        onActivity: activityTeller((activity) => this.#emit('activity', activity)),
        onPhase: (phase, step) => {
          this.#keeper.setPhase(phase, step);
          // How a run failed is told by #drive, which knows the reason.
          if (phase !== 'failed') this.#ordered('phase', { phase, step, message: null });
          // Not of diverged weights, which predict no numbers.
          if (phase === 'paused' || phase === 'finished') this.#watcher?.now(step);
        },
      },
    });
  }

  /** Also what was saved in between can be gone back to. */
  async #diverged(event: DivergenceEvent): Promise<void> {
    const saved = await this.#keeper.restorableSteps();
    const restorable = saved.length > 0 ? saved.filter((step) => step <= event.step) : event.restorable;
    this.#ordered('diverged', { ...event, restorable });
  }

  /** Trains to a step, or with null to the end, without awaiting it; how it ends is told by events. */
  #drive(target: () => number | null): void {
    const driven = this.#driven(target).catch((error: unknown) => this.#fail(error));
    this.#driving = Promise.all([this.#driving, driven]).then(() => {});
  }

  #fail(error: unknown): void {
    if (this.#closed) return;
    const message = error instanceof Error ? error.message : String(error);
    this.#ordered('phase', { phase: 'failed', step: this.#session.step, message });
  }

  async #driven(target: () => number | null): Promise<void> {
    const pauses = this.#pauses;
    // One after another: what a first step opens, a second one finds open.
    const begun = this.#beginning.then(() => this.#begin());
    this.#beginning = begun.catch(() => {});
    await begun;
    // Paused before it could begin.
    if (pauses !== this.#pauses) return;
    const phase = await this.#trained(target(), pauses);
    if (phase === 'finished') await this.#finish();
    await this.#keeper.flush();
  }

  async #begin(): Promise<void> {
    await this.#keeper.open();
    await this.#goingBack;
    if (this.#lost !== null || this.#recovering) await this.#recover();
    if (this.#session.phase !== 'running') await this.#keeper.forgetLater(this.#session.step);
    if (this.manifest.times.started === null) await this.#keeper.save(timed(this.manifest, 'started'));
  }

  /** Trains on across losses of the device, until it is paused: `pauses` are those before. */
  async #trained(target: number | null, pauses: number): Promise<RunPhase> {
    try {
      if (target === null) return await this.#session.start();
      return await this.#session.stepTo(target);
    } catch (error) {
      if (!(error instanceof DeviceLostError) || this.#closed) throw error;
      this.#lossesInARow++;
      if (this.#lossesInARow > MAX_LOSSES) throw error;
      this.#lost ??= error.message;
      await this.#recover();
      // A pause that came meanwhile found nothing that ran.
      if (pauses !== this.#pauses) return this.#session.phase;
      return this.#trained(target, pauses);
    }
  }

  async #finish(): Promise<void> {
    await this.#keeper.saveModel(await this.export('weights', 'now'));
    await this.#keeper.save(timed(this.manifest, 'ended'));
  }

  #onDeviceLost(message: string, engine: number): void {
    if (engine !== this.#engines) return;
    this.#lost = message;
    // While training, the step that fails brings the run back; at rest nothing would.
    const { phase } = this.#session;
    if (this.#closed || phase === 'running') return;
    this.#recover().catch((error: unknown) => this.#fail(error));
  }

  /** A new engine, at the newest state there is; once for all who ask meanwhile. */
  #recover(): Promise<void> {
    this.#recovering ??= this.#renew().finally(() => (this.#recovering = null));
    return this.#recovering;
  }

  async #renew(): Promise<void> {
    const message = this.#lost ?? '';
    this.#lost = null;
    const made = ++this.#engines;
    const reached = this.#session.step;
    this.#engine.dispose();
    const checkpoint = await this.#keeper.latest(reached);
    const from = checkpoint?.step ?? 0;
    const { engine, record } = await makeEngine(this.#partsNow, from, this.#emit, (why) =>
      this.#onDeviceLost(why, made),
    );
    this.#engine = engine;
    const saved = this.#keeper.save(ranBy(this.manifest, record));
    this.#session = this.#makeSession();
    if (checkpoint) await this.restore(checkpoint);
    else {
      await engine.load(this.#parts.initial);
      await this.#parts.source.seek(null);
      this.#ordered('phase', { phase: 'paused', step: 0, message: null });
    }
    await this.#keeper.forgetLater(from);
    await saved;
    this.#ordered('recovered', { from, repeated: Math.max(0, reached - from), message });
  }
}
