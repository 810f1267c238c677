/** Top-N cap: only the best tweets go on. */
import { amountConstant } from './constants.ts';
import type { Heuristic } from './heuristic.ts';
import { ordinal } from './heuristic.ts';

export const topN: Heuristic = {
  id: 'top_n',
  label: 'Top tweets',
  meaning: 'Keeps the best tweets and drops the rest.',
  kind: 'select',
  constants: [amountConstant('limit', 'Tweets kept', 120, 2_000)],
  select: (entries, { limit = 120 }) => ({
    kept: entries.slice(0, limit),
    dropped: entries.slice(limit).map((entry, offset) => ({
      entry,
      reason: `Dropped: ${ordinal(limit + offset + 1)} at this point, only the best ${limit} go on.`,
    })),
    moved: [],
  }),
};
