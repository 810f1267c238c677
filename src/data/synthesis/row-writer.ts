/** RowWriter: from an example to the tensors of a RecapBatch, at any widths, with masks or without. */
import { catalogue, featureAt } from '../catalogue/catalogue.ts';
import type { BatchLayout, RecapBatch } from '../recap-batch.ts';
import { createNoiseColumns } from './noise-columns.ts';
import { rowRandom } from './streams.ts';
import type { Split } from './streams.ts';
import type { Teacher } from './teacher.ts';

/** A batch that knows whose examples it holds: ids of the population, and the example's number as tweet id. */
export interface TeacherBatch extends RecapBatch {
  readonly teacher: Float32Array;
  readonly userIds: Int32Array;
  readonly authorIds: Int32Array;
  readonly tweetIds: Int32Array;
}

/** Puts examples into the rows of a batch. */
export interface RowWriter {
  /** Named columns, embeddings and ids of row `r`. */
  named(batch: TeacherBatch, r: number, features: Float32Array, user: number, author: number): void;
  /** The other columns of row `r`, from the streams of example `row`. */
  noise(batch: TeacherBatch, r: number, seed: number, split: Split, row: number): void;
}

/** A batch of zeros with all its tensors. */
export function allocateBatch(layout: BatchLayout, size: number, weighted: boolean): TeacherBatch {
  const matrix = (width: number) => new Float32Array(size * width);
  return {
    size,
    continuous: matrix(layout.continuous),
    binary: matrix(layout.binary),
    discrete: matrix(layout.discrete),
    userEmbedding: matrix(layout.userEmbedding),
    userEngEmbedding: matrix(layout.userEngEmbedding),
    authorEmbedding: matrix(layout.authorEmbedding),
    labels: matrix(layout.tasks.length),
    weights: weighted ? matrix(layout.tasks.length) : null,
    teacher: matrix(layout.tasks.length),
    userIds: new Int32Array(size),
    authorIds: new Int32Array(size),
    tweetIds: new Int32Array(size),
  };
}

const namedContinuous = catalogue.filter((feature) => feature.tensor === 'continuous').length;
const namedBinary = catalogue.length - namedContinuous;

/** @throws RangeError when embeddings or masks do not fit the layout. */
export function createRowWriter(teacher: Teacher, layout: BatchLayout): RowWriter {
  const { population } = teacher;
  for (const name of ['userEmbedding', 'userEngEmbedding', 'authorEmbedding'] as const) {
    if (layout[name] !== population.dims[name]) {
      throw new RangeError(
        `The batch's ${name} is ${layout[name]} wide and the teacher's ${population.dims[name]}: create the teacher with the batch's widths.`,
      );
    }
  }
  const choices = { continuous: layout.masks?.continuous ?? null, binary: layout.masks?.binary ?? null };
  for (const name of ['continuous', 'binary'] as const) {
    const choice = choices[name];
    if (choice && choice.length !== layout[name]) {
      throw new RangeError(
        `The mask of ${name} chooses ${choice.length} columns and the batch has ${layout[name]}.`,
      );
    }
  }
  // With a mask, a row is drawn up to its last chosen column and gathered.
  const rawWidth = (choice: Int32Array | null, width: number) =>
    choice ? Math.max(-1, ...choice) + 1 : width;
  const continuousWidth = rawWidth(choices.continuous, layout.continuous);
  const binaryWidth = rawWidth(choices.binary, layout.binary);
  const noise = createNoiseColumns(teacher.config.seed, {
    continuous: continuousWidth,
    binary: binaryWidth,
    discrete: layout.discrete,
  });
  const rawContinuous = choices.continuous ? new Float32Array(continuousWidth) : null;
  const rawBinary = choices.binary ? new Float32Array(binaryWidth) : null;

  const gather = (raw: Float32Array, choice: Int32Array, out: Float32Array, offset: number) => {
    for (let c = 0; c < choice.length; c++) out[offset + c] = raw[choice[c]!]!;
  };
  const copyRow = (table: Float32Array, width: number, id: number, out: Float32Array, r: number) => {
    for (let c = 0; c < width; c++) out[r * width + c] = table[id * width + c]!;
  };

  return {
    named(batch, r, features, user, author) {
      const continuous = rawContinuous ?? batch.continuous;
      const offset = rawContinuous ? 0 : r * layout.continuous;
      for (let c = Math.min(namedContinuous, continuousWidth) - 1; c >= 0; c--)
        continuous[offset + c] = features[c]!;
      const binary = rawBinary ?? batch.binary;
      const binaryOffset = rawBinary ? 0 : r * layout.binary;
      for (let c = Math.min(namedBinary, binaryWidth) - 1; c >= 0; c--) {
        binary[binaryOffset + c] = features[namedContinuous + c]!;
      }
      copyRow(population.userEmbeddings, layout.userEmbedding, user, batch.userEmbedding, r);
      copyRow(population.userEngEmbeddings, layout.userEngEmbedding, user, batch.userEngEmbedding, r);
      copyRow(population.authorEmbeddings, layout.authorEmbedding, author, batch.authorEmbedding, r);
      batch.userIds[r] = user;
      batch.authorIds[r] = author;
    },
    noise(batch, r, seed, split, row) {
      if (continuousWidth > namedContinuous) {
        const random = rowRandom(seed, split, row, 'continuous');
        if (rawContinuous) noise.continuous(random, rawContinuous, 0, namedContinuous, continuousWidth);
        else
          noise.continuous(random, batch.continuous, r * layout.continuous, namedContinuous, continuousWidth);
      }
      if (rawContinuous) gather(rawContinuous, choices.continuous!, batch.continuous, r * layout.continuous);
      if (binaryWidth > namedBinary) {
        const random = rowRandom(seed, split, row, 'binary');
        if (rawBinary) noise.binary(random, rawBinary, 0, namedBinary, binaryWidth);
        else noise.binary(random, batch.binary, r * layout.binary, namedBinary, binaryWidth);
      }
      if (rawBinary) gather(rawBinary, choices.binary!, batch.binary, r * layout.binary);
      if (layout.discrete > 0) {
        noise.discrete(
          rowRandom(seed, split, row, 'discrete'),
          batch.discrete,
          r * layout.discrete,
          layout.discrete,
        );
      }
      batch.tweetIds[r] = row;
    },
  };
}

// The catalogue's mapping is the fast path above: named columns are a prefix of each tensor.
if (featureAt('continuous', namedContinuous) || featureAt('binary', namedBinary)) {
  throw new Error('Named columns must be the first of their tensor.');
}
