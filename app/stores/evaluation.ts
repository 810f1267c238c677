/** What the evaluation panel looks at: partition, stratum, head and moment. Choices that the run does not have give way. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { EvaluationEvent } from '../../src/training/events.ts';

export const ALL_HEADS = 'all';
/** The partition of the training data itself. */
export const TRAIN = 'train';

export interface EvaluationView {
  /** A key of validation_data, or null for the first held-out one. */
  readonly partition: string | null;
  /** Null for all examples. */
  readonly stratum: string | null;
  /** A task, ALL_HEADS, or null for the first task. */
  readonly head: string | null;
  /** The evaluation looked at; null follows the newest. */
  readonly step: number | null;
  readonly set: (change: Partial<Pick<EvaluationView, 'partition' | 'stratum' | 'head' | 'step'>>) => void;
}

export type EvaluationStore = StoreApi<EvaluationView>;

export function createEvaluationStore(): EvaluationStore {
  return createStore<EvaluationView>()((set) => ({
    partition: null,
    stratum: null,
    head: null,
    step: null,
    set,
  }));
}

/** The view with its choices fitted to what a run has reported. */
export interface FittedView {
  readonly partitions: readonly string[];
  readonly partition: string;
  /** Strata of the partition, without the whole. */
  readonly strata: readonly string[];
  readonly stratum: string | null;
  /** Tasks that the partition evaluates, in the model's order. */
  readonly tasks: readonly string[];
  readonly head: string;
  /** Evaluations of partition and stratum, by step. */
  readonly events: readonly EvaluationEvent[];
  /** Those of the training data at the same stratum; empty where there are none, or `partition` is that itself. */
  readonly training: readonly EvaluationEvent[];
  /** The evaluation looked at; null while there is none. */
  readonly current: EvaluationEvent | null;
}

/**
 * @param configured keys of validation_data, for the choice before anything was evaluated.
 * @param tasks the model's tasks, for the same.
 */
export function fitView(
  view: Pick<EvaluationView, 'partition' | 'stratum' | 'head' | 'step'>,
  evaluations: readonly EvaluationEvent[],
  configured: readonly string[],
  tasks: readonly string[],
): FittedView {
  const seen = new Set(evaluations.map((event) => event.partition));
  const partitions = seen.size > 0 ? [...seen] : [...configured];
  const heldOut =
    partitions.find((name) => name === 'validation') ?? partitions.find((name) => name !== TRAIN);
  const partition = partitions.find((name) => name === view.partition) ?? heldOut ?? partitions[0] ?? '';
  const here = evaluations.filter((event) => event.partition === partition);
  const strata = [...new Set(here.flatMap(({ stratum }) => (stratum === null ? [] : [stratum])))];
  const stratum = strata.find((name) => name === view.stratum) ?? null;
  const of = (name: string): EvaluationEvent[] =>
    evaluations
      .filter((event) => event.partition === name && event.stratum === stratum)
      .toSorted((a, b) => a.step - b.step);
  const events = of(partition);
  const found = events.at(-1)?.tasks.map(({ task }) => task) ?? tasks;
  const head =
    view.head === ALL_HEADS ? ALL_HEADS : (found.find((task) => task === view.head) ?? found[0] ?? '');
  return {
    partitions,
    partition,
    strata,
    stratum,
    tasks: found,
    head,
    events,
    training: partition === TRAIN ? [] : of(TRAIN),
    current: events.find(({ step }) => step === view.step) ?? events.at(-1) ?? null,
  };
}
