/**
 * Feedback fatigue: after "see less" on an author, that author's tweets are dropped for some days, then come back
 * scaled by floor + step·(days − start)/step_days until the factor reaches 1.
 */
import { amountConstant, factorConstant } from './constants.ts';
import type { Heuristic } from './heuristic.ts';
import { shortNumber } from './heuristic.ts';

export const feedbackFatigue: Heuristic = {
  id: 'feedback_fatigue',
  label: 'Feedback fatigue',
  meaning: 'Drops, then scales down, authors on whom the viewer gave negative feedback.',
  kind: 'scale',
  constants: [
    amountConstant('drop_before_days', 'Dropped before day', 14, 365),
    amountConstant('start_days', 'Scaling starts from day', 14, 365),
    { ...factorConstant('floor', 'Factor at the start', 0.2), max: 1 },
    { ...factorConstant('step', 'Recovery per period', 0.2), max: 1 },
    { ...amountConstant('step_days', 'Days per period', 35, 365), min: 1 },
  ],
  drops: (entries, { drop_before_days = 0 }) =>
    entries.flatMap((entry) => {
      const days = entry.candidate.feedbackFatigueDays;
      if (days === null || days >= drop_before_days) return [];
      return [
        {
          entry,
          reason: `Dropped: the viewer gave negative feedback on this author ${daysAgo(days)}, less than ${drop_before_days} days.`,
        },
      ];
    }),
  scale: (entries, { start_days = 14, floor = 0.2, step = 0.2, step_days = 35 }) =>
    entries.map(({ candidate }) => {
      const days = candidate.feedbackFatigueDays;
      if (days === null) return null;
      const recovered = (step * Math.max(0, days - start_days)) / Math.max(1, step_days);
      const factor = Math.min(1, floor + recovered);
      if (factor === 1) return null;
      return {
        factor,
        reason: `The viewer gave negative feedback on this author ${daysAgo(days)}: score × ${shortNumber(factor)}.`,
      };
    }),
};

function daysAgo(days: number): string {
  if (days < 1) return 'today';
  return days === 1 ? '1 day ago' : `${shortNumber(days)} days ago`;
}
