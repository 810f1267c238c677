/**
 * RunFolder: what a run became, in one layout everywhere:
 *
 *     manifest.json                  what it is made from (manifest.ts)
 *     status.json                    where it stands: phase, step, last losses
 *     metrics.jsonl                  a line a step
 *     evaluations.jsonl              a line a partition and stratum of an evaluation
 *     checkpoints/STEP.safetensors   weights, moments, counters, position of the data
 *     initial.safetensors            the weights of step 0, where they are not drawn from the seed
 *     model.safetensors              the weights at the end, under the reference's names
 *
 * Everything that is replaced is written aside and renamed, so a file is whole or not there. Steps are written before
 * the checkpoint that comes after them: up to its newest checkpoint a folder lacks nothing.
 */
import { z } from '../config/zod.ts';
import type { EvaluationEvent, StepEvent } from '../training/events.ts';
import { PART } from './homes/home.ts';
import type { FileHome, HomeLock } from './homes/home.ts';
import { countLines, cutLines, linesFromEnd, linesOf } from './line-files.ts';
import { parseManifest } from './manifest.ts';
import { manifestText, ManifestError } from './new-manifest.ts';
import type { RunManifest } from './manifest.ts';
import { MetricsLineError, parseStepLine, stepLine } from './metrics-lines.ts';
import type { SeriesNames } from './metrics-lines.ts';

export const MANIFEST = 'manifest.json';
const STATUS = 'status.json';
const METRICS = 'metrics.jsonl';
const EVALUATIONS = 'evaluations.jsonl';
const MODEL = 'model.safetensors';
const INITIAL = 'initial.safetensors';

/** Everything that a run folder is made of, its lock aside. */
export const RUN_FILES: readonly string[] = [
  MANIFEST,
  STATUS,
  METRICS,
  EVALUATIONS,
  'checkpoints',
  INITIAL,
  MODEL,
];

/** Whether a path below a run's folder is one of the layout's files. */
export function isRunFile(path: string): boolean {
  return path.startsWith('checkpoints/')
    ? /^checkpoints\/\d{1,15}(\.autosave)?\.safetensors$/.test(path)
    : path !== 'checkpoints' && RUN_FILES.includes(path);
}

export const statusSchema = z.object({
  phase: z.enum(['preparing', 'paused', 'running', 'finished', 'diverged', 'failed']),
  step: z.int().min(0),
  loss: z.number().nullable(),
  taskLosses: z.record(z.string(), z.number()),
  /** Milliseconds of training. */
  elapsedMs: z.number().min(0),
});

/** Where a run stands, as a list of runs shows it. */
export type RunStatus = z.output<typeof statusSchema>;

const NEW: RunStatus = { phase: 'paused', step: 0, loss: null, taskLosses: {}, elapsedMs: 0 };

const encoder = new TextEncoder();

/** A run that cannot be opened as it was asked for. */
export class RunFolderError extends Error {
  override readonly name = 'RunFolderError';
}

export class RunFolder {
  readonly home: FileHome;
  /** Its path in the home. */
  readonly path: string;
  #manifest: RunManifest;
  #lock: HomeLock | null;

  private constructor(home: FileHome, path: string, manifest: RunManifest, lock: HomeLock | null) {
    this.home = home;
    this.path = path;
    this.#manifest = manifest;
    this.#lock = lock;
  }

  /**
   * Makes the folder of a new run and takes it for writing.
   * @throws RunFolderError when there is a run already, HomeError when it can't be written.
   */
  static async create(home: FileHome, path: string, manifest: RunManifest): Promise<RunFolder> {
    if ((await home.size(join(path, MANIFEST))) !== null) {
      throw new RunFolderError(
        `${path}: there is a run in this folder already. Give another folder, or resume it.`,
      );
    }
    const lock = await home.lock(path);
    if (!lock) throw new RunFolderError(`${path}: somebody else is writing this run.`);
    const folder = new RunFolder(home, path, manifest, lock);
    try {
      await folder.saveManifest(manifest);
    } catch (error) {
      lock.release();
      throw error;
    }
    return folder;
  }

  /**
   * Opens a run that is there. With `write` it is taken for writing where nobody else has it, and what an earlier
   * writer left unfinished is removed; `writable` says whether it was.
   * @throws RunFolderError when there is no run, ManifestError naming the key of a manifest that can't be read.
   */
  static async open(home: FileHome, path: string, mode: 'read' | 'write'): Promise<RunFolder> {
    const bytes = await home.read(join(path, MANIFEST));
    if (!bytes) throw new RunFolderError(`${path}: there is no run in this folder (no ${MANIFEST}).`);
    const manifest = manifestOf(bytes, join(path, MANIFEST));
    const lock = mode === 'write' ? await home.lock(path) : null;
    const folder = new RunFolder(home, path, manifest, lock);
    if (lock) await folder.#sweep();
    return folder;
  }

  get manifest(): RunManifest {
    return this.#manifest;
  }

  get writable(): boolean {
    return this.#lock !== null;
  }

  /** Gives the right to write back. */
  close(): void {
    this.#lock?.release();
    this.#lock = null;
  }

  async saveManifest(manifest: RunManifest): Promise<void> {
    await this.#replace(MANIFEST, manifestText(manifest));
    this.#manifest = manifest;
  }

  async status(): Promise<RunStatus> {
    const bytes = await this.home.read(this.file(STATUS));
    if (!bytes) return NEW;
    const parsed = statusSchema.safeParse(jsonOf(bytes));
    return parsed.success ? parsed.data : NEW;
  }

  saveStatus(status: RunStatus): Promise<void> {
    return this.#replace(STATUS, `${JSON.stringify(status)}\n`);
  }

  async appendSteps(events: readonly StepEvent[], names: SeriesNames): Promise<void> {
    if (events.length === 0) return;
    await this.#append(METRICS, events.map((event) => stepLine(event, names)).join(''));
  }

  async appendEvaluations(events: readonly EvaluationEvent[]): Promise<void> {
    if (events.length === 0) return;
    await this.#append(EVALUATIONS, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  }

  /** Steps in order, in pieces. A last line that was cut off is left out. @throws MetricsLineError */
  async *steps(names: SeriesNames): AsyncGenerator<readonly StepEvent[], void, undefined> {
    let number = 1;
    for await (const lines of linesOf(this.home, this.file(METRICS))) {
      yield lines.map(({ text }) => parseStepLine(text, number++, names));
    }
  }

  /** metrics.jsonl in pieces of whole lines. */
  async *metricsText(): AsyncGenerator<string, void, undefined> {
    for await (const lines of linesOf(this.home, this.file(METRICS)))
      yield lines.map(({ text }) => `${text}\n`).join('');
  }

  /** All evaluations, in their order. A last line that was cut off is left out. @throws MetricsLineError */
  async evaluations(): Promise<EvaluationEvent[]> {
    const events: EvaluationEvent[] = [];
    for await (const lines of linesOf(this.home, this.file(EVALUATIONS))) {
      for (const { text } of lines) events.push(this.#evaluation(text, `line ${events.length + 1}`));
    }
    return events;
  }

  /**
   * The newest evaluation of all examples of each partition, in their order; read from the end until those of the
   * partitions named are found. @throws MetricsLineError
   */
  async newestEvaluations(partitions: readonly string[]): Promise<EvaluationEvent[]> {
    const found = new Map<string, EvaluationEvent>();
    const path = this.file(EVALUATIONS);
    for await (const lines of linesFromEnd(this.home, path, await this.home.size(path))) {
      for (const { text, start } of lines) {
        const event = this.#evaluation(text, `the line at byte ${start}`);
        if (event.stratum === null && !found.has(event.partition)) found.set(event.partition, event);
        if (partitions.every((partition) => found.has(partition))) return [...found.values()].reverse();
      }
    }
    return [...found.values()].reverse();
  }

  #evaluation(text: string, place: string): EvaluationEvent {
    const value = jsonOf(encoder.encode(text));
    if (typeof value !== 'object' || value === null || !('step' in value) || !('tasks' in value)) {
      throw new MetricsLineError(
        `${this.file(EVALUATIONS)}, ${place}: this is no evaluation. Remove the line.`,
      );
    }
    return value as EvaluationEvent;
  }

  /** How many evaluations there are of a step; of those of earlier steps nothing is read. */
  evaluationsAt(step: number): Promise<number> {
    return countLines(this.home, this.file(EVALUATIONS), step);
  }

  /**
   * Forgets what came after `step` updates: its lines, and checkpoints of later steps.
   * @param evaluated whether evaluations at `step` itself stay.
   */
  async rewind(step: number, evaluated: boolean): Promise<void> {
    this.#mustWrite();
    await cutLines(this.home, this.file(METRICS), (at) => at >= step);
    const isLater = (at: number): boolean => (evaluated ? at > step : at >= step);
    await cutLines(this.home, this.file(EVALUATIONS), isLater);
    for (const entry of await this.home.list(this.file('checkpoints'))) {
      if (Number.parseInt(entry.name, 10) > step)
        await this.home.remove(this.file(`checkpoints/${entry.name}`));
    }
  }

  saveModel(bytes: Uint8Array): Promise<void> {
    return this.#replace(MODEL, bytes);
  }

  /** The weights of step 0, where they are not drawn from the seed. */
  weights(): Promise<Uint8Array<ArrayBuffer> | null> {
    return this.home.read(this.file(INITIAL));
  }

  saveWeights(bytes: Uint8Array): Promise<void> {
    return this.#replace(INITIAL, bytes);
  }

  /** Takes over what another run reported up to a step, from which this one goes on. */
  async copyHistory(from: RunFolder, step: number): Promise<void> {
    this.#mustWrite();
    for (const name of [METRICS, EVALUATIONS]) {
      for await (const lines of linesOf(from.home, from.file(name))) {
        await this.#append(name, lines.map(({ text }) => `${text}\n`).join(''));
      }
    }
    await this.rewind(step, true);
  }

  /** Bytes on the disk, all files together. */
  async bytes(): Promise<number> {
    const sum = async (folder: string): Promise<number> => {
      let total = 0;
      for (const entry of await this.home.list(folder)) {
        total += entry.folder ? await sum(`${folder}/${entry.name}`) : entry.size;
      }
      return total;
    };
    return sum(this.path);
  }

  /** Path in the home of a file of this run. */
  file(name: string): string {
    return join(this.path, name);
  }

  /** @throws RunFolderError when the run was opened to read, or somebody else writes it. */
  #mustWrite(): void {
    if (!this.#lock) throw new RunFolderError(`${this.path}: this run is open to read only.`);
  }

  /** As saveModel, for any file of this folder. */
  async write(name: string, bytes: Uint8Array): Promise<void> {
    await this.#replace(name, bytes);
  }

  async #replace(name: string, content: string | Uint8Array): Promise<void> {
    this.#mustWrite();
    await this.home.replace(this.file(name), typeof content === 'string' ? encoder.encode(content) : content);
  }

  async #append(name: string, text: string): Promise<void> {
    this.#mustWrite();
    await this.home.append(this.file(name), encoder.encode(text));
  }

  async #sweep(): Promise<void> {
    for (const folder of ['', 'checkpoints']) {
      for (const { name } of await this.home.list(folder === '' ? this.path : this.file(folder))) {
        if (name.endsWith(PART))
          await this.home.remove(this.file(folder === '' ? name : `${folder}/${name}`));
      }
    }
  }
}

function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}

function manifestOf(bytes: Uint8Array, path: string): RunManifest {
  try {
    return parseManifest(new TextDecoder().decode(bytes));
  } catch (error) {
    throw error instanceof ManifestError ? new ManifestError(path, error.message) : error;
  }
}
