/** Words of the guidance while training. */
import type { FindingKind } from '../../src/training/guidance/findings.ts';
import { texts } from './language.ts';
import { plural } from './plural.ts';

export const findingTexts = texts('finding', {
  exploding_loss: 'The loss is exploding.',
  no_rate: 'It stands still.',
  dead_head: 'A head learns nothing.',
  label_imbalance: 'Hardly any positives.',
  few_examples: 'Hardly any examples to judge by.',
  leak: 'Too good to be true.',
  overfitting: 'It learns by heart.',
} satisfies Record<FindingKind, string>);

export const guidanceTexts = texts('guidance', {
  learned: 'What was learned',
  tooBig: 'This model is too big for this device.',
  change: 'Change while training',
  changeAbout:
    'Takes effect from the next step on, is marked in the charts, and stands in the run’s manifest: a run repeated or resumed from it takes the same steps.',
  rate: 'Learning rates ×',
  rateOf: 'Of',
  everything: 'everything',
  weight: 'Loss weight ×',
  weightOf: 'Of head',
  batch: 'Batch size',
  batchAbout:
    'Batch size: up to the configured one, of whose batch the first examples are taken, or a multiple of it.',
  last: 'Last step',
  hidden: 'It went on while you were away.',
  hiddenAbout: (steps: number, from: string, to: string) =>
    `${plural(steps, { one: '# step', other: '# steps' })}, from step ${from} to ${to}. Browsers may slow hidden tabs down, never the numbers.`,
  backAtHalfRate: (step: string) => `Back to step ${step}, half the rate`,
  soFar: (changes: string) => `(${changes} so far)`,
  backbone: 'Backbone',
  changed: 'Changed while training',
  changedTo: (step: string, what: string, value: string) => `From step ${step}: ${what} ${value}`,
  ofBatch: 'batch size',
  ofRates: 'all learning rates ×',
  ofBackbone: 'the backbone',
  ofRate: (part: string) => `learning rate of ${part} ×`,
  ofWeight: (part: string) => `loss weight of ${part} ×`,
});
