/** A run's outcome in a few numbers: what a list of runs shows of its last evaluation. */
import type { MetricValue } from '../metrics/metric-value.ts';
import type { EvaluationEvent } from '../training/events.ts';

/** The partition that judges a run, where it has one of that name. */
export const JUDGED_PARTITION = 'validation';

export interface HeadSummary {
  readonly task: string;
  /** Null where it has none. */
  readonly auroc: number | null;
  readonly rce: number | null;
  readonly loss: number | null;
}

export interface RunSummary {
  readonly step: number;
  readonly partition: string;
  readonly loss: number | null;
  readonly heads: readonly HeadSummary[];
}

/** Of the newest evaluation of held-out examples, all of them; of the training data where there is no other. */
export function runSummary(evaluations: readonly EvaluationEvent[]): RunSummary | null {
  const whole = evaluations.filter(({ stratum }) => stratum === null);
  const newest = (events: readonly EvaluationEvent[]): EvaluationEvent | undefined =>
    events.reduce<EvaluationEvent | undefined>(
      (best, event) => (!best || event.step >= best.step ? event : best),
      undefined,
    );
  const found =
    newest(whole.filter(({ partition }) => partition === JUDGED_PARTITION)) ??
    newest(whole.filter(({ partition }) => partition !== 'train')) ??
    newest(whole);
  if (!found) return null;
  return {
    step: found.step,
    partition: found.partition,
    loss: numberOf(found.loss),
    heads: found.tasks.map(({ task, auroc, rce, loss }) => ({
      task,
      auroc: numberOf(auroc),
      rce: numberOf(rce),
      loss: numberOf(loss),
    })),
  };
}

function numberOf(value: MetricValue): number | null {
  return value.kind === 'value' ? value.value : null;
}
