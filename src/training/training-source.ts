/** The data of a training loop: a stream that can be put back, or on, to where a checkpoint stood. */
import type { BatchSource, RecapBatch } from '../data/recap-batch.ts';
import type { StreamPosition } from '../data/stream-position.ts';

export interface TrainingSource extends BatchSource {
  /**
   * Makes the next batch the one behind `at`; null is the beginning. Batches asked for before are dropped.
   * @throws StreamPositionError when the data has no such place.
   */
  seek(at: StreamPosition | null): Promise<void>;
}

/** A source in this thread, opened anew where it is sought. */
export function trainingSource(open: (at: StreamPosition | null) => BatchSource): TrainingSource {
  let source = open(null);
  return {
    get layout() {
      return source.layout;
    },
    next: (): Promise<RecapBatch | null> => source.next(),
    async seek(at) {
      if (source.seek) {
        await source.seek(at);
        return;
      }
      source.dispose();
      source = open(at);
    },
    ...(source.ahead && { ahead: (at: StreamPosition | null) => source.ahead?.(at) ?? null }),
    dispose: () => source.dispose(),
  };
}
