/** Reply factor: replies are scaled down against tweets that open a conversation. */
import { factorConstant } from './constants.ts';
import type { Heuristic } from './heuristic.ts';
import { shortNumber } from './heuristic.ts';

export const reply: Heuristic = {
  id: 'reply',
  label: 'Reply factor',
  meaning: 'Scales replies against tweets that start a conversation.',
  kind: 'scale',
  constants: [factorConstant('factor', 'Factor', 0.75)],
  scale: (entries, { factor = 1 }) =>
    entries.map(({ candidate }) =>
      candidate.isReply ? { factor, reason: `A reply: score × ${shortNumber(factor)}.` } : null,
    ),
};
