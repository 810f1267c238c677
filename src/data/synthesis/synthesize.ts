/** Examples of the teacher as RecapBatches: raw ones at a schema's widths for files, truncated ones for training. */
import type { BatchLayout } from '../recap-batch.ts';
import { allocateBatch, createRowWriter } from './row-writer.ts';
import type { TeacherBatch } from './row-writer.ts';
import { createSampling, keepRow } from './sampling.ts';
import type { DownsamplingRates, Weighting } from './sampling.ts';
import { rowRandom } from './streams.ts';
import type { Split } from './streams.ts';
import { labelIndices } from './tasks.ts';
import { createExample } from './teacher.ts';
import type { Teacher } from './teacher.ts';

export type { TeacherBatch } from './row-writer.ts';

export interface SynthesisOptions {
  readonly teacher: Teacher;
  /** Widths and tasks of the batches; embeddings must be as wide as the teacher's population's. */
  readonly layout: BatchLayout;
  /** Draws the examples; the teacher's own seed draws the world that they live in. */
  readonly seed: number;
  readonly split: Split;
  /** Rates by task, the data section's `tasks`. */
  readonly rates?: Readonly<Record<string, DownsamplingRates>>;
  /** Tasks for which rows are kept; all by default. */
  readonly keepFor?: readonly string[];
  /** `none` for train, `inverse` for the other splits by default (see sampling.ts). */
  readonly weighting?: Weighting;
}

export interface Synthesis {
  readonly layout: BatchLayout;
  /** The next `size` examples. Throws RangeError when a split's 2^27 examples are used up. */
  next(size: number): TeacherBatch;
  /** The same, in steps. Finish it before the next begins. */
  begin(size: number): Filling;
  /** Whether downsampling drops some of the examples drawn. */
  readonly sampled: boolean;
  /** Examples drawn so far, those that downsampling dropped too. */
  readonly row: number;
  /** Goes on from another `row`, at no cost: every row has random numbers of its own. */
  seek(row: number): void;
}

/** A batch being filled: where few rows are kept, one batch takes seconds of drawing. */
export interface Filling {
  readonly batch: TeacherBatch;
  /** Draws at most `draws` examples. True when the batch is full. */
  advance(draws: number): boolean;
}

/**
 * A generator of examples. The same options give the same bytes in a page, a worker and Node, whatever the batch sizes;
 * splits of one seed are disjoint.
 * @throws RangeError when the layout has a task the teacher lacks, or widths that do not fit.
 */
export function synthesize(options: SynthesisOptions): Synthesis {
  const { teacher, layout, seed, split } = options;
  const labelColumns = labelIndices(layout.tasks);
  const tasks = layout.tasks.length;
  const writer = createRowWriter(teacher, layout);
  const weighting = options.weighting ?? (split === 'train' ? 'none' : 'inverse');
  const sampling = createSampling(layout.tasks, options.rates ?? {}, options.keepFor ?? [], weighting);
  const example = createExample();
  const labels = new Uint8Array(tasks);
  const spare = new Float32Array(tasks);
  let row = 0;

  /** Draws the next row; true when it stays. Its weights go to `weights`. */
  function draw(weights: Float32Array, offset: number): boolean {
    teacher.draw(rowRandom(seed, split, row, 'example'), example);
    for (let t = 0; t < tasks; t++) labels[t] = example.labels[labelColumns[t]!]!;
    const coin = sampling ? rowRandom(seed, split, row, 'coin').double() : 0;
    row++;
    return !sampling || keepRow(sampling, labels, coin, weights, offset);
  }

  function begin(size: number): Filling {
    const batch = allocateBatch(layout, size, sampling !== null);
    let r = 0;
    return {
      batch,
      advance(draws) {
        for (let left = draws; left > 0 && r < size; left--) {
          if (!draw(batch.weights ?? spare, batch.weights ? r * tasks : 0)) continue;
          writer.named(batch, r, example.features, example.user, example.author);
          writer.noise(batch, r, seed, split, row - 1);
          for (let t = 0; t < tasks; t++) {
            batch.labels[r * tasks + t] = labels[t]!;
            batch.teacher[r * tasks + t] = example.probabilities[labelColumns[t]!]!;
          }
          r++;
        }
        return r >= size;
      },
    };
  }

  return {
    layout,
    sampled: sampling !== null,
    begin,
    next(size) {
      const filling = begin(size);
      filling.advance(Infinity);
      return filling.batch;
    },
    get row() {
      return row;
    },
    seek(to) {
      row = to;
    },
  };
}
