/**
 * TrainingSession: the training loop over any engine. It counts steps, applies the schedules and keeps the intervals of
 * logging, evaluation and checkpoints. It owns neither the engine nor the data: who made them disposes them.
 * One step is one optimizer update; with `gradient_accumulation` n it takes n batches.
 */
import type { RecapBatch } from '../data/recap-batch.ts';
import type { StreamPosition } from '../data/stream-position.ts';
import type { LearningRates, StepResult } from '../engines/engine.ts';
import type { Checkpoint } from './checkpoint-store.ts';
import { divergence } from './divergence.ts';
import { Evaluator } from './evaluator.ts';
import { Breather } from './event-loop.ts';
import type { RunPhase, StepEvent } from './events.ts';
import { meanLosses, takeBatches } from './pending-step.ts';
import type { PendingStep } from './pending-step.ts';
import { learningRates } from './learning-rates.ts';
import { changedBatch, changedBatchSize, changedRates, checkChange, withChange } from './live-changes.ts';
import type { LiveChange } from './live-changes.ts';
import { SessionError } from './session-options.ts';
import { StateSaver } from './state-saver.ts';
import type { SessionOptions } from './session-options.ts';

export { SessionError } from './session-options.ts';
export type { Autosave, SessionCallbacks, SessionOptions } from './session-options.ts';

/** Steps submitted and not yet answered, where the engine does not say: it works on one while the next is prepared. */
const IN_FLIGHT = 2;
const NO_BATCH = 'The training data gives no batch: it holds no examples, or fewer than global_batch_size.';

export class TrainingSession {
  readonly #options: SessionOptions;
  readonly #scheduled: (step: number) => LearningRates;
  #changes: readonly LiveChange[];
  readonly #tasks: readonly string[];
  readonly #batchSize: number;
  #phase: RunPhase = 'paused';
  /** Steps whose results are in. */
  #completed = 0;
  #submitted = 0;
  #batches = 0;
  #examples = 0;
  /** Where the data goes on behind the batches submitted. */
  #position: StreamPosition | null = null;
  #total: number;
  #dataEnded = false;
  /** The next step's batches are on their way, as its settings ask for: a change is of the step after it. */
  #taking = false;
  #elapsedMs = 0;
  #loss: number | null = null;
  readonly #saver: StateSaver;
  readonly #evaluator: Evaluator;
  /** Steps after which the loop pauses by itself. */
  #until = 0;
  #pauseAsked = false;
  #abort = new AbortController();
  #running: Promise<RunPhase> | null = null;
  /** Waits for the results of the steps before `step`; told whether they came. */
  #awaited: { readonly step: number; readonly tell: (came: boolean) => void } | null = null;

  /**
   * @throws RangeError when a group of the model has no learning rate, LiveChangeError when a change is of another
   * model.
   */
  constructor(options: SessionOptions) {
    this.#options = options;
    this.#scheduled = learningRates(options.config);
    this.#changes = options.changes ?? [];
    this.#total = options.config.training.num_train_steps;
    this.#tasks = options.graph.outputs.map(({ task }) => task);
    this.#batchSize = options.config.train_data.global_batch_size;
    const rates = (step: number): LearningRates => this.#rates(step);
    this.#saver = new StateSaver(options, () => this.#reached(), rates);
    this.#evaluator = new Evaluator(options);
    for (const change of this.#changes) this.#check(change);
  }

  get phase(): RunPhase {
    return this.#phase;
  }

  /** Steps done. */
  get step(): number {
    return this.#completed;
  }

  get totalSteps(): number {
    return this.#total;
  }

  /** Milliseconds of training so far. */
  get elapsedMs(): number {
    return this.#elapsedMs;
  }

  /** Trains up to `steps` steps in all, if that is more than before; a run that had finished is paused then. */
  extend(steps: number): void {
    if (steps <= this.#total) return;
    this.#total = steps;
    if (this.#phase === 'finished' && !this.#dataEnded) this.#enter('paused');
  }

  /** All that was changed while training, in order. */
  get changes(): readonly LiveChange[] {
    return this.#changes;
  }

  /**
   * Changes a setting from the next step on that is not being prepared already; see live-changes.ts for keys.
   * @throws LiveChangeError naming what the key takes; nothing has changed then.
   */
  change(key: string, value: number): readonly LiveChange[] {
    const change = { step: this.#submitted + (this.#taking ? 1 : 0), key, value };
    this.#check(change);
    this.#changes = withChange(this.#changes, change);
    return this.#changes;
  }

  /** Ends the run at `steps` steps, or at the next one where it is beyond that; more than before extends it. */
  endAt(steps: number): void {
    if (steps > this.#total) this.extend(steps);
    else this.#total = Math.max(1, steps, this.#submitted);
  }

  /**
   * Trains until num_train_steps, the end of the data, or pause.
   * @returns the phase it ended in. @throws what the engine or the data throws; the phase is then 'failed'.
   */
  start(): Promise<RunPhase> {
    return this.#run(Number.POSITIVE_INFINITY);
  }

  /** Trains `count` steps more; see `stepTo`. */
  steps(count = 1): Promise<RunPhase> {
    return this.stepTo(this.#completed + count);
  }

  /**
   * Trains until `step` steps are done, then pauses, beyond the last step too, which extends the run; one that is on its
   * way to fewer goes on to these.
   */
  stepTo(step: number): Promise<RunPhase> {
    const stepping = this.#running !== null && Number.isFinite(this.#until);
    if (this.#phase === 'finished' || stepping) this.extend(step);
    return this.#run(step);
  }

  /** Evaluates the weights of now on every partition, whatever the intervals; a run that is training is paused. */
  async evaluate(): Promise<void> {
    await this.pause();
    this.#abort = new AbortController();
    await this.#evaluator.evaluate(this.#completed, this.#abort.signal);
  }

  /** Resolves when every step in flight is done. An evaluation under way is given up and done again on start. */
  async pause(): Promise<void> {
    this.#pauseAsked = true;
    this.#abort.abort();
    // The caller of start gets a failure; here only that the loop has ended counts.
    await this.#running?.catch(() => {});
  }

  /** The state after the steps submitted so far, consistent with the counters even while running. */
  async checkpoint(): Promise<Checkpoint> {
    const counted = {
      step: this.#submitted,
      batches: this.#batches,
      examples: this.#examples,
      position: this.#position,
    };
    // Engine calls run in order, so this reads the state behind the steps counted above.
    const state = await this.#options.engine.state();
    return { ...counted, loss: this.#loss, elapsedMs: this.#elapsedMs, state };
  }

  /** The same once those steps' results are in, which may be after later steps were submitted; null when they diverge. */
  async #reached(): Promise<Checkpoint | null> {
    const step = this.#submitted;
    const came = new Promise<boolean>((tell) => {
      if (this.#completed >= step) tell(true);
      else this.#awaited = { step, tell };
    });
    const counted = came.then((all) => (all ? { loss: this.#loss, elapsedMs: this.#elapsedMs } : null));
    const [checkpoint, told] = await Promise.all([this.checkpoint(), counted]);
    return told && { ...checkpoint, ...told };
  }

  /**
   * Goes to a checkpoint, of this run or one that it goes on from: weights, moments, counters and data; the run is
   * paused there, and takes the steps that were taken from it before, to the bit on the same device.
   * @param evaluated whether the evaluations due at this step are done.
   * @throws StreamPositionError when the data has no such place; the run is as before then.
   */
  async restore(checkpoint: Checkpoint, evaluated = true): Promise<void> {
    await this.pause();
    await this.#options.source.seek(checkpoint.position);
    await this.#options.engine.load(checkpoint.state.model, checkpoint.state.optimizer);
    this.#completed = this.#submitted = checkpoint.step;
    this.#batches = checkpoint.batches;
    this.#examples = checkpoint.examples;
    this.#position = checkpoint.position;
    this.#dataEnded = false;
    this.#taking = false;
    this.#elapsedMs = checkpoint.elapsedMs;
    this.#loss = checkpoint.loss;
    this.#saver.restored(checkpoint.step);
    this.#evaluator.restored(checkpoint.step, evaluated);
    const done = checkpoint.step >= this.#total && evaluated;
    this.#enter(done ? 'finished' : 'paused');
  }

  #enter(phase: RunPhase): void {
    this.#phase = phase;
    this.#options.callbacks.onPhase?.(phase, this.#completed);
  }

  #run(until: number): Promise<RunPhase> {
    if (this.#running) {
      this.#until = Math.max(this.#until, until);
      return this.#running;
    }
    if (this.#phase !== 'paused') {
      return Promise.reject(
        new SessionError(
          this.#phase === 'diverged'
            ? 'This run has diverged: restore a checkpoint or restart.'
            : this.#phase === 'finished' && this.#dataEnded
              ? 'The data has ended, so there is no further step: give more examples, or let them repeat.'
              : `This run is ${this.#phase}: restart to train again.`,
        ),
      );
    }
    this.#pauseAsked = false;
    this.#abort = new AbortController();
    this.#until = until;
    this.#enter('running');
    this.#running = this.#loop().then(
      (phase) => {
        this.#running = null;
        this.#enter(phase);
        return phase;
      },
      (error: unknown) => {
        this.#running = null;
        this.#enter('failed');
        throw error;
      },
    );
    return this.#running;
  }

  async #loop(): Promise<RunPhase> {
    const inFlight: PendingStep[] = [];
    const breather = new Breather();
    let since = performance.now();
    /** Answers steps until at most `left` are in flight. False when one diverged. */
    const settle = async (left: number): Promise<boolean> => {
      while (inFlight.length > left) {
        const pending = inFlight.shift();
        if (!pending) break;
        const losses = await Promise.all(pending.results);
        const now = performance.now();
        this.#elapsedMs += now - since;
        since = now;
        if (!this.#report(pending, losses)) {
          await Promise.allSettled(inFlight.flatMap((other) => other.results));
          this.#submitted = this.#completed;
          await this.#diverged(pending, losses);
          return false;
        }
      }
      return true;
    };

    try {
      for (;;) {
        const save = this.#saver.due(this.#submitted);
        // One is saved at a time, and what is saved may hang on steps in flight.
        if (this.#saver.failed || (save && this.#saver.saving)) {
          if (!(await settle(0)) || !(await this.#saver.settled())) return 'diverged';
          since = performance.now();
        }
        if (save) this.#saver.begin(save, this.#submitted);
        if (this.#evaluator.due(this.#submitted)) {
          // What is evaluated are the weights of this step: the next one waits, and a checkpoint of it comes first.
          if (!(await settle(0)) || !(await this.#saver.settled())) return 'diverged';
          await this.#evaluator.evaluate(this.#completed, this.#abort.signal);
          since = performance.now();
        }
        if (this.#atEnd()) {
          if (!(await settle(0))) return 'diverged';
          const finished = !this.#pauseAsked && (this.#dataEnded || this.#completed >= this.#total);
          if (!(await this.#saver.save(finished ? 'checkpoint' : 'autosave', this.#completed)))
            return 'diverged';
          if (finished && this.#evaluator.dueAtEnd(this.#completed)) {
            await this.#evaluator.evaluate(this.#completed, this.#abort.signal);
          }
          // More steps were asked for meanwhile.
          if (!this.#atEnd()) continue;
          // A pause that came in that last evaluation leaves it to be done on the next start.
          return finished && !this.#pauseAsked ? 'finished' : 'paused';
        }
        const batches = await this.#nextBatches().catch((error: unknown) => ({ error }));
        if ('error' in batches) {
          // What was computed counts, and what is being saved of it is kept: the run can go on from there.
          if (!(await settle(0)) || !(await this.#saver.settled())) return 'diverged';
          throw batches.error;
        }
        if (batches.length === 0) {
          if (this.#submitted === 0) throw new SessionError(NO_BATCH);
          this.#dataEnded = true;
          this.#taking = false;
          continue;
        }
        inFlight.push(this.#submit(batches));
        if (!(await settle((this.#options.engine.info.inFlight?.() ?? IN_FLIGHT) - 1))) return 'diverged';
        await breather.breathe();
      }
    } finally {
      // An error leaves steps behind that nobody awaits.
      await Promise.allSettled(inFlight.flatMap((pending) => pending.results));
      this.#awaited?.tell(false);
      // Whoever goes on from what is kept finds it whole.
      await this.#saver.settled().catch(() => false);
    }
  }

  #check(change: LiveChange): void {
    const { graph } = this.#options;
    checkChange(change, { groups: graph.groups, tasks: this.#tasks, batchSize: this.#batchSize });
  }

  #rates(step: number): LearningRates {
    return changedRates(this.#changes, step, this.#scheduled(step));
  }

  #atEnd(): boolean {
    const end = Math.min(this.#until, this.#total);
    return this.#pauseAsked || this.#dataEnded || this.#submitted >= end;
  }

  /** The batches of one update; fewer at the end of the data, none behind it. */
  async #nextBatches(): Promise<RecapBatch[]> {
    this.#taking = true;
    const accumulated = this.#options.config.training.gradient_accumulation ?? 1;
    const size = changedBatchSize(this.#changes, this.#submitted, this.#batchSize);
    return takeBatches(this.#options.source, accumulated * Math.max(1, size / this.#batchSize));
  }

  #submit(taken: readonly RecapBatch[]): PendingStep {
    const step = this.#submitted++;
    this.#taking = false;
    const batches = taken.map((batch) => changedBatch(this.#changes, step, batch, this.#tasks));
    const rates = this.#rates(step);
    const results = batches.map((batch, i) =>
      this.#options.engine.step(batch, i === batches.length - 1 ? rates : null),
    );
    // They are awaited in order; one that fails early must not count as unhandled meanwhile.
    for (const result of results) result.catch(() => {});
    this.#batches += batches.length;
    this.#examples += batches.reduce((sum, { size }) => sum + size, 0);
    this.#position = batches.at(-1)?.position ?? null;
    return { step, batches, rates, examples: this.#examples, results };
  }

  /** Counts and reports a step. False when its loss is not finite. */
  #report({ step, examples, rates }: PendingStep, results: readonly StepResult[]): boolean {
    const { loss, taskLosses } = meanLosses(results);
    if (!Number.isFinite(loss) || !taskLosses.every(Number.isFinite)) return false;
    this.#completed = step + 1;
    this.#loss = loss;
    if (this.#awaited?.step === this.#completed) this.#awaited.tell(true);
    const event: StepEvent = {
      step,
      loss,
      taskLosses,
      learningRates: this.#options.graph.groups.map((group) => rates[group] ?? 0),
      examples,
      elapsedMs: this.#elapsedMs,
    };
    const { callbacks, config } = this.#options;
    callbacks.onStep?.(event);
    if (this.#completed % config.training.train_log_every_n === 0 || this.#completed === this.#total) {
      callbacks.onLog?.(event);
    }
    return true;
  }

  async #diverged(pending: PendingStep, results: readonly StepResult[]): Promise<void> {
    this.#awaited?.tell(false);
    // What was being saved is good, and the last to go back to; or it is not, and that was told.
    if (!(await this.#saver.settled())) return;
    const previousRates = pending.step > 0 ? this.#rates(pending.step - 1) : null;
    const told = divergence({ ...pending, ...meanLosses(results), tasks: this.#tasks, previousRates });
    const restorable = (await this.#options.checkpoints?.steps()) ?? [];
    this.#options.callbacks.onDivergence?.({ ...told, restorable });
  }
}
