/** All heuristics by id. A new one is a file and a line here. */
import { ageLimit } from './age.ts';
import { authorDiversity } from './author-diversity.ts';
import { bestOutOfNetworkPerAuthor } from './best-out-of-network.ts';
import { creator } from './creator.ts';
import { feedbackFatigue } from './feedback-fatigue.ts';
import type { Heuristic } from './heuristic.ts';
import { maxConsecutiveOutOfNetwork } from './max-consecutive-out-of-network.ts';
import { networkCaps } from './network-caps.ts';
import { outOfNetwork } from './out-of-network.ts';
import { reply } from './reply.ts';
import { topN } from './top-n.ts';
import { verified } from './verified.ts';

export const heuristics: readonly Heuristic[] = [
  outOfNetwork,
  reply,
  verified,
  creator,
  authorDiversity,
  feedbackFatigue,
  ageLimit,
  topN,
  networkCaps,
  bestOutOfNetworkPerAuthor,
  maxConsecutiveOutOfNetwork,
];

const byId = new Map(heuristics.map((heuristic) => [heuristic.id, heuristic]));

/**
 * The heuristic of that id.
 * @throws RangeError naming the known ids when there is none.
 */
export function heuristicById(id: string): Heuristic {
  const heuristic = byId.get(id);
  if (!heuristic) {
    throw new RangeError(`There is no heuristic "${id}"; there are ${[...byId.keys()].join(', ')}.`);
  }
  return heuristic;
}
