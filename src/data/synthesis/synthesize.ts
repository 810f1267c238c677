/** Examples of the teacher as RecapBatches: raw ones at a schema's widths for files, truncated ones for training. */
import { catalogue } from '../catalogue/catalogue.ts';
import type { BatchLayout, BatchSource } from '../recap-batch.ts';
import { allocateBatch, createRowWriter } from './row-writer.ts';
import type { ColumnChoice, TeacherBatch } from './row-writer.ts';
import { createSampling, keepRow } from './sampling.ts';
import type { DownsamplingRates, Weighting } from './sampling.ts';
import { rowRandom } from './streams.ts';
import type { Split } from './streams.ts';
import { labelIndices } from './tasks.ts';
import { createExample, handMadeFeatures, teacherScores } from './teacher.ts';
import type { HandMadeRow, Teacher } from './teacher.ts';

export type { ColumnChoice, TeacherBatch } from './row-writer.ts';

export interface SynthesisOptions {
  readonly teacher: Teacher;
  /** Widths and tasks of the batches; embeddings must be as wide as the teacher's population's. */
  readonly layout: BatchLayout;
  /** Draws the examples; the teacher's own seed draws the world that they live in. */
  readonly seed: number;
  readonly split: Split;
  readonly columns?: ColumnChoice;
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
  /** Passes over examples, as `next` would use them up: for resuming. */
  skip(size: number): void;
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
  const writer = createRowWriter(teacher, layout, options.columns ?? {});
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
    begin,
    next(size) {
      const filling = begin(size);
      filling.advance(Infinity);
      return filling.batch;
    },
    skip(size) {
      if (!sampling) row += size;
      else for (let r = 0; r < size;) if (draw(spare, 0)) r++;
    },
  };
}

export interface TeacherSourceOptions extends SynthesisOptions {
  readonly batchSize: number;
  /** How many examples there are in all (the last batch may be smaller); without end when absent. */
  readonly examples?: number;
  /** Begin again from the first example after the last (repeat_files). */
  readonly repeat?: boolean;
  /** Examples to pass over, for resuming. */
  readonly skip?: number;
}

/** About 40 ms of drawing: then messages to the worker get their turn. */
const DRAWS_AT_ONCE = 4096;

/**
 * A stream of the teacher's examples, with `teacher` probabilities in each batch.
 * @throws RangeError as `synthesize` does, or when batchSize is no positive integer.
 */
export function teacherSource(options: TeacherSourceOptions): BatchSource {
  const { batchSize, examples = Infinity, repeat = false, skip = 0 } = options;
  if (!Number.isInteger(batchSize) || batchSize < 1)
    throw new RangeError(`A batch needs at least one example, got ${batchSize}.`);
  if (!(examples >= 1)) throw new RangeError(`A source needs at least one example, got ${examples}.`);
  let synthesis = synthesize(options);
  let used = repeat && examples !== Infinity ? skip % examples : skip;
  synthesis.skip(used);
  let open = true;
  let last: Promise<unknown> = Promise.resolve();

  async function produce(): Promise<TeacherBatch | null> {
    if (open && used >= examples && repeat) {
      synthesis = synthesize(options);
      used = 0;
    }
    const size = Math.min(batchSize, examples - used);
    if (!open || size <= 0) return null;
    used += size;
    const filling = synthesis.begin(size);
    while (!filling.advance(DRAWS_AT_ONCE)) {
      await new Promise((resume) => setTimeout(resume, 0));
      if (!open) return null;
    }
    return filling.batch;
  }

  return {
    layout: options.layout,
    next() {
      // One after another: batches share the synthesis.
      const batch = last.then(produce);
      last = batch.catch(() => null);
      return batch;
    },
    dispose() {
      open = false;
    },
  };
}

/**
 * Rows made by hand as a batch for `engine.predict`: their named features and embeddings, noise in the other columns
 * (drawn from `seed` and the row's number), labels 0, the teacher's probabilities.
 * @throws RangeError on an unknown feature, task, viewer or author.
 */
export function batchOfRows(
  teacher: Teacher,
  rows: readonly HandMadeRow[],
  layout: BatchLayout,
  seed: number,
  columns: ColumnChoice = {},
): TeacherBatch {
  const batch = allocateBatch(layout, rows.length, false);
  const writer = createRowWriter(teacher, layout, columns);
  batch.teacher.set(teacherScores(teacher, rows, layout.tasks));
  const features = new Float32Array(catalogue.length);
  rows.forEach((row, r) => {
    handMadeFeatures(row, features);
    writer.named(batch, r, features, row.userId, row.authorId);
    writer.noise(batch, r, seed, 'candidates', r);
  });
  return batch;
}
