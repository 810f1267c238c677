/** The shape that verified and creator boosts share: one factor in network, another out of it. */
import { factorConstant, flagConstant } from './constants.ts';
import type { Candidate, Heuristic } from './heuristic.ts';
import { shortNumber } from './heuristic.ts';

/** A boost for tweets whose author `applies` to; `who` opens the reason, e.g. 'Verified author'. */
export function authorBoost(options: {
  readonly id: string;
  readonly label: string;
  readonly meaning: string;
  readonly who: string;
  readonly inNetwork: number;
  readonly outOfNetwork: number;
  readonly applies: (candidate: Candidate) => boolean;
}): Heuristic {
  return {
    id: options.id,
    label: options.label,
    meaning: options.meaning,
    kind: 'scale',
    constants: [
      factorConstant('in_network', 'In network', options.inNetwork),
      factorConstant('out_of_network', 'Out of network', options.outOfNetwork),
      flagConstant('original_only', 'Original tweets only', 0),
    ],
    scale: (entries, { in_network = 1, out_of_network = 1, original_only = 0 }) =>
      entries.map(({ candidate }) => {
        const original = !candidate.isReply && !candidate.isRetweet;
        if (!options.applies(candidate) || (original_only !== 0 && !original)) return null;
        const factor = candidate.inNetwork ? in_network : out_of_network;
        const place = candidate.inNetwork ? 'in network' : 'out of network';
        return { factor, reason: `${options.who}, ${place}: score × ${shortNumber(factor)}.` };
      }),
  };
}
