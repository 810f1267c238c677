/** A video feed: clips of every length; the video head and dwell at work. */
import { authors as by } from './authors.ts';
import { tweetWriter, video } from './scenario.ts';
import type { Scenario } from './scenario.ts';

const tweet = tweetWriter('video-feed');

export const videoFeed: Scenario = {
  id: 'video-feed',
  label: 'Video feed',
  about:
    'Nearly everything is a clip. The video head is the most probable of the ten and has the smallest weight: see how little it moves the order.',
  tweets: [
    tweet(by.clip, 2, [48_000, 1_300, 9_100, 1_050, 4_200_000], 'He practised this entrance. You can tell.', {
      network: false,
      media: video('A man slips on a stage, turns it into a bow', 12, 3_300_000),
    }),
    tweet(
      by.clip,
      8,
      [31_000, 720, 5_600, 610, 2_900_000],
      'The dog has understood the escalator. The escalator has not understood the dog.',
      { network: false, media: video('A terrier trots happily against an escalator', 21, 2_150_000) },
    ),
    tweet(
      by.stunts,
      5,
      [7_800, 410, 980, 120, 510_000],
      'Line of the season. First try. (Forty-first try.)',
      { network: false, media: video('A skateboarder grinds a long curved rail', 38, 402_000) },
    ),
    tweet(by.owl, 3.5, [22_100, 290, 3_100, 330, 830_000], 'Attempt two. With narration by the branch.', {
      network: false,
      media: video('An owlet lands on a branch, which sags in protest', 41, 611_000),
    }),
    tweet(
      by.nonna,
      6,
      [7_300, 380, 850, 90, 265_000],
      'Gnocchi: the whole thing, slowly, for those in the back who always skip ahead.',
      { media: video('Hands roll gnocchi over a fork', 612, 131_000) },
    ),
    tweet(
      by.odile,
      10,
      [1_700, 61, 240, 28, 72_000],
      'The inside-out teapot now pours. Nobody asked. Everybody watched.',
      { media: video('A rendered inside-out teapot pours light', 15, 40_500) },
    ),
    tweet(
      by.bo,
      1.5,
      [3_900, 870, 420, 140, 280_000],
      'The equaliser from the stand. Apologies for the sound, that is me, I had feelings.',
      { network: false, media: video('A shaky clip of a late goal and a very loud voice', 19, 196_000) },
    ),
    tweet(
      by.marten,
      18,
      [1_150, 45, 130, 12, 39_000],
      'Ten minutes of a river, nothing else. You have had a long week.',
      { media: video('A clear stream over stones, fixed camera', 604, 17_200) },
    ),
    tweet(
      by.tomasz,
      12,
      [96, 14, 5, 1, 3_900],
      'Screen recording: sorting a million rows in the browser. The fan noise is my own.',
      { media: video('A spreadsheet sorts itself', 27, 1_900) },
    ),
    tweet(
      by.celeste,
      30,
      [14_200, 820, 2_300, 410, 690_000],
      'The lighthouse song, one take, in the stairwell. The neighbour joins at 2:10 without being asked.',
      { network: false, media: video('A singer with a small guitar in a stairwell', 197, 455_000) },
    ),
    tweet(
      by.ines,
      15,
      [4_600, 130, 780, 72, 176_000],
      'Jupiter turning: nine hours of photographs in nine seconds.',
      { media: video('A striped planet rotates once', 9, 120_000) },
    ),
    tweet(
      by.lumi,
      2.8,
      [140, 22, 3, 0, 3_300],
      'No video, only a sentence: I ran up the hill that you all said was not that steep. It is that steep.',
    ),
  ],
};
