/** Age limit: tweets older than a number of hours are dropped. */
import { amountConstant } from './constants.ts';
import type { Heuristic } from './heuristic.ts';
import { shortNumber } from './heuristic.ts';

export const ageLimit: Heuristic = {
  id: 'age_limit',
  label: 'Age limit',
  meaning: 'Drops tweets older than the limit.',
  kind: 'select',
  constants: [amountConstant('max_hours', 'Oldest, in hours', 48, 336)],
  select(entries, { max_hours = 48 }) {
    const tooOld = entries.filter((entry) => entry.candidate.ageHours > max_hours);
    return {
      kept: entries.filter((entry) => entry.candidate.ageHours <= max_hours),
      dropped: tooOld.map((entry) => ({
        entry,
        reason: `Dropped: ${shortNumber(entry.candidate.ageHours)} h old, the limit is ${shortNumber(max_hours)} h.`,
      })),
      moved: [],
    };
  },
};
