/** Words of the guidance while training. One place, ready for translation. */
import type { FindingKind } from '../../src/training/guidance/findings.ts';

export const findingTitles: Readonly<Record<FindingKind, string>> = {
  exploding_loss: 'The loss is exploding.',
  dead_head: 'A head learns nothing.',
  label_imbalance: 'Hardly any positives.',
  leak: 'Too good to be true.',
  overfitting: 'It learns by heart.',
};

export const guidanceTexts = {
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
  batchAbout: 'Up to the configured size, of which the first examples are taken, or a multiple of it.',
  last: 'Last step',
  hidden: 'It went on while you were away.',
} as const;
