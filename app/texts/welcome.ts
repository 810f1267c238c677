/** The first words of the page. */
import { texts } from './language.ts';

export const welcomeTexts = texts('welcome', {
  title: 'Which tweet comes first?',
  text: 'Twitter’s heavy ranker guesses how likely you are to like a tweet, reply to it or report it, and makes one score of ten such guesses. Here you train that model, in this page, and watch the order of a timeline change.',
  tour: 'Take the tour',
});
