/** Texts of the ranking, on Train small and on Rank in full. */
import { texts } from './language.ts';
import { plural } from './plural.ts';

export const rankingTexts = texts('ranking', {
  title: 'Ranking',
  openLab: 'Open the lab',
  list: 'Ranked tweets',
  pinnedOrder: 'the pinned order',
  untrainedOrder: 'untrained',
  changesSince: (conditions: string) => `Changes since: ${conditions}.`,
  modelBefore: (waiting: string) => `This is the order of the model before. ${waiting}`,
  importedWeights: 'imported weights',
  afterSteps: (steps: number) => `after ${plural(steps, { one: '# step', other: '# steps' })}`,
  atStep: (step: string) => `step ${step}`,
  tooLarge: (parameters: string) =>
    `The model of this configuration has ${parameters} parameters, too many to build unasked: press Train to build it.`,
  noModel: 'There is no model to predict with.',
  predictingInitial: 'Predicting with the initial weights…',
  predicting: 'Predicting…',
  emptySet: 'This set has no tweets yet. Add one.',
  tweets: 'Tweets',
  setOf: (set: string, tweets: number) => `${set} (${tweets})`,
  allSamples: (tweets: number) => `All samples (${tweets})`,
  headWeights: 'Head weights',
  heuristics: 'Heuristics',
  heuristicsAbout: (preset: string, note: string) => `What happens after the score. ${preset}: ${note}`,
  changed: (name: string) => `${name}, changed`,
  chips: 'Weights of the ranking',
  rankedBy: {
    untrained: { label: 'Untrained', hint: 'Random initial weights of your run' },
    pretrained: { label: 'Pretrained', hint: 'Weights that come with the page' },
    yours: { label: 'Yours', hint: 'What your run has learned so far' },
  },
  trainedModel: 'This is a trained model.',
  trainYourOwn: 'Train your own from nothing',
  momentOrder: {
    untrained: 'This is the untrained order.',
    pretrained: 'This is the pretrained order.',
    yours: 'This is the order of now.',
  },
  checkpointOrder: (step: string) => `This is the order at the checkpoint of step ${step}.`,
  divergedOrder: (step: string) =>
    `This run has diverged: its last predictions, of step ${step}, are shown. Go back to a checkpoint under Training.`,
  noNumbers:
    'The predictions are no probabilities any more: this run is diverging. Go back to a checkpoint under Training.',
  backToNow: 'Back to now',
  bars: 'Bars',
  barsAbout:
    'The bars of a tweet are the predicted probabilities, on a logarithmic scale from 0.01 % to 100 %, in the order of this list.',
  showFirst: (tweets: number) => `Show the first ${tweets} only`,
  showOther: (tweets: string) => `Show the other ${tweets}`,
  droppedAfter: (tweets: number) => `Dropped after the score (${tweets})`,
  droppedTweets: 'Dropped tweets',
  moreDropped: (tweets: number) =>
    plural(tweets, {
      one: '# more is dropped by the heuristics.',
      other: '# more are dropped by the heuristics.',
    }),
  verified: 'Verified',
  oon: 'OON',
  back: 'back',
  out: 'out',
  upSince: (places: number, since: string) => `up ${places} since ${since}`,
  downSince: (places: number, since: string) => `down ${places} since ${since}`,
  kinds: {
    yours: 'Yours',
    edited: 'Edited',
    reply: 'Reply',
    retweet: 'Retweet',
    image: 'Image',
    video: (length: string) => `Video ${length}`,
    newsLink: 'News link',
    link: 'Link',
  },
  /** Each with its number, written short: a no-break space keeps the two together. */
  likes: (n: number, shown: string) => `${shown}\u00A0${plural(n, { one: 'like', other: 'likes' })}`,
  replies: (n: number, shown: string) => `${shown}\u00A0${plural(n, { one: 'reply', other: 'replies' })}`,
  retweets: (n: number, shown: string) => `${shown}\u00A0${plural(n, { one: 'retweet', other: 'retweets' })}`,
  quotes: (n: number, shown: string) => `${shown}\u00A0${plural(n, { one: 'quote', other: 'quotes' })}`,
  probability: (head: string, probability: string) => `${head} ${probability}`,
});
