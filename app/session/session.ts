/**
 * Session: what the page can do, and the one place that talks to the workers. Panels call its actions and read the
 * stores; they know no worker. Numbers from the workers reach the stores at most a few times a second.
 */
import type { RecapConfig } from '../../src/config/recap-config.ts';
import { transferables } from '../../src/data/recap-batch.ts';
import type { RecapBatch } from '../../src/data/recap-batch.ts';
import type { Predictions } from '../../src/engines/engine.ts';
import type { EvaluationEvent, StepEvent } from '../../src/training/events.ts';
import type { Playground, StartSpec } from '../../src/workers/clients.ts';
import type { TrainingProtocol, WeightsAt } from '../../src/workers/protocol.ts';
import { createConfigStore } from '../stores/config.ts';
import type { ConfigPreset, ConfigStore } from '../stores/config.ts';
import { createEvaluationStore } from '../stores/evaluation.ts';
import type { EvaluationStore } from '../stores/evaluation.ts';
import { createDataStore } from '../stores/data.ts';
import type { DataStore } from '../stores/data.ts';
import { createRankingStore } from '../stores/ranking.ts';
import type { RankingStore } from '../stores/ranking.ts';
import { createRunStore } from '../stores/run.ts';
import type { RunStore } from '../stores/run.ts';
import { createSettingsStore } from '../stores/settings.ts';
import type { SettingsStore } from '../stores/settings.ts';
import type { TeacherText } from '../stores/teacher-settings.ts';
import type { KeyValue } from '../stores/persistence.ts';
import type { Tweet } from '../../src/ranking/tweets.ts';
import { DataActions } from './data-actions.ts';
import { oncePerFrame } from './frames.ts';
import { createIdentityStore } from './identity.ts';
import type { IdentityStore } from './identity.ts';
import { modelFacts } from './model-facts.ts';
import type { ModelFacts } from './model-facts.ts';
import { otherFit, schemaOf, SessionInputError, startSpec, unfit } from './run-spec.ts';
import type { Schemas } from './run-spec.ts';

/** Steps between two predictions of the sample tweets. */
const WATCH_EVERY = 5;
/** Numbers change at most this often (ms): readable, and light for the main thread. */
const STEPS_INTERVAL = 100;
const RANKING_INTERVAL = 800;
/** After an edit the untrained model is built again once the person pauses (ms). */
const PREPARE_DELAY = 700;
/** Above this many parameters building is slow: only when asked. */
const MAX_AUTOMATIC_PARAMETERS = 5_000_000;

export interface SessionParts {
  readonly createPlayground: () => Playground;
  readonly presets: readonly ConfigPreset[];
  readonly schemas: Schemas;
  /** Teacher presets; the first is the default. */
  readonly teachers: readonly TeacherText[];
  readonly tweets: readonly Tweet[];
  readonly storage: KeyValue | null;
}

export class Session {
  readonly config: ConfigStore;
  readonly settings: SettingsStore;
  readonly data: DataStore;
  readonly run: RunStore;
  readonly ranking: RankingStore;
  readonly evaluation: EvaluationStore;
  readonly identity: IdentityStore;
  readonly dataActions: DataActions;
  private playground: Playground | null = null;
  private readonly pendingSteps: StepEvent[] = [];
  private readonly pendingEvaluations: EvaluationEvent[] = [];
  private pendingWatch: TrainingProtocol['events']['watched'] | null = null;
  private readonly flushSteps = oncePerFrame(() => this.takeSteps(), STEPS_INTERVAL);
  private readonly flushEvaluations = oncePerFrame(() => this.takeEvaluations(), STEPS_INTERVAL);
  private readonly flushWatch = oncePerFrame(() => this.takeWatched(), RANKING_INTERVAL);
  private prepareTimer: ReturnType<typeof setTimeout> | null = null;
  /** Grows with each preparation; an answer to an older one is dropped. */
  private generation = 0;
  /** What the current run was made from. */
  private spec: StartSpec | null = null;

  constructor(private readonly parts: SessionParts) {
    const { storage } = parts;
    this.data = createDataStore(parts.teachers, storage);
    this.config = createConfigStore(parts.presets, storage, (config) =>
      unfit(config, this.data.getState(), parts.schemas),
    );
    this.settings = createSettingsStore(storage);
    this.run = createRunStore();
    this.identity = createIdentityStore(this);
    this.ranking = createRankingStore(parts.tweets, storage);
    this.evaluation = createEvaluationStore();
    this.dataActions = new DataActions(
      this.data,
      () => this.workers().data,
      () => this.stream(),
    );
  }

  /** Starts the workers, prepares the first run, and follows later edits. */
  start(): () => void {
    void this.buildUntrained().then(() => this.dataActions.refresh());
    const stops = [
      this.identity.subscribe((state, before) => {
        if (state.now !== before.now) this.scheduleUntrained();
      }),
      this.data.subscribe((state, before) => {
        if (!otherFit(state, before)) return;
        this.config.getState().recheck();
        this.scheduleUntrained();
      }),
    ];
    return () => {
      for (const stop of stops) stop();
      this.playground?.dispose();
      this.playground = null;
    };
  }

  /** Trains on, from a fresh run where the last one has ended or nothing was trained under an older configuration. */
  async train(): Promise<void> {
    if (await this.ready()) await this.call('resume', null);
  }

  async step(count = 1): Promise<void> {
    if (await this.ready()) await this.call('step', { count });
  }

  /** Goes back to a checkpoint of this run and pauses there; what came after it is forgotten. */
  restore(step: number): Promise<void> {
    return this.call('restore', { step });
  }

  pause(): Promise<void> {
    return this.call('pause', null);
  }

  stop(): Promise<void> {
    return this.call('stop', null);
  }

  /** Rewinds to the initial weights under the configuration shown, and trains. */
  async restart(): Promise<void> {
    if (await this.prepare()) await this.call('resume', null);
  }

  /** New workers in place of dead ones, and a fresh run. */
  async revive(): Promise<void> {
    this.playground?.dispose();
    this.playground = null;
    await this.prepare();
  }

  /** Builds a run at step 0. False when that failed; the run store then says why. */
  async prepare(): Promise<boolean> {
    const generation = ++this.generation;
    if (this.prepareTimer) clearTimeout(this.prepareTimer);
    const identity = this.identity.getState().now;
    if (!identity) return false;
    this.run.getState().begin(identity);
    this.ranking.getState().clear();
    this.pendingSteps.length = 0;
    this.pendingEvaluations.length = 0;
    this.pendingWatch = null;
    try {
      const spec = startSpec(identity, this.data.getState(), this.parts.schemas);
      const { training } = this.workers();
      await training.call('watch', null);
      const info = await this.workers().startRun(spec);
      if (generation !== this.generation) return false;
      this.spec = spec;
      this.run.getState().ready(info);
      const { tweetBatch } = await import('./tweet-batch.ts');
      const batch = tweetBatch(this.parts.tweets, spec);
      if (generation !== this.generation) return false;
      await training.call('watch', { batch, every: WATCH_EVERY });
      if (generation !== this.generation) return false;
      // An edit that came while this was being built found a run that could not be replaced yet.
      if (this.identity.getState().changes.length > 0) this.scheduleUntrained();
      return true;
    } catch (error) {
      if (generation === this.generation) this.fail(error, 'prepare');
      return false;
    }
  }

  /** What the current run was made from, the same object for the same run; null before the first. */
  runSpec(): StartSpec | null {
    return this.spec;
  }

  /** Predictions of the current run's model. @throws SessionError when there is no run, or its checkpoint is gone. */
  predict(batch: RecapBatch, at: WeightsAt): Promise<Predictions> {
    return this.workers().training.call('predict', { batch, at }, { transfer: transferables(batch) });
  }

  /** safetensors of the weights, or with the optimizer's state a checkpoint. */
  async exportWeights(kind: 'weights' | 'checkpoint'): Promise<Blob> {
    const bytes = await this.workers().training.call('export', { kind, at: 'now' });
    return new Blob([bytes], { type: 'application/octet-stream' });
  }

  /** @throws StateDictError naming the tensor, or SafetensorsError naming the place, when the file does not fit. */
  async importWeights(file: File): Promise<number> {
    const { run } = this;
    // The weights are for the configuration shown, whose model may not be there yet.
    if (run.getState().unbuilt !== null && !(await this.prepare())) {
      throw new SessionInputError(run.getState().message ?? 'The model could not be built.');
    }
    const before = run.getState().imported;
    const bytes = await file.arrayBuffer();
    // Said before the worker has it, because the first predictions with the new weights may come before its answer.
    run.getState().set({ imported: file.name });
    try {
      const { step } = await this.workers().training.call('import', { bytes }, { transfer: [bytes] });
      return step;
    } catch (error) {
      run.getState().set({ imported: before });
      throw error;
    }
  }

  /** The model's size under a configuration, or why there is none. */
  facts(config: RecapConfig): ModelFacts | { readonly problem: string } {
    try {
      const data = this.data.getState();
      return modelFacts(config, schemaOf(config, data, this.parts.schemas), data.ownMasks);
    } catch (error) {
      return { problem: error instanceof Error ? error.message : String(error) };
    }
  }

  private async ready(): Promise<boolean> {
    const { phase, step, imported } = this.run.getState();
    const ended = phase !== 'paused' && phase !== 'running';
    // Nothing is lost by taking over later edits while the weights are still the initial ones.
    const changed = this.identity.getState().changes.length > 0;
    if (ended || (step === 0 && !imported && changed)) return this.prepare();
    return true;
  }

  private async call<N extends 'resume' | 'pause' | 'stop' | 'step' | 'restore'>(
    name: N,
    params: TrainingProtocol['requests'][N]['params'],
  ): Promise<void> {
    try {
      await this.workers().training.call(name, params);
    } catch (error) {
      this.fail(error, 'run');
    }
  }

  private workers(): Playground {
    if (this.playground) return this.playground;
    const playground = this.parts.createPlayground();
    const { training, data } = playground;
    const run = this.run.getState();
    training.on('phase', ({ phase, step, message }) => {
      this.takeSteps();
      this.takeEvaluations();
      run.setPhase(phase, step, message);
      if (phase === 'failed' && this.run.getState().failure === null) {
        run.set({ failure: { kind: 'run', message: message ?? 'The run failed.' } });
      }
    });
    training.on('steps', (events) => {
      this.pendingSteps.push(...events);
      this.flushSteps();
    });
    training.on('watched', (event) => {
      // The untrained order is what all later ones are compared with: never skipped.
      if (event.step === 0) this.showWatched(event);
      else {
        this.pendingWatch = event;
        this.flushWatch();
      }
    });
    training.on('evaluation', (event) => {
      this.pendingEvaluations.push(event);
      this.flushEvaluations();
    });
    training.on('checkpoint', (event) => run.addCheckpoint(event));
    training.on('diverged', (divergence) => run.set({ divergence }));
    training.on('tuning', ({ done, total }) => run.set({ tuning: done < total ? { done, total } : null }));
    training.on('deviceLost', ({ message }) => run.set({ failure: { kind: 'device', message } }));
    this.dataActions.listen(data);
    this.playground = playground;
    return playground;
  }

  private takeSteps(): void {
    const steps = this.pendingSteps.splice(0);
    // While a run is being prepared, steps can only be the last ones of the run before it.
    if (steps.length > 0 && this.run.getState().phase !== 'preparing') this.run.getState().addSteps(steps);
  }

  private takeEvaluations(): void {
    if (this.pendingEvaluations.length > 0) {
      this.run.getState().addEvaluations(this.pendingEvaluations.splice(0));
    }
  }

  private takeWatched(): void {
    if (this.pendingWatch) this.showWatched(this.pendingWatch);
    this.pendingWatch = null;
  }

  private showWatched({ step, predictions }: TrainingProtocol['events']['watched']): void {
    const { identity, imported } = this.run.getState();
    if (!identity) return;
    this.ranking.getState().addSnapshot({
      step,
      tasks: Object.keys(identity.config.model.tasks),
      probabilities: predictions.calibrated,
      untrained: step === 0 && imported === null,
    });
  }

  private stream(): Pick<StartSpec, 'config' | 'schema' | 'source' | 'masks' | 'examples'> | null {
    const identity = this.identity.getState().now;
    return identity && startSpec(identity, this.data.getState(), this.parts.schemas);
  }

  private scheduleUntrained(): void {
    if (this.prepareTimer) clearTimeout(this.prepareTimer);
    this.prepareTimer = setTimeout(() => {
      this.dataActions.refresh();
      void this.buildUntrained();
    }, PREPARE_DELAY);
  }

  /** Builds the model shown where nothing is lost by it; one that takes long is left to Train, and the page says so. */
  private async buildUntrained(): Promise<void> {
    const { phase, step, imported } = this.run.getState();
    const untouched = step === 0 && imported === null && phase !== 'running' && phase !== 'preparing';
    const { now, changes } = this.identity.getState();
    if (!untouched || !now) return;
    const facts = this.facts(now.config);
    const parameters = 'problem' in facts ? 0 : facts.parameters;
    const wanted = phase === 'idle' || changes.length > 0;
    const large = wanted && parameters > MAX_AUTOMATIC_PARAMETERS;
    this.run.getState().set({ unbuilt: large ? parameters : null });
    if (wanted && !large) await this.prepare();
  }

  private fail(error: unknown, kind: 'run' | 'prepare'): void {
    const message = error instanceof Error ? error.message : String(error);
    const died = error instanceof Error && error.name === 'WorkerDiedError';
    const state = this.run.getState();
    if (state.failure?.kind === 'device') return;
    state.set({ phase: 'failed', message, failure: { kind: died ? 'worker' : kind, message } });
  }
}
