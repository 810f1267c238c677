/**
 * Negative downsampling of a row with many labels. Each task keeps a row by its own label alone: a positive with
 * pos_downsampling_rate, a negative with neg_downsampling_rate, all tasks on one coin. A row that no task keeps is not
 * in the data; for a task that does not keep a row, its weight is 0. So each head sees exactly the data it would see in
 * a file of its own, downsampled at its own rates.
 *
 * Two weightings of what is kept, and each goes with one kind of probability:
 *
 * - `none`: weight 1. A model trained on it predicts on the downsampled scale (odds times pos_rate/neg_rate), and
 *   calibration p′ = r·p/(1 − p + r·p), r = neg_rate/pos_rate, brings it back. Use for training: read `calibrated`.
 * - `inverse`: label/pos_rate + (1 − label)/neg_rate, the reference's weight. Weighted means are those of the data
 *   before downsampling. Use for evaluation, of `calibrated` too. A model trained with these weights already
 *   predicts on the original scale, and calibrating it again is wrong by the factor r: read `probabilities` there.
 */

/** The rates of one task, in (0, 1]; the names are the data section's. */
export interface DownsamplingRates {
  readonly pos_downsampling_rate: number;
  readonly neg_downsampling_rate: number;
}

export type Weighting = 'none' | 'inverse';

export interface Sampling {
  readonly tasks: number;
  /** Rates by column of the batch's labels. */
  readonly positive: Float64Array;
  readonly negative: Float64Array;
  /** 1 for the columns that decide whether a row stays. */
  readonly deciding: Uint8Array;
  readonly weighting: Weighting;
}

/**
 * The sampling of a partition, or null when all rates are 1 (every row stays and there are no weights).
 * @param rates by task; a task that is missing has rates 1.
 * @param deciding the tasks for which rows are kept (a partition's evaluation_tasks); all when empty.
 * @throws RangeError naming the task whose rate is not in (0, 1], or a deciding task that the batch lacks.
 */
export function createSampling(
  tasks: readonly string[],
  rates: Readonly<Record<string, DownsamplingRates>>,
  deciding: readonly string[],
  weighting: Weighting,
): Sampling | null {
  const positive = new Float64Array(tasks.length);
  const negative = new Float64Array(tasks.length);
  tasks.forEach((task, t) => {
    positive[t] = checkRate(task, 'pos_downsampling_rate', rates[task]?.pos_downsampling_rate ?? 1);
    negative[t] = checkRate(task, 'neg_downsampling_rate', rates[task]?.neg_downsampling_rate ?? 1);
  });
  const missing = deciding.find((task) => !tasks.includes(task));
  if (missing !== undefined)
    throw new RangeError(`"${missing}" decides which rows are kept but is no task of the batch.`);
  if (positive.every((rate) => rate === 1) && negative.every((rate) => rate === 1)) return null;
  const decides = Uint8Array.from(tasks, (task) =>
    deciding.length === 0 || deciding.includes(task) ? 1 : 0,
  );
  return { tasks: tasks.length, positive, negative, deciding: decides, weighting };
}

function checkRate(task: string, key: string, rate: number): number {
  if (!(rate > 0 && rate <= 1)) throw new RangeError(`${key} of ${task} must lie in (0, 1], it is ${rate}.`);
  return rate;
}

/**
 * Decides one row: its weights [tasks] into `weights` at `offset`, and whether it stays at all.
 * @param labels the row's labels by batch column, 0 or 1.
 * @param coin uniform in [0, 1).
 */
export function keepRow(
  sampling: Sampling,
  labels: Uint8Array,
  coin: number,
  weights: Float32Array,
  offset: number,
): boolean {
  let kept = false;
  for (let t = 0; t < sampling.tasks; t++) {
    const rate = labels[t] === 1 ? sampling.positive[t]! : sampling.negative[t]!;
    const keeps = coin < rate;
    weights[offset + t] = keeps ? (sampling.weighting === 'inverse' ? 1 / rate : 1) : 0;
    if (keeps && sampling.deciding[t] === 1) kept = true;
  }
  return kept;
}
