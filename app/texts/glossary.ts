/** What the page's abbreviations and field words mean, in one or two sentences each. */
import { texts } from './language.ts';

export const glossaryTexts = texts('glossary', {
  AUROC:
    'Area under the receiver operating characteristic: how often a random positive example gets a higher probability than a random negative one. 0.5 is guessing, 1 is perfect.',
  RCE: 'Relative cross-entropy: how much better, in percent, the predictions are than always saying the base rate. 0 % is no better, below 0 is worse.',
  NRCE: 'Normalised relative cross-entropy: the RCE after the mean prediction has been scaled to the base rate, so that it tells ranking skill apart from a wrong level.',
  'bootstrap interval':
    'Where the value would lie 95 times out of 100 if the held-out examples were drawn again: the metric over many resamplings of them.',
  calibrated:
    'The mean probability after the correction for downsampled negatives. It should come close to the CTR, the true base rate.',
  calibration:
    'Examples sorted by their predicted probability into bins of equal size: on the diagonal, the predicted share of positives is the true one.',
  ROC: 'Receiver operating characteristic: the share of positives found against the share of negatives taken for positive, as the threshold falls. The diagonal is guessing; the area below the line is the AUROC.',
  stratum:
    'A part of the examples, chosen by a stratifier of the configuration: where one feature has one value.',
  partition:
    'A set of held-out examples named under validation_data; "train" looks at the training data itself.',
  CTR: 'The share of examples that are positive: the base rate of the head. The name comes from click-through rate.',
  pCTR: 'The mean predicted probability. Close to the CTR when the head is calibrated on the whole.',
  OON: 'Out of network: the viewer does not follow the author.',
  loss: 'Binary cross-entropy of the head, in nats; lower is better. The total is the mean over the heads.',
  'teacher limit':
    'The value that the generator of the synthetic data would reach with its own probabilities. No model can be expected to beat it.',
  score:
    'The weighted sum of the ten probabilities, mapped so that it is never negative: tweets with a negative sum share the band between 0 and 0.001.',
  'learning rate':
    'How far one update moves the parameters. Each tower has its own; everything else is the backbone.',
  checkpoint: "The weights together with the optimizer's two moments and the step: enough to go on training.",
  safetensors: 'A plain file format for named tensors. The names in it are those of the reference.',
  TFRecord:
    "TensorFlow's file of length-prefixed, checksummed records; here each one is a gzip-compressed tf.Example.",
  YAML: 'A text format of keys and values by indentation. The file has the same keys as the reference configuration.',
  backbone: 'The shared part of the model: the MaskNet that all ten towers read.',
  tower: 'The small network of one head, on top of the backbone.',
  MaskNet:
    'Blocks that multiply their input by a mask computed from the input itself, which lets the network weigh features by context.',
  step: 'One update of the parameters from one batch of examples.',
  seed: 'Start of the random numbers for initial weights and dropout. The same seed, configuration and data give the same run.',
  smoothing: 'Weight of the past in the drawn line. The thin line behind is the raw value.',
  untrained:
    'The order under the random initial weights: what the model says before it has seen any example.',
  pretrained:
    'The order under weights that come with the page: the default model, trained for 1,500 steps by the terminal on the easy teacher.',
});

export type GlossaryWord = keyof typeof glossaryTexts;

/** Words that stand by themselves on the page, under the name that the glossary has for them. */
export const termTexts = texts('term', {
  loss: 'loss',
  score: 'score',
  untrained: 'untrained',
  pretrained: 'pretrained',
} as Partial<Readonly<Record<GlossaryWord, string>>>);
