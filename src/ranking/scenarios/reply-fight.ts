/** A reply fight: one provocation, many replies, some heat; replies, offence and fatigue at work. */
import { authors as by } from './authors.ts';
import { image, tweetWriter } from './scenario.ts';
import type { Scenario } from './scenario.ts';

const tweet = tweetWriter('reply-fight');
const offensive = { 'recap.tweetfeature.is_offensive': 1 };

export const replyFight: Scenario = {
  id: 'reply-fight',
  label: 'Reply fight',
  about:
    'Zeno has declared that tea is soup. Many replies are predicted, and so is negative feedback: see how the two pull at one score.',
  tweets: [
    tweet(
      by.zeno,
      3,
      [1_150, 3_900, 420, 1_300, 690_000],
      'Tea is a soup. A thin one, made of leaves. I will be taking no questions.',
      { network: false },
    ),
    tweet(
      by.nonna,
      2.4,
      [8_700, 740, 610, 95, 310_000],
      '@zeno_disagrees Come to the van. Say it to the minestrone.',
      { reply: true },
    ),
    tweet(
      by.lotte,
      2.1,
      [1_020, 160, 130, 22, 54_000],
      '@zeno_disagrees Soup, from an old word for bread soaked in broth. Show me the bread, Zeno.',
      { reply: true, network: false },
    ),
    tweet(
      by.rant,
      2,
      [140, 510, 22, 61, 48_000],
      '@zeno_disagrees THIS IS WHAT IS WRONG WITH PEOPLE. You have NO manners and your kettle is a DISGRACE!!',
      { reply: true, network: false, fatigue: 9, features: offensive },
    ),
    tweet(
      by.zeno,
      1.8,
      [430, 1_150, 60, 240, 150_000],
      '@lotte_cites I dunk a biscuit. The biscuit is the bread. Good day.',
      { reply: true, network: false },
    ),
    tweet(
      by.lotte,
      1.7,
      [1_900, 88, 170, 30, 71_000],
      '@zeno_disagrees I hate that this has a source. Four of them, in fact.',
      { reply: true, network: false },
    ),
    tweet(
      by.gus,
      1.2,
      [620, 24, 35, 4, 19_000],
      'I asked for a soup at the tea house to settle it. I am no longer welcome at the tea house.',
    ),
    tweet(
      by.yuki,
      1,
      [33, 11, 2, 0, 820],
      '@nonna_on_wheels Where does miso stand in this? Asking for a bowl.',
      { reply: true },
    ),
    tweet(
      by.dad,
      0.8,
      [2_400, 190, 310, 41, 87_000],
      'If tea is soup, my morning is a starter, and I have been skipping straight to pudding for years.',
      { network: false, fatigue: 60 },
    ),
    tweet(
      by.mara,
      4.5,
      [770, 61, 48, 6, 23_000],
      '5B held a vote. Tea is soup: 3. Tea is not soup: 19. Tea is a drink for grown-ups who are sad: 5.',
      { media: image('A tally on a chalkboard, next to a drawn teapot with a frown') },
    ),
    tweet(
      by.zeno,
      26,
      [980, 2_700, 300, 720, 410_000],
      'Yesterday’s reminder that a towel is a wearable, reusable napkin. Argue with the wall.',
      { network: false },
    ),
  ],
};
