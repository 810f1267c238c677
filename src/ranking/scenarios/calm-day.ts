/** A calm day: a bit of everything, half of it from accounts the viewer follows. */
import { authors as by } from './authors.ts';
import { image, link, tweetWriter, video } from './scenario.ts';
import type { Scenario } from './scenario.ts';

const tweet = tweetWriter('calm-day');

export const calmDay: Scenario = {
  id: 'calm-day',
  label: 'A calm day',
  about: 'A bit of everything. Nothing is urgent, so closeness to the author decides more than numbers do.',
  tweets: [
    tweet(
      by.gus,
      0.4,
      [38, 6, 1, 0, 900],
      'I have reorganised the cutlery drawer. I live alone. I now fear the person who did it.',
    ),
    tweet(
      by.odile,
      2.5,
      [1_240, 48, 160, 22, 61_000],
      'Spent three days on a rendering bug. It was a minus sign. The minus sign has been spoken to.',
      { media: image('A rendered teapot that is inside out') },
    ),
    tweet(
      by.lumi,
      5,
      [212, 31, 4, 1, 5_400],
      'Longest run of the year: 14 km, two wrong turns, one very judgemental heron.',
      { media: image('A heron on a jetty, looking away') },
    ),
    tweet(
      by.owl,
      1.2,
      [18_400, 320, 2_900, 410, 702_000],
      'The middle owlet tried the branch today. The branch won. Attempt two tomorrow at dusk.',
      { media: video('A fluffy owlet sliding off a branch in slow motion', 24, 512_000), network: false },
    ),
    tweet(
      by.ines,
      7,
      [2_980, 112, 540, 61, 140_000],
      'If you are awake before dawn this week: two planets, one thin moon, no equipment needed. Look low in the east.',
      { network: false, media: image('A crescent moon between two bright points above rooftops') },
    ),
    tweet(
      by.yuki,
      3.3,
      [19, 9, 0, 0, 340],
      'Does anyone know why my miso soup tastes like an apology? Recipe questions welcome.',
    ),
    tweet(
      by.paperback,
      11,
      [430, 74, 52, 18, 16_000],
      'Name a book you finished only out of spite. I will start: 900 pages, a whale in none of them.',
    ),
    tweet(
      by.tram,
      0.2,
      [64, 22, 15, 3, 8_100],
      'Line 7 is running every nine minutes again. The duck has left the junction of its own accord.',
      { network: false },
    ),
    tweet(
      by.tomasz,
      9,
      [87, 13, 6, 2, 4_200],
      'Released version 0.4 of my tiny spreadsheet. It has cells now. Feedback very welcome!',
      { media: link('Gridling 0.4: a spreadsheet in 300 lines') },
    ),
    tweet(
      by.bea,
      14,
      [390, 27, 33, 4, 9_800],
      'Checked the hives: calm, heavy, humming in what I choose to believe is B flat.',
      { media: image('A frame of honeycomb held up against the sun') },
    ),
    tweet(
      by.celeste,
      20,
      [9_100, 610, 1_150, 260, 480_000],
      'New song is finished. It is about a lighthouse and, to nobody’s surprise, also about my brother.',
      { network: false },
    ),
    tweet(
      by.priya,
      6,
      [57, 12, 3, 1, 1_900],
      'Found my keys in the fridge, which explains where the butter is: in my coat.',
    ),
    tweet(
      by.mara,
      4,
      [3_300, 140, 420, 55, 118_000],
      'A pupil asked whether the past is heavier than the future because more things are in it. It is 9 am.',
      { retweet: true },
    ),
    tweet(
      by.marten,
      26,
      [760, 40, 66, 9, 31_000],
      'Four hours in the rain for this one frame of a kingfisher. Worth it. My boots disagree.',
      { media: image('A kingfisher the instant it touches the water') },
    ),
  ],
};
