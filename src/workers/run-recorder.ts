/**
 * Writes what a run reports into its folder: steps and evaluations at least every second, and before any checkpoint.
 * Where nothing can be written (a full disk), the run trains on and that is told once.
 */
import type { RunFolder, RunStatus } from '../runs/run-folder.ts';
import type { SeriesNames } from '../runs/metrics-lines.ts';
import type { EvaluationEvent, RunPhase, StepEvent } from '../training/events.ts';

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

  addStep(event: StepEvent): void {
    this.#steps.push(event);
    const taskLosses = Object.fromEntries(
      this.#names.tasks.map((task, i) => [task, event.taskLosses[i] ?? 0]),
    );
    const { loss, elapsedMs } = event;
    this.#status = { ...this.#status, step: event.step + 1, loss, taskLosses, elapsedMs };
    this.#timer ??= setTimeout(() => void this.flush(), INTERVAL);
  }

  addEvaluation(event: EvaluationEvent): void {
    this.#evaluations.push(event);
    this.#timer ??= setTimeout(() => void this.flush(), INTERVAL);
  }

  /** Where the run stands now; what came after `step` is forgotten. */
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
