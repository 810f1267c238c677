/** Predicts the same tweets again and again while a run trains: now, every few steps, and wherever it comes to rest. */
import type { RecapBatch } from '../data/recap-batch.ts';
import type { Engine, Predictions } from '../engines/engine.ts';

export interface Watched {
  readonly batch: RecapBatch;
  /** Steps between two predictions. */
  readonly every: number;
}

export class Watcher {
  readonly #watched: Watched;
  readonly #engine: () => Engine;
  readonly #emit: (event: { step: number; predictions: Predictions }) => void;
  #busy = false;
  #closed = false;
  /** A moment that must be predicted once the prediction under way is done: nothing comes after it by itself. */
  #next: number | null = null;

  constructor(
    watched: Watched,
    engine: () => Engine,
    emit: (event: { step: number; predictions: Predictions }) => void,
  ) {
    this.#watched = watched;
    this.#engine = engine;
    this.#emit = emit;
  }

  /** After a step; `step` counts the steps done. */
  stepDone(step: number): void {
    if (step % this.#watched.every === 0 && !this.#busy) this.now(step);
  }

  /** Predicts behind the steps submitted so far; while another prediction is under way, after that one. */
  now(step: number): void {
    if (this.#closed) return;
    if (this.#busy) {
      this.#next = step;
      return;
    }
    this.#busy = true;
    this.#engine()
      .predict(this.#watched.batch)
      .then(
        (predictions) => {
          if (!this.#closed) this.#emit({ step, predictions });
        },
        // The step that failed with it reports the failure; a prediction lost beside it says nothing new.
        () => {},
      )
      .finally(() => {
        this.#busy = false;
        const next = this.#next;
        this.#next = null;
        if (next !== null) this.now(next);
      });
  }

  close(): void {
    this.#closed = true;
  }
}
