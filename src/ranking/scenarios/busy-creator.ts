/** A creator with many posts: author diversity and best-of-author at work. */
import { authors as by } from './authors.ts';
import { image, link, tweetWriter, video } from './scenario.ts';
import type { Scenario } from './scenario.ts';

const tweet = tweetWriter('busy-creator');

export const busyCreator: Scenario = {
  id: 'busy-creator',
  label: 'Creator with many posts',
  about:
    'Ersilia posts all day and every post is liked. By score alone she owns the page: switch author diversity on and off, and see what best-of-author does to Petra, whom the viewer does not follow.',
  tweets: [
    tweet(
      by.nonna,
      0.5,
      [6_900, 410, 730, 88, 240_000],
      'One pan, four tomatoes, no discussion. Lunch in eleven minutes.',
      { media: video('A hand crushes tomatoes straight into a hot pan', 58, 181_000) },
    ),
    tweet(
      by.nonna,
      1.4,
      [3_800, 620, 240, 51, 160_000],
      'You asked whether you may break the spaghetti. You may also leave my kitchen.',
    ),
    tweet(
      by.nonna,
      3,
      [5_100, 290, 410, 40, 190_000],
      'Today’s parking spot for the van: Mill Lane, by the school. Focaccia until it is gone.',
      { media: image('A small green van with its hatch open') },
    ),
    tweet(
      by.nonna,
      5.5,
      [2_200, 180, 160, 19, 97_000],
      'Secret of the crust? Patience, and an oven that is far too hot for your landlord.',
    ),
    tweet(
      by.nonna,
      9,
      [4_400, 350, 520, 62, 171_000],
      'My granddaughter filmed me arguing with a courgette. I stand by every word.',
      { media: video('An elderly woman points at a courgette and shakes her head', 33, 140_000) },
    ),
    tweet(
      by.petra,
      2,
      [3_600, 210, 580, 74, 130_000],
      'Thread: everything I got wrong about caches in ten years, in order of expense.',
      { network: false },
    ),
    tweet(
      by.petra,
      2.6,
      [2_700, 95, 330, 31, 92_000],
      'Part two of the cache thread, in which we meet the second hardest problem and it is also naming.',
      { network: false },
    ),
    tweet(
      by.petra,
      12,
      [1_900, 140, 210, 25, 71_000],
      'The talk is online: 40 minutes, no slides, one whiteboard that squeaks.',
      { network: false, media: video('A speaker draws boxes on a whiteboard', 2_430, 38_000) },
    ),
    tweet(
      by.sourdough,
      4,
      [310, 44, 28, 6, 11_000],
      'Crumb of the week: reader Anselm’s rye. Open, even, faintly smug. 8/10.',
      { media: image('A cut loaf of rye bread on a checked cloth') },
    ),
    tweet(
      by.yuki,
      6,
      [27, 5, 1, 0, 610],
      'Update on the apologetic miso: it was the tap water. The soup now says sorry to no one.',
    ),
    tweet(
      by.tomasz,
      7.5,
      [140, 26, 11, 3, 6_800],
      'Someone opened a bug report titled "the cells are too cellular". I think about it a lot.',
    ),
    tweet(
      by.wim,
      16,
      [880, 52, 97, 12, 29_000],
      'Inked the last page of chapter three. Eleven months, one bottle of black, two of tea.',
      { media: image('A comic page with a fox on a night train') },
    ),
    tweet(
      by.paperback,
      22,
      [260, 33, 41, 9, 12_400],
      'A long read about people who repair accordions. Bring a sandwich.',
      { media: link('The last bellows makers of the upper valley') },
    ),
  ],
};
