/** Creator factor: tweets by accounts in the creator programme are scaled up. */
import { authorBoost } from './author-boost.ts';

export const creator = authorBoost({
  id: 'creator',
  label: 'Creator',
  meaning: 'Scales tweets by creators, more out of network than in it.',
  who: 'Creator',
  inNetwork: 1.1,
  outOfNetwork: 1.3,
  applies: (candidate) => candidate.creator,
});
