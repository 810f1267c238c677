/** When and how a training loop's state is saved: checkpoints by the configuration's intervals, others in between. */
import type { Checkpoint } from './checkpoint-store.ts';
import { keepNewest } from './checkpoint-store.ts';
import type { LearningRates } from '../engines/engine.ts';
import { firstNonFinite, weightsAdvice } from './divergence.ts';
import type { SessionOptions } from './session-options.ts';

export class StateSaver {
  readonly #options: SessionOptions;
  readonly #state: () => Promise<Checkpoint>;
  readonly #rates: (step: number) => LearningRates;
  #checkpointedAt = -1;
  #savedAt = 0;
  #savedMs = performance.now();
  /** What the last saving in between took. */
  #savingMs = 0;

  /**
   * @param state the state after the steps submitted so far.
   * @param rates the learning rates of a 0-based step.
   */
  constructor(
    options: SessionOptions,
    state: () => Promise<Checkpoint>,
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
  }

  checkpointDue(step: number): boolean {
    const { checkpoints, config } = this.#options;
    return (
      !!checkpoints &&
      step > 0 &&
      step !== this.#checkpointedAt &&
      step % config.training.checkpoint_every_n === 0
    );
  }

  autosaveDue(step: number): boolean {
    const { autosave } = this.#options;
    if (!autosave || step === this.#savedAt) return false;
    return performance.now() - this.#savedMs > Math.max(autosave.interval, 20 * this.#savingMs);
  }

  /** Saves a checkpoint, unless this step has one. False, told as a divergence, when the weights are bad. */
  async checkpoint(step: number): Promise<boolean> {
    const { checkpoints, callbacks, config } = this.#options;
    if (!checkpoints || step === this.#checkpointedAt) return true;
    callbacks.onActivity?.({ kind: 'saving', what: null, done: 0, total: null });
    const checkpoint = await this.#goodState();
    if (!checkpoint) {
      callbacks.onActivity?.(null);
      return false;
    }
    await callbacks.beforeCheckpoint?.();
    await checkpoints.save(checkpoint);
    await keepNewest(checkpoints, config.training.checkpoint_max_to_keep);
    callbacks.onActivity?.(null);
    this.restored(checkpoint.step);
    const kept = await checkpoints.steps();
    callbacks.onCheckpoint?.({ step: checkpoint.step, loss: checkpoint.loss, kept });
    return true;
  }

  /** Saves the state in between, unless this step's is saved. False when the weights are bad. */
  async autosave(step: number): Promise<boolean> {
    const { autosave, callbacks } = this.#options;
    if (!autosave || step === this.#savedAt) return true;
    const begin = performance.now();
    const checkpoint = await this.#goodState();
    if (!checkpoint) return false;
    await callbacks.beforeCheckpoint?.();
    await autosave.save(checkpoint);
    this.#savedAt = checkpoint.step;
    this.#savedMs = performance.now();
    this.#savingMs = this.#savedMs - begin;
    return true;
  }

  /** The state, or null where its weights are no finite numbers. */
  async #goodState(): Promise<Checkpoint | null> {
    const { checkpoints, callbacks, graph } = this.#options;
    const checkpoint = await this.#state();
    const bad = firstNonFinite(checkpoint.state.model);
    if (!bad) return checkpoint;
    // The loss shows an overflowed update only one step later; such a state must never be the one to go back to.
    callbacks.onDivergence?.({
      step: checkpoint.step,
      what: 'weights',
      tasks: [],
      advice: weightsAdvice(checkpoint.step, bad, graph, this.#rates(checkpoint.step - 1)),
      restorable: (await checkpoints?.steps()) ?? [],
    });
    return null;
  }
}
