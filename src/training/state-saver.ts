/**
 * When and how a training loop's state is saved: checkpoints by the configuration's intervals, others in between. Steps go
 * on while a state is read and written; one is on its way at a time.
 */
import type { Checkpoint } from './checkpoint-store.ts';
import { keepNewest } from './checkpoint-store.ts';
import type { LearningRates } from '../engines/engine.ts';
import { firstNonFinite, stateAdvice } from './divergence.ts';
import type { SessionOptions } from './session-options.ts';

type Kind = 'checkpoint' | 'autosave';

export class StateSaver {
  readonly #options: SessionOptions;
  readonly #state: () => Promise<Checkpoint | null>;
  readonly #rates: (step: number) => LearningRates;
  /** On its way; when it has failed, until the loop stands at a saved step again. */
  #saving: Promise<boolean> | null = null;
  /** It failed: the weights are no numbers, or they could not be kept. */
  #failed = false;
  #checkpointedAt = -1;
  #savedAt = 0;
  #savedMs = performance.now();
  /** What the last saving in between took. */
  #savingMs = 0;

  /**
   * @param state the state behind the steps submitted so far, once they are answered; null when they diverge.
   * @param rates the learning rates of a 0-based step.
   */
  constructor(
    options: SessionOptions,
    state: () => Promise<Checkpoint | null>,
    rates: (step: number) => LearningRates,
  ) {
    this.#options = options;
    this.#state = state;
    this.#rates = rates;
  }

  /** Says that the loop now stands at a saved step. */
  restored(step: number): void {
    this.#checkpointedAt = this.#savedAt = step;
    this.#savedMs = performance.now();
    this.#saving = null;
    this.#failed = false;
  }

  /** What is to be saved behind `step` submitted steps; null when nothing is. */
  due(step: number): Kind | null {
    return this.#checkpointDue(step) ? 'checkpoint' : this.#autosaveDue(step) ? 'autosave' : null;
  }

  get saving(): boolean {
    return this.#saving !== null;
  }

  /** What was being saved could not be; `settled` says how. */
  get failed(): boolean {
    return this.#failed;
  }

  /** Begins to save the state behind `step` submitted steps; nothing may be on its way. */
  begin(kind: Kind, step: number): void {
    this.#savedAt = step;
    if (kind === 'checkpoint') this.#checkpointedAt = step;
    const saving = kind === 'checkpoint' ? this.#checkpoint() : this.#autosave();
    this.#saving = saving;
    saving.then(
      (good) => {
        if (this.#saving !== saving) return;
        if (good) this.#saving = null;
        else this.#failed = true;
      },
      () => {
        if (this.#saving === saving) this.#failed = true;
      },
    );
  }

  /** Saves the state, unless this step's is saved. @returns as `settled`. */
  async save(kind: Kind, step: number): Promise<boolean> {
    if (!(await this.settled())) return false;
    const { checkpoints, autosave } = this.#options;
    const [home, at] =
      kind === 'checkpoint' ? [checkpoints, this.#checkpointedAt] : [autosave, this.#savedAt];
    if (home && step !== at) this.begin(kind, step);
    return this.settled();
  }

  /** Waits for what is on its way. False, told as a divergence, when its weights are bad. @throws what the store throws. */
  async settled(): Promise<boolean> {
    return (await this.#saving) ?? true;
  }

  #checkpointDue(step: number): boolean {
    const { checkpoints, config } = this.#options;
    return (
      !!checkpoints &&
      step > 0 &&
      step !== this.#checkpointedAt &&
      step % config.training.checkpoint_every_n === 0
    );
  }

  #autosaveDue(step: number): boolean {
    const { autosave } = this.#options;
    if (!autosave || this.#saving || step === this.#savedAt) return false;
    return performance.now() - this.#savedMs > Math.max(autosave.interval, 20 * this.#savingMs);
  }

  async #checkpoint(): Promise<boolean> {
    const { checkpoints, callbacks, config } = this.#options;
    if (!checkpoints) return true;
    callbacks.onActivity?.({ kind: 'saving', what: null, done: 0, total: null });
    try {
      const checkpoint = await this.#state();
      if (!checkpoint) return true;
      if (!(await this.#isGood(checkpoint))) return false;
      await callbacks.beforeCheckpoint?.();
      await checkpoints.save(checkpoint);
      await keepNewest(checkpoints, config.training.checkpoint_max_to_keep);
      this.#savedMs = performance.now();
      const kept = await checkpoints.steps();
      callbacks.onCheckpoint?.({ step: checkpoint.step, loss: checkpoint.loss, kept });
      return true;
    } finally {
      callbacks.onActivity?.(null);
    }
  }

  async #autosave(): Promise<boolean> {
    const { autosave, callbacks } = this.#options;
    if (!autosave) return true;
    const begin = performance.now();
    const checkpoint = await this.#state();
    if (!checkpoint) return true;
    if (!(await this.#isGood(checkpoint))) return false;
    await callbacks.beforeCheckpoint?.();
    await autosave.save(checkpoint);
    this.#savedMs = performance.now();
    this.#savingMs = this.#savedMs - begin;
    return true;
  }

  /** Whether all of it are finite numbers, else no engine would take it again; that is told then. */
  async #isGood({ step, state }: Checkpoint): Promise<boolean> {
    const { checkpoints, callbacks, graph } = this.#options;
    const bad = firstNonFinite(state);
    if (!bad) return true;
    // The loss shows an overflowed update only one step later; such a state must never be the one to go back to.
    callbacks.onDivergence?.({
      step,
      what: 'weights',
      tasks: [],
      advice: stateAdvice(step, bad, graph, this.#rates(step - 1)),
      restorable: (await checkpoints?.steps()) ?? [],
    });
    return false;
  }
}
