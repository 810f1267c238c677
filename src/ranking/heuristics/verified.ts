/** Verified factor: tweets by verified authors are scaled up. */
import { authorBoost } from './author-boost.ts';

export const verified = authorBoost({
  id: 'verified',
  label: 'Verified author',
  meaning: 'Scales tweets by verified authors, more in network than out of it.',
  who: 'Verified author',
  inNetwork: 4,
  outOfNetwork: 2,
  applies: (candidate) => candidate.verified,
});
