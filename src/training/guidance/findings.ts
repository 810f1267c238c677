/**
 * What a run's numbers say is going wrong, while it can still be mended: each finding with its cause and the mend. Pure
 * rules over what the run reported; they name, and change nothing.
 */
import { count, fixed, inWords as short } from '../../config/number-text.ts';
import type { EvaluationEvent, TaskEvaluation } from '../events.ts';
import type { MetricValue } from '../../metrics/metric-value.ts';

export type FindingKind =
  'exploding_loss' | 'no_rate' | 'dead_head' | 'label_imbalance' | 'few_examples' | 'leak' | 'overfitting';

export interface Finding {
  readonly kind: FindingKind;
  /** Heads it concerns; none where it is the whole model. */
  readonly tasks: readonly string[];
  /** What was seen, with the numbers. */
  readonly seen: string;
  readonly cause: string;
  readonly mend: string;
  /** Updates done when all was still well, where going back to a checkpoint no later, at half the rate, is a mend. */
  readonly goodUntil: number | null;
}

export interface RunNumbers {
  /** By step. */
  readonly losses: ArrayLike<number>;
  /** Learning rates by group, each by step. */
  readonly rates: readonly ArrayLike<number>[];
  readonly evaluations: readonly EvaluationEvent[];
  /** How a head is called. */
  readonly label: (task: string) => string;
}

/** Losses are compared in means of so many steps: one batch says little. */
const WINDOW = 20;
/** A mean this many times the best one is an explosion, whatever comes next. */
const EXPLODED = 3;
/** A loss this many times the first one is an explosion after any number of steps. */
const FLOWN = 100;
/** Up to this many times what it was before, it has come back. */
const BACK = 1.1;
/** Steps without any learning rate that are no beginning of a ramp. */
const STILL = 5;
/** Updates before a head that answers by chance counts as dead. */
const PATIENCE = 200;
/** Fewer positives than this in an evaluation say next to nothing. */
const FEW = 20;
/** Share of positives below which a label is rare. */
const RARE = 0.05;
/** AUROC beyond the teacher's limit that chance does not explain. */
const BEYOND = 0.01;
/** Where there is no teacher: no real head of this kind is predicted this well. */
const TOO_GOOD = 0.995;

/** The most pressing first; empty while nothing is wrong. */
export function findings(numbers: RunNumbers): Finding[] {
  const latest = latestOf(numbers.evaluations, 'validation') ?? latestOf(numbers.evaluations, null);
  const found = [
    explodingLoss(numbers.losses) ?? flownLoss(numbers.losses),
    noRate(numbers.rates),
    ...(latest
      ? [leak(latest, numbers.label), deadHeads(latest, numbers.label), imbalance(latest, numbers.label)]
      : []),
    overfitting(numbers.evaluations),
  ];
  return found.filter((finding) => finding !== null);
}

/** The step before which the loss had not flown off; null where it has not. What comes behind a number that is none is left out. */
export function lossGoodUntil(losses: ArrayLike<number>): number | null {
  const all = Array.from(losses);
  const broken = all.findIndex((loss) => !Number.isFinite(loss));
  const finite = broken < 0 ? all : all.slice(0, broken);
  return (explodingLoss(finite) ?? flownLoss(finite))?.goodUntil ?? null;
}

/** The newest evaluation of all examples of a partition, or with null of any. */
export function latestOf(
  events: readonly EvaluationEvent[],
  partition: string | null,
): EvaluationEvent | null {
  return (
    events.findLast(
      (event) => event.stratum === null && (partition === null || event.partition === partition),
    ) ?? null
  );
}

const OVERSHOOT = 'Updates overshoot: the learning rate is too high for this model and batch.';

const BACK_AT_HALF =
  'Go back to before it rose, at half the rate; where no checkpoint is as old, start anew with a lower rate.';

function explodingLoss(losses: ArrayLike<number>): Finding | null {
  if (losses.length < 2 * WINDOW) return null;
  let sum = 0;
  let best = Number.POSITIVE_INFINITY;
  let goodUntil = 0;
  let first = Number.NaN;
  let mean = Number.NaN;
  for (let step = 0; step < losses.length; step++) {
    sum += losses[step] ?? 0;
    if (step >= WINDOW) sum -= losses[step - WINDOW] ?? 0;
    if (step < WINDOW - 1) continue;
    mean = sum / WINDOW;
    if (step === WINDOW - 1) first = mean;
    if (mean < best) [best, goodUntil] = [mean, step + 1];
  }
  // Above where it began: a loss that is only noisy around a good value comes down again by itself.
  if (!(mean > EXPLODED * best && mean > first)) return null;
  // Where it flew off before so many steps were done, the best of their means is none to go back to.
  const early = best > EXPLODED * (losses[0] ?? 0) ? flownLoss(losses) : null;
  if (early) return early;
  return {
    kind: 'exploding_loss',
    tasks: [],
    seen: `The loss of the last ${WINDOW} steps is ${short(mean)}, and was ${short(best)} at its best.`,
    cause: OVERSHOOT,
    mend: BACK_AT_HALF,
    goodUntil,
  };
}

/** What rose beyond measure, at whatever step, and has not come back to where it was: such a model seldom does. */
function flownLoss(losses: ArrayLike<number>): Finding | null {
  const all = Array.from(losses);
  const [first = Number.NaN] = all;
  const peak = all.reduce((most, loss) => Math.max(most, loss), 0);
  if (!(peak > FLOWN * first)) return null;
  const goodUntil = all.findIndex((loss) => loss > EXPLODED * first);
  const before = mean(all.slice(Math.max(0, goodUntil - WINDOW), goodUntil));
  const now = mean(all.slice(-WINDOW));
  if (!(now > BACK * before)) return null;
  return {
    kind: 'exploding_loss',
    tasks: [],
    seen: `The loss was ${short(before)}, rose to ${short(peak)} from step ${count(goodUntil)} on, and is ${short(now)} in the last steps.`,
    cause: OVERSHOOT,
    mend: BACK_AT_HALF,
    goodUntil,
  };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function noRate(rates: readonly ArrayLike<number>[]): Finding | null {
  const steps = rates[0]?.length ?? 0;
  let since = steps;
  while (since > 0 && rates.every((group) => group[since - 1] === 0)) since--;
  if (steps - since < STILL) return null;
  return {
    kind: 'no_rate',
    tasks: [],
    seen: `Since step ${count(since)} every learning rate is 0: the weights stay as they are, whatever the batches say.`,
    cause: 'The rates were multiplied by 0, or their schedule has come to 0.',
    mend: 'Set “Learning rates ×” under “Change while training” above 0, or pause: more such steps change nothing.',
    goodUntil: null,
  };
}

function deadHeads(event: EvaluationEvent, label: (task: string) => string): Finding | null {
  if (event.step < PATIENCE) return null;
  const dead = event.tasks.filter(({ auroc, teacher, positives }) => {
    const limit = valueOf(teacher?.auroc);
    const found = valueOf(auroc);
    if (found === null || positives < FEW) return false;
    // Without a teacher nobody knows that there is something to learn: only an answer that never varies counts.
    return limit === null ? found === 0.5 : limit > 0.6 && Math.abs(found - 0.5) < 0.02;
  });
  if (dead.length === 0) return null;
  return {
    kind: 'dead_head',
    tasks: dead.map(({ task }) => task),
    seen: `${names(dead, label)}: after ${count(event.step)} steps no better than chance (AUROC ${dead.map(({ auroc }) => short(valueOf(auroc) ?? Number.NaN)).join(', ')}), though the data allows ${dead.map(({ teacher }) => short(valueOf(teacher?.auroc) ?? Number.NaN)).join(', ')}.`,
    cause:
      'Its tower gets no gradient that counts: a rate of 0 or next to it, or units that were switched off by too large a one.',
    mend: 'Raise this head’s learning rate or its loss weight; where its units are dead (Model view), start anew with a lower rate.',
    goodUntil: null,
  };
}

function imbalance(event: EvaluationEvent, label: (task: string) => string): Finding | null {
  const rare = event.tasks.filter(({ positives, examples }) => examples > 0 && positives < FEW);
  if (rare.length === 0) return null;
  const seen = `${names(rare, label)}: ${rare.map(({ positives }) => count(positives)).join(', ')} positives in ${count(event.examples)} examples.`;
  const tasks = rare.map(({ task }) => task);
  // Among so few examples a common label has few positives too.
  if (event.examples < FEW / RARE) {
    return {
      kind: 'few_examples',
      tasks,
      seen,
      cause: 'So few examples are evaluated on that the metrics are guesses.',
      mend: 'Evaluate on more batches (num_eval_steps).',
      goodUntil: null,
    };
  }
  return {
    kind: 'label_imbalance',
    tasks,
    seen,
    cause: 'The label is rare, so its metrics are guesses and its gradient is mostly that of negatives.',
    mend: 'Evaluate on more batches (num_eval_steps), downsample negatives (neg_downsampling_rate), or set a pos_weight.',
    goodUntil: null,
  };
}

function leak(event: EvaluationEvent, label: (task: string) => string): Finding | null {
  const leaking = event.tasks.filter(({ auroc, teacher, intervals, positives, examples }) => {
    const found = valueOf(auroc);
    if (found === null || positives < FEW || examples - positives < FEW) return false;
    const limit = valueOf(teacher?.auroc);
    const sure = intervals.auroc?.low ?? found;
    return limit === null ? found > TOO_GOOD : sure > limit + BEYOND;
  });
  if (leaking.length === 0) return null;
  return {
    kind: 'leak',
    tasks: leaking.map(({ task }) => task),
    seen: `${names(leaking, label)}: AUROC ${leaking.map(({ auroc }) => short(valueOf(auroc) ?? Number.NaN)).join(', ')} on held-out examples, better than anyone who does not know the answer can be.`,
    cause: 'A feature carries the label, or held-out examples were trained on.',
    mend: 'Look for a column that is only known after the fact, and take it out; hold out by group or by time.',
    goodUntil: null,
  };
}

function overfitting(events: readonly EvaluationEvent[]): Finding | null {
  const losses = (partition: string) =>
    events
      .filter((event) => event.partition === partition && event.stratum === null)
      .flatMap(({ step, loss }) => (loss.kind === 'value' ? [{ step, loss: loss.value }] : []));
  const held = losses('validation');
  const seen = losses('train');
  const [before, after] = [held.at(-4), held.at(-1)];
  const [trainBefore, trainAfter] = [seen.at(-4), seen.at(-1)];
  if (!before || !after || !trainBefore || !trainAfter) return null;
  const rising = held.slice(-4).every(({ loss }, i, all) => i === 0 || loss > (all[i - 1]?.loss ?? 0));
  if (!rising || after.loss < 1.02 * before.loss || trainAfter.loss >= trainBefore.loss) return null;
  // It may have turned before what is looked at here.
  const best = held.reduce((least, each) => (each.loss < least.loss ? each : least));
  return {
    kind: 'overfitting',
    tasks: [],
    seen: `The loss of examples that are trained on still falls, and that of held-out ones rises: it was ${short(best.loss)} at step ${count(best.step)}, and is ${short(after.loss)}.`,
    cause: 'The model learns the training examples by heart.',
    mend: `Go back to step ${count(best.step)}, or the checkpoint next to it, and add examples, dropout, or take a smaller model.`,
    goodUntil: null,
  };
}

function valueOf(metric: MetricValue | undefined | null): number | null {
  return metric?.kind === 'value' ? metric.value : null;
}

function names(tasks: readonly TaskEvaluation[], label: (task: string) => string): string {
  return tasks.map(({ task }) => label(task)).join(', ');
}

const auroc = (value: number | undefined): string => fixed(value ?? Number.NaN, 2);

/**
 * One sentence on what was learned against what the data allows; null before there is an evaluation with two classes.
 * @param label how a head is called.
 */
export function closingSentence(
  steps: number,
  evaluations: readonly EvaluationEvent[],
  label: (task: string) => string,
): string | null {
  const event = latestOf(evaluations, 'validation') ?? latestOf(evaluations, null);
  const measured = (event?.tasks ?? []).flatMap(({ task, auroc, teacher, positives, examples }) => {
    const found = valueOf(auroc);
    const guessed = Math.min(positives, examples - positives) < FEW;
    return found === null ? [] : [{ task, found, limit: valueOf(teacher?.auroc), guessed }];
  });
  // A handful of positives says nothing of what was learned, unless there is nothing else to go by.
  const sure = measured.filter(({ guessed }) => !guessed);
  const known = sure.length > 0 ? sure : measured;
  if (known.length === 0) return null;
  const begin = `In ${count(steps)} ${steps === 1 ? 'step' : 'steps'} the model learned`;
  const average = mean(known.map(({ found }) => found));
  const limited = known.flatMap(({ limit, ...each }) =>
    limit !== null && limit > 0.52 ? [{ ...each, limit }] : [],
  );
  const byFound = known.toSorted((a, b) => a.found - b.found);
  if (limited.length === 0) {
    const [worst, best] = [byFound[0], byFound.at(-1)];
    return `${begin} to tell what happens from what does not, with an AUROC of ${auroc(average)} on average, where 0.5 is chance and 1 is never wrong: best ${label(best?.task ?? '')} (${auroc(best?.found)}), least ${label(worst?.task ?? '')} (${auroc(worst?.found)}).`;
  }
  const share = ({ found, limit }: { found: number; limit: number }) => (found - 0.5) / (limit - 0.5);
  const order = limited.toSorted((a, b) => share(a) - share(b));
  const [furthest, nearest] = [order[0], order.at(-1)];
  const learned = Math.round(100 * Math.min(1, Math.max(0, mean(limited.map(share)))));
  return `${begin} ${learned} % of what this data allows: AUROC ${auroc(mean(limited.map(({ found }) => found)))} on average, of ${auroc(mean(limited.map(({ limit }) => limit)))} that the best possible model reaches, where 0.5 is chance. Nearest to its limit is ${label(nearest?.task ?? '')} (${auroc(nearest?.found)} of ${auroc(nearest?.limit)}), furthest ${label(furthest?.task ?? '')} (${auroc(furthest?.found)} of ${auroc(furthest?.limit)}).`;
}
