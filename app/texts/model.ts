/** What the Model view says of the parts, in plain words first. One place, ready for translation. */
import type { NodeKind } from '../../src/graph/graph.ts';
import type { PartKind } from '../../src/graph/parts.ts';

export interface PartText {
  readonly title: string;
  /** What it does, in everyday words. */
  readonly plain: string;
  /** The same for those who know the field. */
  readonly exact: string;
}

export const partTexts: Readonly<Record<PartKind, PartText>> = {
  inputs: {
    title: 'Inputs',
    plain:
      'What is known of one viewer, one tweet and its author at the moment of ranking: counts, yes-or-no facts, and three learned descriptions of people.',
    exact: 'Continuous and binary columns after truncation, and the three TwHIN embeddings.',
  },
  featurization: {
    title: 'Featurization',
    plain:
      'Brings all numbers to one scale: a tweet with a million likes must not drown one with ten, so it is the number of digits that counts.',
    exact:
      'sign(x)·ln(1+|x|), BatchNorm by column, clamp, the flags beside it, and where it is configured a LayerNorm over the row.',
  },
  embeddings: {
    title: 'Embeddings',
    plain: 'The descriptions of viewer and author, each brought to the same size.',
    exact: 'One affine LayerNorm for each embedding.',
  },
  features: {
    title: 'All features',
    plain: 'Everything side by side: one long row of numbers that all that follows reads.',
    exact: 'The concatenation that mask blocks gate and from which masks are made.',
  },
  mask_block: {
    title: 'Mask block',
    plain:
      'Looks at everything first, then decides how much of each feature to let through for this very tweet, and only then mixes what is left. The dials it turns are the mask.',
    exact:
      'mask = W₂·relu(W₁·x + b₁) + b₂; out = LayerNorm(W₃·(x ⊙ mask) + b₃). Every feature is multiplied by a gate that all features set.',
  },
  backbone: {
    title: 'Side by side',
    plain: 'Puts together what the blocks have found, for all predictions to share.',
    exact: 'What of the backbone is no mask block: concatenation, MLP, cross layers.',
  },
  tower: {
    title: 'Tower',
    plain:
      'A small network for one question, such as “will the viewer reply?”. It ends in one number, which becomes a probability.',
    exact: 'An MLP to one logit; sigmoid; calibration against the downsampling of negatives.',
  },
};

export const nodeTexts: Readonly<Record<NodeKind, string>> = {
  input: 'reads the data',
  element_wise: 'changes each number by itself',
  batch_norm: 'gives each column mean 0 and deviation 1',
  layer_norm: 'gives each row mean 0 and deviation 1',
  concat: 'puts rows side by side',
  linear: 'mixes all columns into new ones',
  dropout: 'leaves some out while training',
  multiply: 'lets each column through as far as its gate is open',
  add: 'adds',
  embedding: 'looks up a row of a table',
  interaction: 'compares vectors with one another',
  affine: 'scales and shifts',
  calibrate: 'undoes the downsampling of the data',
  loss: 'measures how wrong the prediction is',
};

export const viewTexts = {
  intro:
    'A tweet goes through from left to right. Choose a part to see what it does, its formula and its size.',
  unreadable: 'The model can be drawn once the configuration is valid.',
  cost: 'What a step of training costs, part by part.',
  cards:
    'Limit: products at the card’s peak rate, then Adam at its peak bandwidth, nothing else. Expected: half the rate, 85 % of the bandwidth, and the time of starting 45 kernels, which is what small models wait for.',
  strips:
    'One cell for each column: blue is positive, orange negative, the deeper the larger. Three rows for each block: the features, the gates that this tweet sets, and what comes through.',
  gates: 'The gates that stand furthest from where they stand for other tweets, and why.',
  slopes:
    'How far the head’s logit would go up if a feature, as the blocks read it, grew by one: the gradient through the whole model at this tweet.',
  flat: 'Nothing moves this head here: every unit of its tower’s last layer is off for this tweet, so it answers with its bias alone. A larger change of the tweet would switch one on.',
  health:
    'Looked at every few seconds, from a copy of the weights and of Adam’s memory. Gradient: root mean square of the last steps. Update: how far the last step moved the weights, as a share of their size.',
} as const;
