/** The tour's steps and the experiments, in words to be read aloud. */
import { texts } from './language.ts';

export const storyTexts = texts('story', {
  title: 'Learn by doing',
  tour: 'A tour in eight steps',
  tourAbout:
    'It drives the real page: configure, data, train, watch, rank, take apart, change, read up. Leave it when you like; it goes on where you left off.',
  experiments: 'Six experiments',
  experimentsAbout:
    'Guess first. Each experiment then trains the default model for real, in small, and answers from the numbers. What you have in the editor is put back afterwards, and your runs are kept.',
  guess: 'What do you expect?',
  right: 'As you expected.',
  wrong: 'Not as you expected.',
  stepOf: (step: number, steps: number) => `Step ${step} of ${steps}`,
  goOnAt: (step: number) => `Go on at step ${step}`,
  begin: 'Begin the tour',
  building: 'Building the model',
  runIt: 'Run it',
  runAgain: 'Run it again',
  answer: '{verdict} {prediction}. {why}',
  tourRegion: 'Tour',
  back: 'Back',
  next: 'Next',
  done: 'Done',
  leave: 'Leave the tour',
  otherWeights: (weights: string, moved: string, of: string, first: string) =>
    `Under “${weights}” ${moved} of ${of} tweets change places; ${first}.`,
  weighs: (head: string, now: string, before: string) => `${head} weighs ${now} there instead of ${before}.`,
  onlyLikelier: 'Of the two good clicks only the likelier counts there.',
  bothCount: 'Both good clicks count there.',
  staysFirst: (author: string) => `${author} stays first`,
  nowFirst: (author: string, before: string) => `${author} is first now, where ${before} was`,
});

export interface TourText {
  readonly title: string;
  readonly text: string;
  /** Name of what the step's button does on the page; null where there is nothing to do but look. */
  readonly action: string | null;
}

export const tourTexts = texts('tour', {
  configure: {
    title: 'Describe a model',
    text: 'Twitter ranks a timeline with a model that guesses ten things: will you like this tweet, reply to it, report it, and so on. Each of these guesses is called a head. Here stands the whole model as a text, in the format that Twitter published. Every number in it can be changed, and the line above it says at once how large the model becomes.',
    action: null,
  } as TourText,
  data: {
    title: 'Something to learn from',
    text: 'Twitter’s own data is secret, so a teacher makes up viewers, authors and tweets, and decides by hidden rules who likes what. That is fair and useful: because the rules are known, one can say how well any model could do at best.',
    action: null,
  } as TourText,
  train: {
    title: 'Train',
    text: 'At first the model’s numbers are random. Training shows it a batch of examples, measures how wrong its guesses are, and moves every number a little so that they would be less wrong. That is one step. Press the button, and the steps begin.',
    action: 'Train',
  } as TourText,
  losses: {
    title: 'Watch the losses split',
    text: 'The loss says how wrong the guesses are: lower is better. Each of the ten heads has a line of its own. Common things, such as a like, keep a high line because they are hard to be sure of; rare ones, such as a report, fall low at once: saying “no” is nearly always right. So a low line alone says little. The evaluation further down compares each head with always guessing the average, and with the best that is possible.',
    action: null,
  } as TourText,
  rank: {
    title: 'Rank',
    text: 'The ten guesses about each tweet become one score, and the scores an order. The small bars are the guesses; choose a head’s name over the list to read what it predicts. Untrained, Pretrained and Yours show the order before any training, that of a model which came with the page, and that of your run. An arrow says how many places a tweet has moved since the untrained order: that is what training changed.',
    action: 'Show what my run has learned',
  } as TourText,
  apart: {
    title: 'Take a score apart',
    text: 'Open the first tweet to see why it is first: each guess times its weight, added up line by line to the score, and no other tweet ends with a higher one. Look for the guess that adds most: it is rarely the likeliest. A weight alone says little: a report weighs −369, but where one in ten thousand would report the tweet, that takes only 0.04 away.',
    action: 'Open the first tweet',
  } as TourText,
  weight: {
    title: 'Change a weight',
    text: 'The weights are nobody’s law of nature: people chose them, and changed them. The model guesses, the weights judge. Take the other published set: the same guesses give another order, without any training.',
    action: 'Take the other weights',
  } as TourText,
  reference: {
    title: 'What the paper and the published code say',
    text: 'The model is a MaskNet, from a paper of 2021: blocks that look at everything first and then decide how much of each feature to let through. The Model view draws them, with what they make of a tweet. Here is what this page rebuilds of the published code, and what it does otherwise because the published code gets it wrong. In Learn six experiments wait for your guess.',
    action: null,
  } as TourText,
});

export interface ExperimentText {
  readonly question: string;
  /** What can happen; the answer is one of them by its place. */
  readonly predictions: readonly [string, string, string];
}

export const experimentTexts = texts('experiment', {
  report: {
    question:
      'A report weighs −369, a like 0.5. If reports weighed nothing, how much of the order would change?',
    predictions: ['Hardly anything moves', 'Some tweets move', 'Most tweets move'],
  } as ExperimentText,
  rate: {
    question: 'Ten times the learning rate: does the model learn faster?',
    predictions: ['Yes, the loss is lower', 'It makes no difference', 'No, the loss is higher'],
  } as ExperimentText,
  mask: {
    question: 'Without mask blocks, with a plain network in their place: is anything lost?',
    predictions: ['It is clearly worse', 'It is about as good', 'It is better'],
  } as ExperimentText,
  serial: {
    question: 'Mask blocks one after another instead of side by side: which learns better in the same steps?',
    predictions: ['One after another', 'About the same', 'Side by side'],
  } as ExperimentText,
  downsampling: {
    question:
      'Nine of ten people who did not like a tweet are left out of the data, and nobody corrects for it. What happens to the guesses?',
    predictions: ['They become too high', 'They stay right', 'They become too low'],
  } as ExperimentText,
  noise: {
    question: 'The labels are pure chance. What does the model learn?',
    predictions: ['Something all the same', 'Nothing: it answers by chance', 'It finds hidden rules'],
  } as ExperimentText,
});

export type ExperimentId = keyof typeof experimentTexts;
