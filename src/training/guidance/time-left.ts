/** How long a run still takes: its steps at their pace, and the evaluations and checkpoints that come between. */

export interface Pace {
  /** Steps done and in all. */
  readonly step: number;
  readonly total: number;
  readonly stepsPerSecond: number;
  /** Steps from one to the next, and seconds that the last one took; null where there was none yet. */
  readonly evaluation: { readonly every: number; readonly seconds: number } | null;
  readonly checkpoint: { readonly every: number; readonly seconds: number } | null;
}

/** Seconds; NaN while nothing is known. The last step is evaluated and saved too. */
export function timeLeft({ step, total, stepsPerSecond, evaluation, checkpoint }: Pace): number {
  if (step >= total) return 0;
  if (!(stepsPerSecond > 0)) return Number.NaN;
  const between = (each: Pace['evaluation']): number => {
    if (!each) return 0;
    const regular = Math.floor(total / each.every) - Math.floor(step / each.every);
    return each.seconds * (regular + (total % each.every === 0 ? 0 : 1));
  };
  return (total - step) / stepsPerSecond + between(evaluation) + between(checkpoint);
}
