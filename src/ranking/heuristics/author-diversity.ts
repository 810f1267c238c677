/**
 * Author diversity: an author's k-th best tweet (k from 0) is scaled by (1 − floor)·decay^k + floor, so the first is
 * left alone and no tweet falls below the floor.
 */
import { factorConstant, flagConstant } from './constants.ts';
import type { Entry, Heuristic } from './heuristic.ts';
import { ordinal, shortNumber } from './heuristic.ts';

const unit = { max: 1, step: 0.05 };

export const authorDiversity: Heuristic = {
  id: 'author_diversity',
  label: 'Author diversity',
  meaning: "Scales down an author's second, third and further tweets.",
  kind: 'scale',
  constants: [
    { ...factorConstant('decay', 'Decay', 0.5), ...unit },
    { ...factorConstant('floor', 'Floor', 0.25), ...unit },
    flagConstant('rank_by_unscaled', "Order an author's tweets by the score before other factors", 0),
  ],
  scale(entries, { decay = 0.5, floor = 0.25, rank_by_unscaled = 0 }) {
    const key = (entry: Entry) => (rank_by_unscaled !== 0 ? entry.baseScore : entry.score);
    const order = entries
      .map((entry, position) => ({ entry, position }))
      .toSorted((a, b) => key(b.entry) - key(a.entry) || a.entry.index - b.entry.index);
    const seen = new Map<string, number>();
    const scalings = entries.map((): { factor: number; reason: string } | null => null);
    for (const { entry, position } of order) {
      const k = seen.get(entry.candidate.authorId) ?? 0;
      seen.set(entry.candidate.authorId, k + 1);
      if (k === 0) continue;
      const factor = (1 - floor) * decay ** k + floor;
      scalings[position] = {
        factor,
        reason: `${ordinal(k + 1)} tweet by this author: score × ${shortNumber(factor)}.`,
      };
    }
    return scalings;
  },
};
