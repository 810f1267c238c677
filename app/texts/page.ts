/** Texts of the page's frame: its views, its parts, what is said when one fails. */
import { texts } from './language.ts';

export const pageTexts = texts('page', {
  name: 'Heavy Ranker Playground',
  titleOf: (view: string) => `${view} · Heavy Ranker Playground`,
  views: 'Views',
  viewTitles: {
    train: 'Train',
    rank: 'Rank',
    model: 'Model',
    runs: 'Runs',
    learn: 'Learn',
    about: 'About',
  },
  loading: 'Loading…',
  /** What a part is called where it can't be shown. */
  parts: {
    runBar: 'run bar',
    tour: 'tour',
    config: 'configuration',
    data: 'data panel',
    training: 'training panel',
    evaluation: 'evaluation panel',
    weights: 'weights panel',
    ranking: 'ranking',
    lab: 'ranking lab',
  },
  viewPart: (view: string) => `${view} view`,
  partFailed: (part: string) => `The ${part} can't be shown.`,
  pageFailed: "The page can't be shown.",
  mistake: 'This is a mistake in the playground, not in what you did: {message}',
  configKept: 'Your configuration is kept in this browser. You can copy it to be sure.',
  tryAgain: 'Try again',
  reload: 'Reload',
  copied: 'Copied',
  copyConfig: 'Copy the configuration',
  dropHint:
    'Let go: configuration, data, weights, tweets, a bundle of runs, each goes where it belongs. Nothing leaves this page.',
  answer: 'Answer',
  close: 'Close',
  closeNotice: 'Close this notice',
  unreadableFile: (reason: string) => `The file cannot be read (${reason}).`,
  places: { config: 'Configure', data: 'Data', training: 'Training', ranking: 'Ranking' },
  placesList: 'Parts of the view',
  evaluation: 'Evaluation',
  weights: 'Weights',
});
