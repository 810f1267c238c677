/** What the Model view says of the parts, in plain words first. */
import type { NodeKind } from '../../src/graph/graph.ts';
import type { PartKind } from '../../src/graph/parts.ts';
import { texts } from './language.ts';
import { plural } from './plural.ts';

export interface PartText {
  readonly title: string;
  /** What it does, in everyday words. */
  readonly plain: string;
  /** The same for those who know the field. */
  readonly exact: string;
}

export const partTexts = texts('part', {
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
} satisfies Record<PartKind, PartText>);

export const nodeTexts = texts('node', {
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
} satisfies Record<NodeKind, string>);

export const viewTexts = texts('view', {
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
});

const partForms = { one: '# part', other: '# parts' };
const columnForms = { one: '# column', other: '# columns' };
const stepForms = { one: '# step', other: '# steps' };

/** Of the diagram, and of a part. */
export const diagramTexts = texts('diagram', {
  title: 'Model',
  chart: 'From a tweet to its probabilities',
  overview: 'Model overview',
  summary: (parts: number, blocks: number, towers: number) =>
    `${plural(parts, partForms)}: the inputs are brought to one scale, ${plural(blocks, {
      one: '# mask block gates and mixes them',
      other: '# mask blocks gate and mix them',
    })}, ${plural(towers, { one: '# tower makes', other: '# towers make' })} one probability each.`,
  partsList: 'Parts of the model',
  columns: {
    part: 'part',
    reads: 'reads',
    columnsIn: 'columns in',
    columnsOut: 'columns out',
    parameters: 'parameters',
  },
  data: 'the data',
  partName: (part: string, columns: number, parameters: number) =>
    `${part}, ${plural(columns, columnForms)}, ${plural(parameters, {
      one: '# parameter',
      other: '# parameters',
    })}`,
  size: (columns: string, parameters: string) => `${columns} out · ${parameters} par.`,
  width: (columns: string) => `${columns} columns`,
  sharedMlp: 'Shared MLP',
  numbered: (part: string, number: number) => `${part} ${number}`,
  part: (part: string) => `Part: ${part}`,
  partSize: (parameters: string, flops: string) => `${parameters} parameters, ${flops} a step`,
  layersRegion: (part: string) => `${part}, layer by layer`,
  layers: (part: string) => `Layers of ${part}`,
  layer: 'Layer',
  formula: 'Formula',
  shapes: 'Shapes',
  parameters: 'Parameters',
  strip: (name: string, columns: number, largest: string) =>
    `${name}: ${columns} columns, the largest ${largest} by size`,
  stripColumns: (from: number, to: number) => `columns ${from}–${to}, the largest`,
  stripColumn: (column: number) => `column ${column}`,
});

export const healthTexts = texts('health', {
  title: 'How training goes',
  afterSteps: (steps: number) => `after ${plural(steps, stepForms)}`,
  region: 'Health of the model',
  noRun: 'There is no run to look at yet.',
  byPart: 'Health by part',
  part: 'Part',
  weights: 'Weights',
  gradient: 'Gradient',
  update: 'Update',
  dead: 'Dead units',
  shut: 'Shut gates',
  fixed: 'Fixed gates',
  columns: {
    part: 'part',
    weights: 'weights',
    gradient: 'gradient',
    update: 'update',
    dead: 'dead units',
    shut: 'shut gates',
    fixed: 'fixed gates',
  },
  of: (some: number, all: number) => `${some} of ${all}`,
});

export const insideTexts = texts('inside', {
  title: 'Inside, for one tweet',
  ownTable: 'This model reads rows of your own table, so there is no tweet to look at.',
  afterSteps: (steps: number) => `after ${plural(steps, stepForms)}`,
  lookedAt: 'Weights looked at',
  by: { untrained: 'Untrained', pretrained: 'Pretrained', yours: 'Yours' },
  tweet: 'Tweet',
  head: 'Head',
  looking: 'Looking…',
  hereItIs: (meaning: string) => `${meaning} Here it is {probability}.`,
  noBlocks: 'This model has no mask blocks, so there are no gates to show.',
  values: 'Values after each part',
  valuesAbout: (parts: number) => `what ${parts} parts give for this tweet`,
  columns: {
    part: 'part',
    column: 'column',
    value: 'value',
    feature: 'feature',
    gate: 'gate',
    letThrough: 'let through',
    valueRead: 'value as the blocks read it',
    gradient: 'gradient of the logit',
  },
  block: 'Mask block',
  blockNumber: (number: number) => `Mask block ${number}`,
  blockShort: (number: string) => `block ${number}`,
  blockOf: (block: string, owner: string) => `${block} of ${owner}`,
  blockAbout: (features: number, on: number, units: number) =>
    `${features} features, their gates and what comes through; ${on} of ${units} mask units are on`,
  strips: {
    features: 'Features',
    gates: 'Gates',
    through: 'Through',
    units: 'Mask units',
    output: 'Output',
  },
  whichUnits: 'Which units gate what',
  gatesOf: (block: string) => `Gates of ${block}`,
  gate: (mask: string, typical: string, unit: number, byUnit: string) =>
    `{feature} is multiplied by ${mask}, elsewhere by ${typical}: mostly unit ${unit} (${byUnit}), which {driver} moves.`,
  moves: (head: string) => `What moves ${head}`,
  gradientOf: (head: string) => `Gradient of ${head} by feature`,
  feature: 'Feature',
  value: 'Value',
  gradient: 'Gradient',
  asBar: 'As a bar',
});

export const costTexts = texts('cost', {
  title: 'What it costs',
  name: 'Cost of the model',
  byPart: 'Cost by part',
  columns: {
    part: 'part',
    parameters: 'parameters',
    flops: 'FLOPs a step',
    share: 'share',
    moved: 'bytes moved a step',
    held: 'bytes held',
  },
  heads: {
    part: 'Part',
    parameters: 'Parameters',
    share: 'Share',
    moved: 'Moved',
    held: 'Held',
  },
  backbone: 'Outside the towers',
  inputs: 'Columns read',
  tasks: 'Heads',
  operations: 'Operations a step',
  training: 'Held while training',
  beside: 'Yours and production’s',
  besideTable: 'Size of your model and of production’s',
  size: 'Size',
  yours: 'Yours',
  production: 'Production',
  times: 'Times',
  speed: 'Steps a second',
  speedTable: 'Predicted steps a second',
  device: 'Device',
  limit: 'Limit',
  expected: 'Expected',
  card: (operations: string, bandwidth: string) => `${operations} TFLOP/s, ${bandwidth}/s`,
  here: 'Here, the run on this page',
});
