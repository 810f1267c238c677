/** RunKeeper: the folder of a run that trains: its manifest, its reports, its checkpoints. Until there is something to keep there is none. */
import type { RunManifest } from '../runs/manifest.ts';
import { metricsFile } from '../runs/metrics-export.ts';
import type { MetricsFormat } from '../runs/metrics-export.ts';
import type { SeriesNames } from '../runs/metrics-lines.ts';
import { openRecipe } from '../runs/recipe.ts';
import { restorableSteps, RunCheckpoints } from '../runs/run-checkpoints.ts';
import type { RunFolder } from '../runs/run-folder.ts';
import { RunRecorder } from '../runs/run-recorder.ts';
import type { Checkpoint, CheckpointStore } from '../training/checkpoint-store.ts';
import type { EvaluationEvent, RunPhase, StepEvent } from '../training/events.ts';
import { SessionError } from '../training/session.ts';
import type { LiveRunParts } from './run-parts.ts';

export class RunKeeper {
  #manifest: RunManifest;
  readonly #parts: LiveRunParts;
  readonly #onUnkept: (message: string) => void;
  #folder: RunFolder | null = null;
  /** The folder's opening, for all who ask meanwhile. */
  #opening: Promise<void> | null = null;
  #recorder: RunRecorder | null = null;
  #checkpoints: RunCheckpoints | null = null;
  /** Manifests on their way to the folder, one after another. */
  #saving: Promise<void> = Promise.resolve();

  /** @param onUnkept told once, when nothing can be written any more. */
  constructor(parts: LiveRunParts, manifest: RunManifest, onUnkept: (message: string) => void) {
    this.#parts = parts;
    this.#manifest = manifest;
    this.#onUnkept = onUnkept;
  }

  get manifest(): RunManifest {
    return this.#manifest;
  }

  /** Opens the folder, if it is not open: from now on everything is kept. */
  open(): Promise<void> {
    this.#opening ??= this.#openFolder().catch((error: unknown) => {
      this.#opening = null;
      throw error;
    });
    return this.#opening;
  }

  async #openFolder(): Promise<void> {
    const folder = await this.#parts.openFolder(this.#manifest);
    this.#folder = folder;
    const { graph, maxCheckpointBytes } = this.#parts;
    this.#recorder = new RunRecorder(folder, this.#names, await folder.status(), this.#onUnkept);
    const { recipe } = this.#manifest;
    const about = { config: recipe.config, seed: recipe.seeds.weights };
    this.#checkpoints = new RunCheckpoints(folder, graph, about, maxCheckpointBytes);
    await this.save(this.#manifest);
  }

  /** Takes a manifest over, and keeps it where there is a folder. */
  async save(manifest: RunManifest): Promise<RunManifest> {
    this.#manifest = manifest;
    const folder = this.#folder;
    if (folder) {
      this.#saving = this.#saving.then(() => this.#recorder?.guard(() => folder.saveManifest(manifest)));
      await this.#saving;
    }
    return manifest;
  }

  addStep(event: StepEvent): void {
    this.#recorder?.addStep(event);
  }

  addEvaluation(event: EvaluationEvent): void {
    this.#recorder?.addEvaluation(event);
  }

  setPhase(phase: RunPhase, step: number): void {
    this.#recorder?.setPhase(phase, step);
  }

  /** All that was told so far is written, the manifest too: without it a state reached under a live change is worth nothing. */
  async flush(): Promise<void> {
    await this.#saving;
    await this.#recorder?.flush();
  }

  async saveModel(bytes: Uint8Array): Promise<void> {
    const folder = this.#folder;
    if (folder) await this.#recorder?.guard(() => folder.saveModel(bytes));
  }

  /** The folder's checkpoints, as soon as there is a folder. */
  store(): CheckpointStore {
    return {
      steps: async () => (await this.#checkpoints?.steps()) ?? [],
      save: (checkpoint) => this.#write((checkpoints) => checkpoints.save(checkpoint)),
      load: async (step) => (await this.#checkpoints?.load(step)) ?? null,
      delete: (step) => this.#write((checkpoints) => checkpoints.delete(step)),
    };
  }

  autosave(checkpoint: Checkpoint): Promise<void> {
    return this.#write((checkpoints) => checkpoints.autosave(checkpoint));
  }

  async #write(write: (checkpoints: RunCheckpoints) => Promise<void>): Promise<void> {
    const checkpoints = this.#checkpoints;
    if (checkpoints) await this.#recorder?.guard(() => write(checkpoints));
  }

  /** The newest state up to a step, null without one. */
  async latest(until: number): Promise<Checkpoint | null> {
    return (await this.#checkpoints?.latest(until)) ?? null;
  }

  /** @throws SessionError when the checkpoint of the step is no longer kept. */
  async checkpointAt(step: number): Promise<Checkpoint> {
    const checkpoint = (await this.#checkpoints?.load(step)) ?? null;
    if (!checkpoint) throw new SessionError(`The checkpoint of step ${step} is no longer kept.`);
    return checkpoint;
  }

  /** Steps that can be gone back to, those saved in between too. */
  async restorableSteps(): Promise<readonly number[]> {
    return this.#folder ? restorableSteps(this.#folder) : [];
  }

  /** Nothing of what came after a step the run went back to stays once it trains on from there. */
  async forgetLater(step: number): Promise<void> {
    const folder = this.#folder;
    // Reported lines too that were to be written later: they would come back behind the cut.
    const evaluated = await this.evaluatedAt(step);
    if (folder) await this.#recorder?.guard(() => folder.rewind(step, evaluated));
  }

  /** Whether the folder has every evaluation of a step. What was reported is in it then, to the last line. */
  async evaluatedAt(step: number): Promise<boolean> {
    await this.flush();
    const { config } = openRecipe(this.#manifest.recipe);
    const strata = 1 + (config.model.stratifiers?.length ?? 0);
    const wanted = this.#parts.evaluations.length * strata;
    return ((await this.#folder?.evaluationsAt(step)) ?? 0) >= wanted;
  }

  async metrics(format: MetricsFormat): Promise<Blob> {
    await this.open();
    await this.flush();
    const pieces: BlobPart[] = [];
    const folder = this.#folder;
    if (folder) for await (const piece of metricsFile(folder, this.#names, format)) pieces.push(piece);
    return new Blob(pieces, { type: format === 'csv' ? 'text/csv' : 'application/jsonl' });
  }

  /** Gives the folder back, with all that was reported in it. */
  async close(): Promise<void> {
    await this.flush();
    this.#folder?.close();
  }

  get #names(): SeriesNames {
    const { graph } = this.#parts;
    return { tasks: graph.outputs.map(({ task }) => task), groups: graph.groups };
  }
}
