/** Where a run's checkpoints are kept. The session decides when to save and which to drop; a store only keeps. */
import { sizeOf } from '../formats/state-dict.ts';
import type { StateDict } from '../formats/state-dict.ts';
import type { StreamPosition } from '../data/stream-position.ts';
import type { EngineState } from '../engines/engine.ts';

/** A run's state after `step` steps. */
export interface Checkpoint {
  /** Steps done. */
  readonly step: number;
  /** Loss of the last step done; null before the first. */
  readonly loss: number | null;
  /** Batches taken from the training data so far: where to go on reading. */
  readonly batches: number;
  readonly examples: number;
  readonly elapsedMs: number;
  /** Where the data goes on; null before the first batch, and of a source that knows no positions. */
  readonly position: StreamPosition | null;
  readonly state: EngineState;
}

export interface CheckpointStore {
  /** Steps that have a complete checkpoint, ascending. */
  steps(): Promise<readonly number[]>;
  /** Replaces a checkpoint of the same step. */
  save(checkpoint: Checkpoint): Promise<void>;
  load(step: number): Promise<Checkpoint | null>;
  delete(step: number): Promise<void>;
}

/** Drops all but the newest `keep` checkpoints; null keeps all (checkpoint_max_to_keep). */
export async function keepNewest(store: CheckpointStore, keep: number | null): Promise<void> {
  if (keep === null) return;
  const steps = await store.steps();
  for (const step of steps.slice(0, Math.max(0, steps.length - keep))) await store.delete(step);
}

/** Bytes of a checkpoint's tensors. */
export function checkpointBytes({ state }: Checkpoint): number {
  const bytes = (tensors: StateDict): number =>
    [...tensors.values()].reduce(
      (sum, { dtype, shape }) => sum + sizeOf(shape) * (dtype === 'I64' ? 8 : 4),
      0,
    );
  return bytes(state.model) + bytes(state.optimizer.expAvg) + bytes(state.optimizer.expAvgSq);
}

/**
 * Checkpoints in memory, the oldest dropped when they get too large together: one of production's model holds
 * 577 MB with the optimizer's moments, and a run without checkpoint_max_to_keep would take all memory.
 */
export class MemoryCheckpointStore implements CheckpointStore {
  readonly #checkpoints = new Map<number, Checkpoint>();
  readonly #maxBytes: number;

  /** @param maxBytes bytes to keep; the newest checkpoint is kept whatever its size. */
  constructor(maxBytes = 1 << 30) {
    this.#maxBytes = maxBytes;
  }

  steps(): Promise<readonly number[]> {
    return Promise.resolve([...this.#checkpoints.keys()].sort((a, b) => a - b));
  }

  async save(checkpoint: Checkpoint): Promise<void> {
    this.#checkpoints.set(checkpoint.step, checkpoint);
    let bytes = [...this.#checkpoints.values()].reduce((sum, kept) => sum + checkpointBytes(kept), 0);
    for (const step of await this.steps()) {
      const kept = this.#checkpoints.get(step);
      if (bytes <= this.#maxBytes || !kept || kept === checkpoint) continue;
      this.#checkpoints.delete(step);
      bytes -= checkpointBytes(kept);
    }
  }

  load(step: number): Promise<Checkpoint | null> {
    return Promise.resolve(this.#checkpoints.get(step) ?? null);
  }

  delete(step: number): Promise<void> {
    this.#checkpoints.delete(step);
    return Promise.resolve();
  }
}
