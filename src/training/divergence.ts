/** Why a loss stopped being a number, as far as the step's own values tell, and what to do about it. */
import type { RecapBatch } from '../data/recap-batch.ts';
import type { EngineState, LearningRates } from '../engines/engine.ts';
import { count, inWords } from '../config/number-text.ts';
import { BACKBONE_GROUP } from '../graph/graph.ts';
import type { ModelGraph } from '../graph/graph.ts';
import type { DivergenceEvent } from './events.ts';

export interface DivergedStep {
  /** Updates done before it. */
  readonly step: number;
  /** The model's tasks, one loss each. */
  readonly tasks: readonly string[];
  readonly taskLosses: ArrayLike<number>;
  /** Rates of this step. */
  readonly rates: LearningRates;
  /** Rates of the step before, whose update this step's loss shows; null for the first. */
  readonly previousRates: LearningRates | null;
  readonly batches: readonly RecapBatch[];
}

/** Above this, Adam's first updates move every weight further than its xavier-uniform range is wide. */
const HIGH_RATE = 0.05;

/** What is told of it. */
export function divergence(diverged: DivergedStep): Omit<DivergenceEvent, 'restorable'> {
  return {
    step: diverged.step,
    what: 'loss',
    tasks: divergedTasks(diverged.tasks, diverged.taskLosses),
    advice: divergenceAdvice(diverged),
  };
}

/** The tasks whose loss is not finite. */
function divergedTasks(tasks: readonly string[], taskLosses: ArrayLike<number>): string[] {
  return tasks.filter((_, i) => !Number.isFinite(taskLosses[i]));
}

/** One sentence that names the likely cause and the mend. */
export function divergenceAdvice(diverged: DivergedStep): string {
  const { step, tasks, previousRates } = diverged;
  const heads = divergedTasks(tasks, diverged.taskLosses);
  const where =
    heads.length === tasks.length && tasks.length > 1
      ? 'the loss of every head'
      : `the loss of ${heads.join(', ') || 'the step'}`;
  const what = `At step ${count(step)} ${where} is not a finite number`;
  const data = badData(diverged.batches, tasks);
  if (data) return `${what}: ${data}.`;
  const groups = heads.length < tasks.length && heads.length > 0 ? heads : [BACKBONE_GROUP, ...heads];
  if (!previousRates) {
    return `${what}, before any update: check the starting weights, and that no LayerNorm with epsilon 0 sees a row of equal values.`;
  }
  const group = groups.reduce((fastest, name) =>
    (previousRates[name] ?? 0) > (previousRates[fastest] ?? 0) ? name : fastest,
  );
  return `${what}: ${rateAdvice(group, previousRates[group] ?? 0)}`;
}

/**
 * The same where the state is no numbers before a loss shows it.
 * @param step updates done. @param rates of the last update.
 */
export function stateAdvice(
  step: number,
  { name, of }: BrokenTensor,
  graph: ModelGraph,
  rates: LearningRates,
): string {
  const group = graph.parameters.find((parameter) => parameter.name === name)?.group ?? BACKBONE_GROUP;
  const what = of === 'weights' ? 'the weights' : 'Adam’s moments';
  return `After step ${count(step)} ${what} of ${group} (${name} first) are not finite numbers: ${rateAdvice(group, rates[group] ?? 0)}`;
}

/** Cause and mend, with the rate that was in force. */
function rateAdvice(group: string, rate: number): string {
  const high = rate >= HIGH_RATE ? ', which is high for Adam' : '';
  return `the likely cause is the learning rate ${inWords(rate)} of ${group}${high}. Go on with half of it, ${inWords(rate / 2)}, from a checkpoint where one is kept, or give it a longer ramp and restart.`;
}

/** The first tensor of a batch that is not finite; the continuous columns may be, the model cleans them. */
function badData(batches: readonly RecapBatch[], tasks: readonly string[]): string | null {
  for (const batch of batches) {
    const tensors = [
      ['labels', batch.labels, tasks],
      ['weights', batch.weights, tasks],
      ['binary', batch.binary, null],
      ['user_embedding', batch.userEmbedding, null],
      ['user_eng_embedding', batch.userEngEmbedding, null],
      ['author_embedding', batch.authorEmbedding, null],
    ] as const;
    for (const [name, values, columns] of tensors) {
      const index = values?.findIndex((value) => !Number.isFinite(value)) ?? -1;
      if (!values || index < 0) continue;
      const width = values.length / batch.size;
      const column = index % width;
      return `the data's ${name} hold ${values[index]} in row ${Math.floor(index / width)}, column ${column}${columns ? ` (${columns[column] ?? ''})` : ''} of this batch; mend the data`;
    }
  }
  return null;
}

/** What of a state is not finite: the weights, or what the optimizer remembers of their gradients. */
export interface BrokenTensor {
  readonly name: string;
  readonly of: 'weights' | 'moments';
}

/** The first tensor that holds a value which is not finite; null when all are. */
export function firstNonFinite({ model, optimizer }: EngineState): BrokenTensor | null {
  for (const [of, tensors] of [
    ['weights', model],
    ['moments', optimizer.expAvg],
    ['moments', optimizer.expAvgSq],
  ] as const) {
    for (const [name, { dtype, data }] of tensors) {
      if (dtype === 'F32' && !isFinite(data)) return { name, of };
    }
  }
  return null;
}

/** A plain loop: there are up to a hundred million values. */
function isFinite(values: ArrayLike<number>): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
  return true;
}
