/**
 * Random streams of examples: each example has its own streams, found from its number, so any example can be made alone,
 * batches of any size hold the same examples, and a wider tensor begins with the columns of a narrower one.
 */
import { Random } from '../random.ts';

/** Disjoint sets of examples of one seed; `candidates` are for ranking, `calibration` is the teacher's own sample. */
export type Split = 'train' | 'validation' | 'candidates' | 'calibration';

/** What a stream draws: ids, named features and labels; the unnamed columns; the coin of downsampling. */
export type StreamPart = 'example' | 'continuous' | 'binary' | 'discrete' | 'coin';

const SPLITS: Readonly<Record<Split, number>> = { train: 0, validation: 1, candidates: 2, calibration: 3 };
const PARTS: Readonly<Record<StreamPart, number>> = {
  example: 0,
  continuous: 1,
  binary: 2,
  discrete: 3,
  coin: 4,
};

/** Examples of a split: streams stay distinct below this number, since Random mixes 32 bits of it. */
export const MAX_EXAMPLES = 2 ** 27;

/**
 * The stream of one part of one example.
 * @throws RangeError when the example's number is not in 0 … 2^27 − 1.
 */
export function rowRandom(seed: number, split: Split, row: number, part: StreamPart): Random {
  if (!Number.isInteger(row) || row < 0 || row >= MAX_EXAMPLES) {
    throw new RangeError(`An example's number must lie in 0 … ${MAX_EXAMPLES - 1}, it is ${row}.`);
  }
  return new Random(seed, (row * 4 + SPLITS[split]) * 8 + PARTS[part]);
}
