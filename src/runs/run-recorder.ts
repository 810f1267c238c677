/**
 * Writes what a run reports into its folder: steps and evaluations at least every second, and before any checkpoint.
 * Where nothing can be written (a full disk), that is told once and nothing more is tried.
 */
import type { EvaluationEvent, RunPhase, StepEvent } from '../training/events.ts';
import type { SeriesNames } from './metrics-lines.ts';
import type { RunFolder, RunStatus } from './run-folder.ts';

/** Milliseconds that a step may stay unwritten. */
const INTERVAL = 800;

export class RunRecorder {
  readonly #folder: RunFolder;
  readonly #names: SeriesNames;
  readonly #onUnkept: (message: string) => void;
  #steps: StepEvent[] = [];
  #evaluations: EvaluationEvent[] = [];
  #status: RunStatus;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #writing: Promise<void> = Promise.resolve();
  #failed = false;

  /** @param status where the run stands. */
  constructor(folder: RunFolder, names: SeriesNames, status: RunStatus, onUnkept: (message: string) => void) {
    this.#folder = folder;
    this.#names = names;
    this.#status = status;
    this.#onUnkept = onUnkept;
  }

  get status(): RunStatus {
    return this.#status;
  }

  addStep(event: StepEvent): void {
    this.#steps.push(event);
    const { loss, elapsedMs } = event;
    const taskLosses = Object.fromEntries(
      this.#names.tasks.map((task, i) => [task, event.taskLosses[i] ?? 0]),
    );
    this.#status = { ...this.#status, step: event.step + 1, loss, taskLosses, elapsedMs };
    this.#timer ??= setTimeout(() => void this.flush(), INTERVAL);
  }

  addEvaluation(event: EvaluationEvent): void {
    this.#evaluations.push(event);
    this.#timer ??= setTimeout(() => void this.flush(), INTERVAL);
  }

  /** Where the run stands now; written with the next flush, which comes by itself. */
  setPhase(phase: RunPhase, step: number): void {
    this.#status = { ...this.#status, phase, step };
    this.#timer ??= setTimeout(() => void this.flush(), 0);
  }

  /** Everything reported so far is in the folder when it resolves, or was told to be unkept. Never rejects. */
  flush(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const [steps, evaluations] = [this.#steps.splice(0), this.#evaluations.splice(0)];
    const status = this.#status;
    return this.guard(async () => {
      await this.#folder.appendSteps(steps, this.#names);
      await this.#folder.appendEvaluations(evaluations);
      await this.#folder.saveStatus(status);
    });
  }

  /** Runs a writing after those before it; one that fails is told, and ends the recording. Never rejects. */
  guard(write: () => Promise<void>): Promise<void> {
    this.#writing = this.#writing.then(async () => {
      if (this.#failed) return;
      try {
        await write();
      } catch (error) {
        this.#failed = true;
        this.#onUnkept(error instanceof Error ? error.message : String(error));
      }
    });
    return this.#writing;
  }
}
