/**
 * RecapBatch: one batch of recap examples after preprocessing, in the form every engine takes. Plain typed arrays,
 * row-major, so that a batch crosses a worker boundary by transfer.
 */
import type { StreamPosition } from './stream-position.ts';

/** Columns, in the schema's numbering, that the mask files of truncate_and_slice keep; null where there is no mask. */
export interface Masks {
  readonly continuous: Int32Array | null;
  readonly binary: Int32Array | null;
}

/** Widths and task names that every batch of one run shares. Widths are those after truncation, not the schema's. */
export interface BatchLayout {
  readonly continuous: number;
  readonly binary: number;
  readonly discrete: number;
  readonly userEmbedding: number;
  readonly userEngEmbedding: number;
  readonly authorEmbedding: number;
  /** The model's tasks in the model's order: labels and weights have one column for each. */
  readonly tasks: readonly string[];
  /** Which of the schema's columns the batch's are, where masks choose them; absent where they are the first ones. */
  readonly masks?: Masks;
}

/** Where a batch holds the schema's column of a tensor: its position there, or −1 when the layout cuts it off. */
export function positionOf(layout: BatchLayout, tensor: 'continuous' | 'binary', column: number): number {
  const mask = layout.masks?.[tensor];
  if (mask) return mask.indexOf(column);
  return column < layout[tensor] ? column : -1;
}

/** The names of the tensors a model can read. */
export type InputName =
  'continuous' | 'binary' | 'discrete' | 'userEmbedding' | 'userEngEmbedding' | 'authorEmbedding';

export interface RecapBatch {
  /** Number of examples; every array below has `size` rows. */
  readonly size: number;
  readonly continuous: Float32Array;
  /** The reference's int64 columns, as float32 because the model casts them at once. */
  readonly binary: Float32Array;
  readonly discrete: Float32Array;
  readonly userEmbedding: Float32Array;
  readonly userEngEmbedding: Float32Array;
  readonly authorEmbedding: Float32Array;
  /** [size, tasks] in the model's task order, matched by name. 0/1, or 0…9 for raw reference files. */
  readonly labels: Float32Array;
  /** [size, tasks] sample weights, or null when every task's downsampling rates are 1. */
  readonly weights: Float32Array | null;
  /** [size, tasks] the teacher's own probabilities, where synthetic data knows them. */
  readonly teacher?: Float32Array;
  /** Where the batch's stream goes on behind it. It travels with the batch, because producers read ahead. */
  readonly position?: StreamPosition;
  /** [size] the number of each example's record in its file, from 0, where a reader was asked for it. */
  readonly records?: Float64Array;
}

/** A stream of batches, pulled by the consumer so that memory stays bounded whatever the number of examples. */
export interface BatchSource {
  readonly layout: BatchLayout;
  /** The next batch, or null at the end of the data. */
  next(): Promise<RecapBatch | null>;
  /**
   * Makes the next batch the one behind `at`, null the beginning, where that costs nothing.
   * @throws StreamPositionError for a position of other data.
   */
  readonly seek?: (at: StreamPosition | null) => Promise<void>;
  /**
   * Where the stream goes on behind the batch that begins at `at`, found without making that batch: several workers can
   * each make their own. As good as certain: compare it with the batch's own position. Null where it can't be said.
   */
  readonly ahead?: (at: StreamPosition | null) => StreamPosition | null;
  dispose(): void;
}

/** The buffers of a batch, for `postMessage`'s transfer list. */
export function transferables(batch: RecapBatch): ArrayBuffer[] {
  const arrays = [
    batch.continuous,
    batch.binary,
    batch.discrete,
    batch.userEmbedding,
    batch.userEngEmbedding,
    batch.authorEmbedding,
    batch.labels,
    batch.weights,
    batch.teacher,
    batch.records,
  ];
  const buffers = new Set<ArrayBuffer>();
  for (const array of arrays) if (array) buffers.add(array.buffer as ArrayBuffer);
  return [...buffers];
}
