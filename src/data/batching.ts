/** From raw rows to RecapBatches: one copy per value, labels matched by name. */
import { preprocess } from './preprocess/preprocess.ts';
import { RawBlock, type BlockOptions, type RawColumn } from './example.ts';
import type { DataPlan } from './layout.ts';
import type { BatchSource, RecapBatch } from './recap-batch.ts';
import type { StreamPosition } from './stream-position.ts';

/** Copies the seen values of a column's seen rows, dense and in order. */
function copyColumn(block: RawBlock, column: RawColumn | undefined): Float32Array {
  if (!column) return new Float32Array(0);
  const { data, stride, width, index } = column;
  const size = block.size;
  if (!index && !block.rows && width === stride) return new Float32Array(data.subarray(0, size * width));
  const out = new Float32Array(size * width);
  for (let r = 0, at = 0; r < size; r++, at += width) {
    const start = block.rowAt(r) * stride;
    if (index) for (let i = 0; i < width; i++) out[at + i] = data[start + index[i]!]!;
    else if (width >= 64) out.set(data.subarray(start, start + width), at);
    else for (let i = 0; i < width; i++) out[at + i] = data[start + i]!;
  }
  return out;
}

/** [size, tasks] labels in the model's order. */
function copyLabels(block: RawBlock, tasks: readonly string[]): Float32Array {
  const out = new Float32Array(block.size * tasks.length);
  for (const [t, task] of tasks.entries()) {
    const column = block.columns.get(task);
    if (!column) throw new RangeError(`The data has no label "${task}".`);
    for (let r = 0; r < block.size; r++) out[r * tasks.length + t] = column.at(block.rowAt(r), 0);
  }
  return out;
}

/** The teacher's probabilities of the seen rows, which preprocessing may have chosen among and reordered. */
function copyTeacher(block: RawBlock, tasks: number): { teacher: Float32Array } | null {
  const { teacher } = block;
  if (!teacher) return null;
  const out = new Float32Array(block.size * tasks);
  for (let r = 0; r < block.size; r++) {
    const row = block.rowAt(r);
    out.set(teacher.subarray(row * tasks, (row + 1) * tasks), r * tasks);
  }
  return { teacher: out };
}

/** The numbers of the seen rows' records, where they are kept. */
function copyRecords(block: RawBlock): { records: Float64Array } | null {
  const { records } = block;
  return (
    records && { records: Float64Array.from({ length: block.size }, (_, i) => records[block.rowAt(i)]!) }
  );
}

/**
 * The batch of a preprocessed block, in memory of its own, so that it can be transferred while the block is refilled.
 * @throws RangeError when a task of the layout has no label, which planData excludes.
 */
export function assembleBatch(block: RawBlock, plan: DataPlan): RecapBatch {
  const copy = (name: string) => copyColumn(block, block.columns.get(name));
  return {
    size: block.size,
    continuous: copy('continuous'),
    binary: copy('binary'),
    discrete: copy('discrete'),
    userEmbedding: copy('user_embedding'),
    userEngEmbedding: copy('user_eng_embedding'),
    authorEmbedding: copy('author_embedding'),
    labels: copyLabels(block, plan.layout.tasks),
    weights: block.weights,
    ...copyTeacher(block, plan.layout.tasks.length),
    ...copyRecords(block),
  };
}

export interface BlockSourceOptions extends Omit<BlockOptions, 'stored'> {
  /**
   * Whether the rows left at the end of the data, too few for a batch, are dropped, as the reference does. A batch of
   * one row has no variance for BatchNorm to learn from; predicting and evaluating want every row.
   */
  readonly dropRemainder?: boolean;
}

/** A stream of raw rows: all that a kind of data has to say to become a BatchSource. */
export interface RowStream {
  /** Appends rows to the block up to its capacity and sets `filled`; fewer mean the end of the data. */
  fill(block: RawBlock): Promise<void> | void;
  /** Where the stream goes on behind the last row given; the same data opened there gives what comes next. */
  position(): StreamPosition;
  /** Goes there, or to the beginning. */
  readonly seek?: (at: StreamPosition | null) => void;
  /** The position `count` rows behind another, where it is known without drawing them. */
  readonly ahead?: (at: StreamPosition | null, count: number) => StreamPosition;
  dispose?(): void;
}

/**
 * A BatchSource over anything that fills blocks with raw rows: preprocesses and assembles a batch per block, and tells
 * its position. Calls of `next` may overlap; they are served in order.
 */
export function blockSource(plan: DataPlan, rows: RowStream, options: BlockSourceOptions = {}): BatchSource {
  const block = new RawBlock(plan, plan.rawBatchSize, { ...options, stored: 'used' });
  let tail: Promise<unknown> = Promise.resolve();
  let ended = false;
  const produce = async (): Promise<RecapBatch | null> => {
    if (ended) return null;
    block.reset();
    await rows.fill(block);
    // Disposed while the block was being filled: what it holds is no batch.
    if (ended) return null;
    if (block.filled < block.capacity) ended = true;
    if (block.filled === 0 || (ended && options.dropRemainder)) return null;
    preprocess(block, plan);
    return block.size === 0 ? null : { ...assembleBatch(block, plan), position: rows.position() };
  };
  let disposed = false;
  const { seek, ahead } = rows;
  return {
    layout: plan.layout,
    next() {
      const batch = tail.then(produce);
      tail = batch.catch(() => {
        ended = true;
      });
      return batch;
    },
    ...(seek && {
      seek(at: StreamPosition | null) {
        // In its turn: batches asked for before come from the old place.
        const sought = tail.then(() => {
          seek(at);
          ended = disposed;
        });
        tail = sought.catch(() => {
          ended = true;
        });
        return sought;
      },
    }),
    ...(ahead && { ahead: (at: StreamPosition | null) => ahead(at, block.capacity) }),
    dispose() {
      disposed = true;
      ended = true;
      rows.dispose?.();
    },
  };
}
