/**
 * Session: what the page can do, and the one place that talks to the workers. Panels call its actions and read the
 * stores; they know no worker.
 */
import type { RecapConfig } from '../../src/config/recap-config.ts';
import { transferables } from '../../src/data/recap-batch.ts';
import type { RecapBatch } from '../../src/data/recap-batch.ts';
import type { EngineName, Predictions } from '../../src/engines/engine.ts';
import { newManifest } from '../../src/runs/new-manifest.ts';
import type { RunManifest, RunRecipe } from '../../src/runs/manifest.ts';
import type { Playground } from '../../src/workers/clients.ts';
import type { RunStart, TrainingProtocol, WeightsAt } from '../../src/workers/protocol.ts';
import type { RunPast } from '../stores/run.ts';
import { CurrentRun } from './current-run.ts';
import { DataActions } from './data-actions.ts';
import { PageStores } from './page-stores.ts';
import { FileHashes } from './file-hashes.ts';
import { draftStream, factsOf, filesFor, otherFit, SessionInputError } from './draft-recipe.ts';
import { followHeads } from './follow-heads.ts';
import type { KeptRuns } from './kept-runs.ts';
import type { ModelFacts } from '../../src/runs/model-facts.ts';
import { guardLeaving } from './leave-guard.ts';
import { RankingModel } from './ranking-model.ts';
import { RunComparison } from './run-comparison.ts';
import { RunExports } from './run-exports.ts';
import { failureOf } from './run-failure.ts';
import { RunLibrary } from './run-library.ts';
import type { RunLabel } from './run-library.ts';
import { rowsOf } from './run-rows.ts';
import { triedRun } from './tried.ts';
import { manifestOfFile } from './manifest-of-file.ts';
import type { SessionParts } from './session-parts.ts';
import { Sweep } from './sweep.ts';
import type { TableActions } from './table-actions.ts';
import { pastOf, pastOfParent } from './run-past.ts';
import { RunEvents } from './run-worker-events.ts';
import { UntrainedRun } from './untrained-run.ts';
import { WATCH_EVERY } from '../cadence.ts';
import { sessionTexts } from '../texts/session.ts';
import { editTexts } from '../texts/edits.ts';
import { loadReaders, openRecipe, readConfig } from '../stores/reading.ts';

export class Session extends PageStores {
  readonly rankingModel: RankingModel;
  readonly dataActions: DataActions;
  readonly runs: KeptRuns;
  /** Version of the page. */
  readonly app: string;
  readonly library: RunLibrary;
  /** Runs beside the current one. */
  readonly comparison: RunComparison;
  readonly sweep: Sweep;
  readonly exports: RunExports;
  private tableActions: Promise<TableActions> | null = null;
  private playground: Playground | null = null;
  private readonly events: RunEvents;
  private readonly current: CurrentRun;
  private readonly untrained: UntrainedRun;
  private readonly hashes: FileHashes;
  /** Settles when a run is there, or failed to be. What a person asks for waits for it. */
  started: Promise<void> = Promise.resolve();
  /** Grows with each preparation; an answer to an older one is dropped. */
  private generation = 0;

  constructor(private readonly parts: SessionParts) {
    super(parts);
    const { storage } = parts;
    this.runs = parts.runs;
    this.app = parts.app;
    this.comparison = new RunComparison(parts.runs, storage, this.run);
    this.library = new RunLibrary(
      parts.runs,
      this.history,
      (run, label) => this.labelOpen(run, label),
      (manifest) => rowsOf(manifest, this),
      this.comparison,
      storage,
    );
    this.hashes = new FileHashes(parts.runs);
    this.sweep = new Sweep(this, storage);
    this.exports = new RunExports(this.run, parts.runs, () => this.workers());
    this.rankingModel = new RankingModel(this, this.ranking);
    this.events = new RunEvents(this.run, this.ranking);
    this.current = new CurrentRun(storage);
    this.untrained = new UntrainedRun(this, () => this.dataActions.refresh());
    followHeads(this);
    const dataWorker = () => this.workers().data;
    this.dataActions = new DataActions(this.data, dataWorker, () => draftStream(this), parts.app);
  }

  /** Starts the workers, brings back the run that was open or prepares the first, and follows later edits. */
  start(): () => void {
    // Their scripts load while the run that was open is looked for.
    this.workers();
    this.started = this.bringBack().finally(() => this.run.getState().set({ starting: false }));
    void this.started.then(() => this.dataActions.refresh());
    void this.comparison.start();
    const stops = [
      this.draft.subscribe((state, before) => {
        if (state.recipe !== before.recipe) this.untrained.schedule();
      }),
      this.data.subscribe((state, before) => {
        if (!otherFit(state, before)) return;
        this.config.getState().recheck();
        this.untrained.schedule();
      }),
      this.current.follow(this.run),
      this.hashes.follow(this.data, (said) => this.page.getState().say(said)),
      ...(globalThis.window ? [guardLeaving(this.run, globalThis.window)] : []),
    ];
    return () => {
      for (const stop of stops) stop();
      this.rankingModel.dispose();
      this.playground?.dispose();
      this.playground = null;
    };
  }

  /** Trains on; a new run where the last one has ended, or nothing was trained under an older configuration. */
  async train(): Promise<void> {
    await this.started;
    const { phase } = this.run.getState();
    const ended = phase === 'finished' || phase === 'diverged';
    await this.untrained.during(async () => {
      if (ended ? await this.prepare() : await this.ready()) await this.call('resume', null);
    });
  }

  /** One step more, beyond the last one too. */
  async step(count = 1): Promise<void> {
    await this.started;
    if (await this.ready()) await this.call('step', { count });
  }

  /** Ends the run at so many steps; a finished run can go on with more. Nothing else of it changes. */
  async endAt(steps: number): Promise<void> {
    const answer = await this.call('endAt', { steps });
    if (answer) this.run.getState().set({ manifest: answer.manifest });
  }

  /** Takes `steps` more steps of a finished run. */
  async extendAndTrain(steps: number): Promise<void> {
    await this.endAt(this.run.getState().step + steps);
    await this.call('resume', null);
  }

  /**
   * Changes a setting of the run from its next step on, as its manifest then says (training/live-changes.ts).
   * @throws LiveChangeError when the key does not take the value; nothing has changed then.
   */
  async change(key: string, value: number): Promise<void> {
    const { manifest } = await this.workers().training.call('change', { key, value });
    this.run.getState().set({ manifest });
  }

  private labelOpen(run: string, label: RunLabel): Promise<void> | null {
    if (run !== this.run.getState().manifest?.id) return null;
    return this.workers()
      .training.call('label', label)
      .then(({ manifest }) => this.run.getState().set({ manifest }));
  }

  /** Metrics of the weights of now, without training. */
  async evaluate(): Promise<void> {
    if (await this.ready()) await this.call('evaluate', null);
  }

  /** Goes back to a checkpoint of this run and pauses there; training on repeats what came after it. */
  async restore(step: number): Promise<void> {
    await this.call('restore', { step });
  }

  async pause(): Promise<void> {
    await this.call('pause', null);
  }

  /** A new run under the configuration shown, from its initial weights; the one before is kept. */
  async restart(): Promise<void> {
    if (await this.prepare()) await this.call('resume', null);
  }

  /** Begins a run of a recipe of its own, beside the configuration shown. @returns its id, null when it could not be made. */
  async trainRecipe(recipe: RunRecipe, name: string): Promise<string | null> {
    await this.started;
    const manifest = newManifest({ recipe, name, app: this.parts.app });
    if (!(await this.make(manifest, { kind: 'fresh' }))) return null;
    await this.call('resume', null);
    return manifest.id;
  }

  /** Opens a kept run and trains it on. False when it can't be opened. */
  async trainOn(id: string): Promise<boolean> {
    await this.started;
    if (!(await this.open(id))) return false;
    await this.call('resume', null);
    return true;
  }

  /** A child of the run there is, from one of its checkpoints, under the configuration shown. */
  async branch(step: number): Promise<void> {
    const { manifest } = this.run.getState();
    const { recipe } = this.draft.getState();
    if (!manifest || !recipe) return;
    const child = newManifest({ recipe, parent: { run: manifest.id, step }, app: this.parts.app });
    await this.make(child, { kind: 'branch', run: manifest.id, step }, await pastOfParent(child, this.runs));
  }

  /** Brings the run back in new workers, from its newest state, and trains on if it was training; on `engine` from there, if given. */
  async revive(engine?: EngineName): Promise<void> {
    const { manifest, phase, step } = this.run.getState();
    this.playground?.dispose();
    this.playground = null;
    if (!manifest || step === 0 || !(await this.open(manifest.id, engine))) {
      await this.prepare();
      return;
    }
    if (phase === 'failed' && this.run.getState().readOnly === null) await this.call('resume', null);
  }

  /** Builds a run at step 0 from what is shown. False when that failed; the run store then says why. */
  async prepare(): Promise<boolean> {
    const { recipe, missing } = this.draft.getState();
    if (!recipe) {
      if (missing) this.fail(new SessionInputError(missing), 'prepare');
      return false;
    }
    const before = this.run.getState();
    const tried = triedRun(this.page.getState().tried, this);
    const run = tried?.beside ?? (before.step > 0 ? before.manifest?.id : null);
    const manifest = newManifest({
      recipe,
      parent: run ? { run, step: 0 } : null,
      app: this.parts.app,
      ...(tried && { name: tried.name }),
    });
    const made = await this.make(manifest, { kind: 'fresh' });
    // What was tried is seen beside the run without it.
    if (made && tried?.beside) await this.comparison.show(tried.beside);
    return made;
  }

  /** Opens a kept run, paused where it was; to look at only where another tab has it. False when it can't be opened. */
  async open(id: string, engine?: EngineName): Promise<boolean> {
    const kept = await this.runs.call('read', { run: id }).catch((error: unknown) => {
      this.fail(error, 'prepare');
      return null;
    });
    if (!kept) return false;
    const past = pastOf(kept, Number.POSITIVE_INFINITY);
    const opened = await this.make(
      kept.manifest,
      { kind: 'resume', step: null, ...(engine && { engine }) },
      past,
    );
    const { failure } = this.run.getState();
    if (opened || !failure) return opened;
    // What it has reported can be looked at all the same.
    this.run.getState().recall(past);
    const busy = failure.kind === 'busy';
    this.run.getState().set({ phase: 'paused', failure: null, readOnly: failure.message, busy });
    return true;
  }

  /** What can be done with a table of the person's own. */
  tables(): Promise<TableActions> {
    this.tableActions ??= import('./table-actions.ts').then(
      (found) => new found.TableActions(this, () => this.workers()),
    );
    return this.tableActions;
  }

  /** What the current run is made from, the same object for the same run; null before the first. */
  recipe(): RunRecipe | null {
    return this.run.getState().manifest?.recipe ?? null;
  }

  /** Predictions of the current run's model. @throws SessionError when there is no run, or its checkpoint is gone. */
  predict(batch: RecapBatch, at: WeightsAt): Promise<Predictions> {
    return this.workers().training.call('predict', { batch, at }, { transfer: transferables(batch) });
  }

  /**
   * A file of weights becomes a run at step 0 under the configuration shown; a checkpoint the run that it came from, at
   * its step. The run before is kept.
   * @returns the step, and what was done to make the file fit. @throws StateDictError, SafetensorsError or SessionInputError when the file does not fit; nothing
   * has changed then.
   */
  async importWeights(file: File): Promise<{ readonly step: number; readonly notes: readonly string[] }> {
    const { recipe } = this.draft.getState();
    const found = await this.runs.call('inspectWeights', { file, recipe });
    const { kind, bytes } = found;
    const manifest = manifestOfFile(found, file.name, this.parts.app);
    if (!(await this.make(manifest, { kind, bytes }, await pastOfParent(manifest, this.runs)))) {
      throw new SessionInputError(this.run.getState().message ?? sessionTexts.runNotMade);
    }
    return { step: this.run.getState().step, notes: found.notes };
  }

  /** A run's manifest becomes what is shown, to begin a run from. @throws as openManifest of open-manifest.ts. */
  async openManifest(text: string): Promise<RunManifest> {
    const { openManifest } = await import('./open-manifest.ts');
    return this.history.together(editTexts.manifest, () => openManifest(text, this, this.parts.schemas));
  }

  /** The model's size under a configuration, or why there is none. */
  facts(config: RecapConfig): ModelFacts | { readonly problem: string } {
    return factsOf(config, this.data.getState(), this.parts.schemas);
  }

  /** Makes a run live. @param past what it had reported before. */
  private async make(manifest: RunManifest, start: RunStart, past: RunPast | null = null): Promise<boolean> {
    const generation = ++this.generation;
    this.untrained.cancel();
    const isCurrent = (): boolean => generation === this.generation;
    this.ranking.getState().clear();
    this.events.clear();
    try {
      this.run.getState().begin(manifest);
      if (past) this.run.getState().recall(past);
      const files = filesFor(manifest.recipe, this.data.getState());
      await this.hashes.check(manifest.recipe.data, files);
      if (!isCurrent()) return false;
      const playground = this.workers();
      const { training } = playground;
      const rows = files.table && (await (await this.tables()).heldOutRows(manifest, files));
      this.ranking.getState().setRows(rows?.rows ?? null);
      const watched = rows ? { rows: rows.batch } : { tweets: this.parts.tweets };
      // Told first, but not waited for: the streams open while the training worker loads.
      const [, info] = await Promise.all([
        training.call('watch', { ...watched, every: WATCH_EVERY }),
        playground.startRun({
          manifest,
          read: readConfig(manifest.recipe.config),
          start,
          files,
          partitions: Object.keys(openRecipe(manifest.recipe).config.validation_data),
        }),
      ]);
      if (!isCurrent()) return false;
      this.run.getState().ready(info);
      void this.hashes.identify(this.run, training, files);
      // An edit that came while this was being built found a run that could not be replaced yet.
      if (this.draft.getState().changes.length > 0) this.untrained.schedule();
      return true;
    } catch (error) {
      if (isCurrent()) this.fail(error, 'prepare');
      return false;
    }
  }

  /** The run that was open when the page was left, or an untrained one. */
  private async bringBack(): Promise<void> {
    const purged = this.runs.call('purge', null).catch(() => null);
    const id = this.current.last();
    // Who has none waits for no worker that looks for it. A kept run's texts need not be the page's own.
    if (id) await Promise.all([purged, loadReaders()]);
    const kept = id ? await this.runs.call('read', { run: id }).catch(() => null) : null;
    if (kept && (await this.open(kept.manifest.id))) return;
    this.run.getState().set({ failure: null });
    await this.untrained.build();
  }

  private async ready(): Promise<boolean> {
    const { phase, step, manifest, readOnly } = this.run.getState();
    if (readOnly !== null) return false;
    const changed = this.draft.getState().changes.length > 0;
    const imported = manifest?.recipe.warmStart !== null;
    const ended = phase !== 'paused' && phase !== 'running' && phase !== 'finished';
    // Nothing is lost by taking over later edits while the weights are still the initial ones.
    if (ended || (step === 0 && !imported && changed)) return this.prepare();
    return true;
  }

  private async call<N extends 'resume' | 'pause' | 'step' | 'restore' | 'endAt' | 'evaluate'>(
    name: N,
    params: TrainingProtocol['requests'][N]['params'],
  ): Promise<TrainingProtocol['requests'][N]['result'] | null> {
    try {
      return await this.workers().training.call(name, params);
    } catch (error) {
      this.fail(error, 'run');
      return null;
    }
  }

  private workers(): Playground {
    if (this.playground) return this.playground;
    const playground = this.parts.createPlayground();
    this.events.listen(playground.training);
    this.dataActions.listen(playground.data);
    playground.onDeath((_worker, reason) => {
      if (this.playground === playground) this.fail(reason, 'run');
    });
    this.playground = playground;
    return playground;
  }

  private fail(error: unknown, kind: 'run' | 'prepare'): void {
    const failure = failureOf(error, kind);
    this.run.getState().set({ phase: 'failed', message: failure.message, failure });
  }
}
