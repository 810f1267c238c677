/**
 * A stream that can be read only once (a worker's port) as one that gives the same batches each time it is opened:
 * evaluations must see the same examples, or their differences would be the data's and not the model's.
 */
import { transferables } from '../data/recap-batch.ts';
import type { BatchSource, RecapBatch } from '../data/recap-batch.ts';

export class ReplaySource {
  readonly #source: BatchSource;
  readonly #kept: RecapBatch[] = [];
  readonly #limit: number;
  #bytesLeft: number;
  #ended = false;

  /**
   * @param limit batches to keep (negative for all); an opened stream ends there.
   * @param maxBytes memory for the batches kept; an opened stream also ends where it is used up, so that
   * num_eval_steps' default of 16,384 cannot take all memory. An evaluation's `examples` says how many it saw.
   */
  constructor(source: BatchSource, limit: number, maxBytes = 1 << 29) {
    this.#bytesLeft = maxBytes;
    this.#source = source;
    this.#limit = limit < 0 ? Number.POSITIVE_INFINITY : limit;
  }

  /** A stream over the kept batches, then over new ones. Only one may be read at a time. */
  open(): BatchSource {
    let position = 0;
    return {
      layout: this.#source.layout,
      next: async () => {
        if (position >= this.#limit) return null;
        const kept = this.#kept[position];
        if (kept) {
          position++;
          return kept;
        }
        if (this.#ended) return null;
        const batch = await this.#source.next();
        if (!batch) {
          this.#ended = true;
          return null;
        }
        this.#kept.push(batch);
        this.#bytesLeft -= transferables(batch).reduce((sum, { byteLength }) => sum + byteLength, 0);
        if (this.#bytesLeft <= 0) this.#ended = true;
        position++;
        return batch;
      },
      dispose: () => {},
    };
  }

  dispose(): void {
    this.#kept.length = 0;
    this.#ended = true;
    this.#source.dispose();
  }
}
