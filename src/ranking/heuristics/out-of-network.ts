/** Out-of-network factor: tweets by accounts the viewer does not follow are scaled down. */
import { factorConstant, flagConstant } from './constants.ts';
import type { Heuristic } from './heuristic.ts';
import { shortNumber } from './heuristic.ts';

export const outOfNetwork: Heuristic = {
  id: 'out_of_network',
  label: 'Out-of-network factor',
  meaning: 'Scales tweets by accounts that the viewer does not follow.',
  kind: 'scale',
  constants: [
    factorConstant('factor', 'Factor', 0.75),
    flagConstant('spare_retweets', 'Leave retweets alone', 0),
  ],
  scale: (entries, { factor = 1, spare_retweets = 0 }) =>
    entries.map(({ candidate }) =>
      candidate.inNetwork || (spare_retweets !== 0 && candidate.isRetweet)
        ? null
        : { factor, reason: `Out of network: score × ${shortNumber(factor)}.` },
    ),
};
