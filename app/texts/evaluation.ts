/** Texts of the evaluation panel: its choices, its table and its charts. */
import { texts } from './language.ts';
import { plural } from './plural.ts';

export const evaluationTexts = texts('evaluation', {
  title: 'Evaluation',
  csvName: 'Evaluation of all heads',
  firstAt: (step: string) => `first at step ${step}`,
  moment: (step: string, examples: string) => `step ${step}, ${examples} examples`,
  partition: 'Partition',
  partitionAbout:
    'A set of held-out examples named under validation_data; train looks at the training data itself.',
  /** The partition of the training data, and its line in the charts. */
  train: 'train',
  sampled: (head: string) => `${head} (sampled)`,
  stratum: 'Stratum',
  stratumAbout:
    "A part of the examples: where one discrete feature has one value. The configuration's stratifiers name them.",
  noStratifiers: 'All (no stratifiers)',
  allExamples: 'All examples',
  step: (step: string) => `step ${step}`,
  newest: (step: string) => `step ${step} · newest`,
  noneYet: 'none yet',
  lookedAt: 'Evaluation looked at',
  lookedAtStep: (step: string) => `Step ${step}`,
  nothingToLookAt: 'None yet',
  head: 'Head',
  allHeads: 'All heads',
  legend: 'Lines of the charts',
  limit: 'limit',
  limitOrBaseRate: '{limit} or base rate',
  interval: '95 % interval',
  intervalFromTo: (low: string, high: string) => `95 % bootstrap interval ${low} to ${high}.`,
  table: 'Heads on held-out examples',
  tableRegion: 'Heads on held-out examples, all metrics',
  positives: 'Positives',
  examples: 'Examples',
  nothing: 'Nothing evaluated yet.',
  mark: 'Looked at',
  calibration: 'Calibration',
  calibrationTitle: '{calibration}: true share over prediction',
  rocTitle: '{ROC}: found over false alarms',
  pctrTitle: '{pCTR} against {CTR}',
  allHeadsUpTo: (step: string) => `all heads up to step ${step}`,
  headAt: (head: string, value: string, step: string) => `${head} ${value} at step ${step}`,
  headAgainst: (head: string, value: string, step: string, reference: string, limit: string) =>
    `${head} ${value} at step ${step}, ${reference} ${limit}`,
  binsAt: (bins: number, step: string) =>
    `${plural(bins, { one: '# bin', other: '# bins' })} at step ${step}`,
  pointsAt: (points: number, step: string) =>
    `${plural(points, { one: '# point', other: '# points' })} at step ${step}`,
});
