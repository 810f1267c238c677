/** Breaking news: one event, fresh tweets with fast counts, rumours beside reports. */
import { authors as by } from './authors.ts';
import { image, newsLink, tweetWriter, video } from './scenario.ts';
import type { Scenario } from './scenario.ts';

const tweet = tweetWriter('breaking-news');
const trend = { 'recap.tweetfeature.has_trend': 1 };

export const breakingNews: Scenario = {
  id: 'breaking-news',
  label: 'Breaking news',
  about:
    'A storm has closed the valley bridge. Reports, rumours and jokes compete: watch what minutes of age and a news link do.',
  tweets: [
    tweet(
      by.courier,
      0.3,
      [4_100, 890, 3_700, 640, 610_000],
      'BREAKING: The Vale Bridge is closed in both directions after a crane broke loose in the storm. No one is reported hurt.',
      {
        network: false,
        media: newsLink('Vale Bridge closed as storm moves through the valley'),
        features: trend,
      },
    ),
    tweet(
      by.weather,
      0.1,
      [920, 140, 1_300, 90, 150_000],
      'Gusts of 112 km/h measured at the harbour in the last ten minutes. Stay off the embankment until at least 21:00. #ValeStorm',
      { media: image('A wind map with a red band over the harbour'), features: trend },
    ),
    tweet(
      by.dana,
      0.6,
      [510, 96, 330, 28, 47_000],
      'The sports hall on Mill Lane is open for anyone who cannot get home across the bridge. Tea, blankets and a socket for your phone. #ValeStorm',
      { features: trend },
    ),
    tweet(
      by.rant,
      0.5,
      [1_900, 1_240, 880, 410, 260_000],
      'THEY KNEW about the crane and said NOTHING!!! My cousin’s neighbour works there. WAKE UP',
      { network: false, features: { ...trend, 'recap.tweetfeature.is_offensive': 1 } },
    ),
    tweet(
      by.tram,
      0.2,
      [330, 71, 260, 19, 39_000],
      'Lines 3 and 7 end at Mill Lane for now. Buses take over from stop B. Yes, that stop B, by the bakery.',
      { features: trend },
    ),
    tweet(
      by.gus,
      0.4,
      [740, 33, 61, 7, 28_000],
      'The storm has returned the garden chair it took from me in 2019. I consider the matter settled.',
    ),
    tweet(
      by.harbour,
      1,
      [2_600, 410, 720, 130, 205_000],
      'Tonight’s match is postponed. Tickets stay valid. Please stay at home and dry, both ends of the ground.',
      { network: false, features: trend },
    ),
    tweet(
      by.lotte,
      0.9,
      [1_480, 120, 690, 75, 88_000],
      'Before you share the "bridge collapse" video: the tram in it was scrapped eleven years ago. It is old footage from another storm.',
      { media: image('Two stills side by side with the differences circled') },
    ),
    tweet(by.clip, 0.7, [12_200, 930, 4_800, 720, 1_900_000], 'Wait for the umbrella. #ValeStorm', {
      network: false,
      media: video('An umbrella overtakes a cyclist, then a van', 17, 1_420_000),
      features: trend,
    }),
    tweet(
      by.priya,
      1.5,
      [46, 18, 2, 0, 1_600],
      'Stuck on the wrong side of the bridge with a birthday cake for eight. Does anyone near Mill Lane like lemon?',
    ),
    tweet(
      by.courier,
      2.2,
      [1_700, 310, 1_050, 120, 290_000],
      'Storm warning raised to the highest level for the valley until midnight, the first time in six years.',
      { network: false, media: newsLink('Highest storm warning for the valley'), features: trend },
    ),
    tweet(
      by.mara,
      1.1,
      [2_050, 88, 140, 16, 64_000],
      'School is closed tomorrow. I have never been so popular, and all I did was forward an e-mail.',
    ),
  ],
};
