/**
 * What a person changes while a run trains, as events of its recipe: from step k on, a key has a value. A run that is
 * resumed or repeated with them takes the same steps to the bit, because a step's settings follow from its number alone.
 *
 *     learning_rate            factor on every group's scheduled rate
 *     learning_rate.GROUP      the same for one group, in place of the former
 *     loss_weight.TASK         factor on a head's loss, by its sample weights
 *     batch_size               examples of an update
 */
import { BatchError } from '../engines/batch.ts';
import type { RecapBatch } from '../data/recap-batch.ts';
import type { LearningRates } from '../engines/engine.ts';

export interface LiveChange {
  /** 0-based step that is the first to be taken under it. */
  readonly step: number;
  readonly key: string;
  readonly value: number;
}

/** A change that the run cannot take: what is wrong with it, and what would do. */
export class LiveChangeError extends Error {
  override readonly name = 'LiveChangeError';
}

export const RATE_KEY = 'learning_rate';
export const BATCH_KEY = 'batch_size';
const RATE_OF = `${RATE_KEY}.`;
const WEIGHT_OF = 'loss_weight.';

export const rateKey = (group: string): string => RATE_OF + group;
export const lossWeightKey = (task: string): string => WEIGHT_OF + task;

/** Largest factor: beyond it float32 moments overflow before anything is learned. */
export const MAX_FACTOR = 1e6;
/** Larger updates wait for more batches than a person does. */
const MAX_BATCHES = 1024;

/** What a run has that changes can name. */
export interface Changeable {
  /** The backbone and the tasks. */
  readonly groups: readonly string[];
  readonly tasks: readonly string[];
  /** global_batch_size. */
  readonly batchSize: number;
}

/** @throws LiveChangeError naming the key and what it takes. */
export function checkChange({ key, value }: Omit<LiveChange, 'step'>, of: Changeable): void {
  const group = key.startsWith(RATE_OF) ? key.slice(RATE_OF.length) : null;
  const task = key.startsWith(WEIGHT_OF) ? key.slice(WEIGHT_OF.length) : null;
  if (key === BATCH_KEY) {
    const most = of.batchSize * MAX_BATCHES;
    const whole = Number.isInteger(value) && value >= 2 && value <= most;
    if (!whole || (value > of.batchSize && value % of.batchSize !== 0)) {
      throw new LiveChangeError(
        `${key} ${value}: while training it can be 2 to ${of.batchSize}, or a multiple of ${of.batchSize} up to ${most}. Start a new run for any other.`,
      );
    }
    return;
  }
  if (group !== null && !of.groups.includes(group)) {
    throw new LiveChangeError(`${key}: this model has no group ${group}, but ${of.groups.join(', ')}.`);
  }
  if (task !== null && !of.tasks.includes(task)) {
    throw new LiveChangeError(`${key}: this model has no head ${task}, but ${of.tasks.join(', ')}.`);
  }
  if (key !== RATE_KEY && group === null && task === null) {
    throw new LiveChangeError(
      `${key} can't change while training: ${RATE_KEY}, ${RATE_OF}GROUP, ${WEIGHT_OF}TASK and ${BATCH_KEY} can.`,
    );
  }
  if (!(Number.isFinite(value) && value >= 0 && value <= MAX_FACTOR)) {
    throw new LiveChangeError(`${key} ${value}: a factor from 0 to ${MAX_FACTOR} is needed.`);
  }
}

/** The value of a key at a step; null where nothing was changed. Of changes at one step the later one holds. */
export function changedValue(changes: readonly LiveChange[], key: string, step: number): number | null {
  return changes.findLast((change) => change.key === key && change.step <= step)?.value ?? null;
}

/**
 * Changes with one more. What was planned for later steps goes: it was made from a future that is given up now.
 * A key that is changed twice before its first step keeps the second value.
 */
export function withChange(changes: readonly LiveChange[], change: LiveChange): readonly LiveChange[] {
  const kept = changes.filter(
    ({ step, key }) => step < change.step || (step === change.step && key !== change.key),
  );
  const before = changedValue(kept, change.key, change.step);
  const neutral = change.key === BATCH_KEY ? null : 1;
  return before === change.value || (before === null && change.value === neutral) ? kept : [...kept, change];
}

/** The schedule's rates of a step with what was changed. */
export function changedRates(
  changes: readonly LiveChange[],
  step: number,
  rates: LearningRates,
): LearningRates {
  if (changes.length === 0) return rates;
  return Object.fromEntries(
    Object.entries(rates).map(([group, rate]) => [group, rate * rateFactor(changes, group, step)]),
  );
}

/** The factor on a group's scheduled rate at a step. Of its own and that on all rates the later one holds: who turns all down means this one too. */
export function rateFactor(changes: readonly LiveChange[], group: string, step: number): number {
  const holds = changes.findLast(
    ({ key, step: from }) => from <= step && (key === RATE_KEY || key === rateKey(group)),
  );
  return holds?.value ?? 1;
}

/** Examples of the update of a step. */
export function changedBatchSize(changes: readonly LiveChange[], step: number, batchSize: number): number {
  return changedValue(changes, BATCH_KEY, step) ?? batchSize;
}

/** A batch as a step takes it: its first rows where it is to be smaller, its sample weights with the heads' factors. */
export function changedBatch(
  changes: readonly LiveChange[],
  step: number,
  batch: RecapBatch,
  tasks: readonly string[],
): RecapBatch {
  if (changes.length === 0) return batch;
  const rows = Math.min(batch.size, changedBatchSize(changes, step, batch.size));
  const taken = rows < batch.size ? firstRows(batch, rows) : batch;
  const factors = tasks.map((task) => changedValue(changes, lossWeightKey(task), step) ?? 1);
  if (factors.every((factor) => factor === 1)) return taken;
  const { weights, labels } = taken;
  return {
    ...taken,
    weights: Float32Array.from(
      labels,
      (_, at) => (weights?.[at] ?? 1) * (factors[at % tasks.length] ?? Number.NaN),
    ),
  };
}

/** The first rows of a batch. @throws BatchError for none, or more than it has. */
export function firstRows(batch: RecapBatch, rows: number): RecapBatch {
  if (rows < 1 || rows > batch.size) {
    throw new BatchError(`a batch of ${batch.size} examples has no first ${rows}`);
  }
  const cut = <T extends Float32Array | Float64Array>(values: T): T =>
    values.subarray(0, (values.length / batch.size) * rows) as T;
  const { teacher, records, weights } = batch;
  return {
    ...batch,
    size: rows,
    continuous: cut(batch.continuous),
    binary: cut(batch.binary),
    discrete: cut(batch.discrete),
    userEmbedding: cut(batch.userEmbedding),
    userEngEmbedding: cut(batch.userEngEmbedding),
    authorEmbedding: cut(batch.authorEmbedding),
    labels: cut(batch.labels),
    weights: weights && cut(weights),
    ...(teacher && { teacher: cut(teacher) }),
    ...(records && { records: cut(records) }),
  };
}
