/** Caps by network: so many in-network and so many out-of-network tweets go on. */
import { amountConstant } from './constants.ts';
import type { Dropped, Entry, Heuristic } from './heuristic.ts';
import { ordinal } from './heuristic.ts';

export const networkCaps: Heuristic = {
  id: 'network_caps',
  label: 'Caps by network',
  meaning: 'Keeps so many of the best in-network and so many of the best out-of-network tweets.',
  kind: 'select',
  constants: [
    amountConstant('in_network', 'In-network tweets kept', 60, 2_000),
    amountConstant('out_of_network', 'Out-of-network tweets kept', 60, 2_000),
  ],
  select(entries, { in_network = 60, out_of_network = 60 }) {
    const kept: Entry[] = [];
    const dropped: Dropped[] = [];
    const counts = { in: 0, out: 0 };
    for (const entry of entries) {
      const inside = entry.candidate.inNetwork;
      const limit = inside ? in_network : out_of_network;
      const nth = inside ? ++counts.in : ++counts.out;
      if (nth <= limit) kept.push(entry);
      else {
        const place = inside ? 'in-network' : 'out-of-network';
        dropped.push({
          entry,
          reason: `Dropped: ${ordinal(nth)} of the ${place} tweets, only ${limit} go on.`,
        });
      }
    }
    return { kept, dropped, moved: [] };
  },
};
