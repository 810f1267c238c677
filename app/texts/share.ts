/** What is said of a link: what it would change, and why it can't be used. */
import { count } from '../format.ts';
import { texts } from './language.ts';
import { plural } from './plural.ts';

const changeForms = { one: '# change', other: '# changes' };

export const shareTexts = texts('share', {
  configBroken: 'The configuration has errors: correct them first.',
  configUnusable: (why: string) => `This link's configuration can't be used here. ${why}`,
  tableMissing: (file: string, size: number) =>
    `This link's run reads the table ${file} (${count(size)} bytes), which no link holds: drop that file on the page first and open the link again.`,
  wholeRecipe: 'the whole recipe: what is shown has errors or misses data',
  brokenText: 'the text of the configuration, which has errors',
  idleWords: 'words of the configuration that change nothing: comments, order or form',
  readsFiles: (files: string) => `reads ${files}: choose that on the data panel, no link holds files`,
  partUnusable: (part: string, why: string) => `The ${part} in this link can't be used here: ${why}.`,
  emptyPart: 'they are empty',
  tweetUnreadable: (tweet: string) => `the tweet ${tweet} can't be read`,
  tweetUnknown: (tweet: string) => `the tweet ${tweet} can't be read, and this page has none of that name`,
  tweetsGiveWay: (yours: number, links: number) =>
    `changed and own tweets: ${plural(yours, changeForms)} of yours give way to ${plural(links, changeForms)} of the link's`,
});
