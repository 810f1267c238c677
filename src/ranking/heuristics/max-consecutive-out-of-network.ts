/**
 * Maximum of consecutive out-of-network tweets: where more would follow each other, the next in-network tweet comes
 * first. What is left over when no in-network tweet remains is dropped, unless `keep_trailing` keeps it at the end.
 */
import { amountConstant, flagConstant } from './constants.ts';
import type { Entry, Heuristic, Moved } from './heuristic.ts';

export const maxConsecutiveOutOfNetwork: Heuristic = {
  id: 'max_consecutive_out_of_network',
  label: 'Max consecutive out of network',
  meaning: 'Puts in-network tweets between longer runs of out-of-network tweets.',
  kind: 'select',
  constants: [
    { ...amountConstant('limit', 'At most in a row', 2, 20), min: 1 },
    flagConstant('keep_trailing', 'Keep a longer run at the end', 0),
  ],
  select(entries, { limit = 2, keep_trailing = 0 }) {
    const inNetwork = entries.filter((entry) => entry.candidate.inNetwork);
    const placed = new Set<Entry>();
    const leftOver: Entry[] = [];
    let nextInNetwork = 0;
    let run = 0;
    const placeInNetwork = () => {
      placed.add(inNetwork[nextInNetwork++]!);
      run = 0;
    };
    for (const entry of entries) {
      if (entry.candidate.inNetwork) {
        if (!placed.has(entry)) placeInNetwork();
        continue;
      }
      if (run >= limit && nextInNetwork < inNetwork.length) placeInNetwork();
      if (run < limit || keep_trailing !== 0) {
        placed.add(entry);
        run++;
      } else leftOver.push(entry);
    }
    const kept = [...placed];
    const dropped = leftOver.map((entry) => ({
      entry,
      reason: `Dropped: it would be more than ${limit} out-of-network tweets in a row, and no in-network tweet is left to put between.`,
    }));
    return { kept, dropped, moved: movedEntries(entries, kept, limit) };
  },
};

/** What was left over stood last, so positions before and after compare directly. */
function movedEntries(before: readonly Entry[], kept: readonly Entry[], limit: number): Moved[] {
  const old = new Map(before.map((entry, position) => [entry, position]));
  return kept.flatMap((entry, position): Moved[] => {
    const from = old.get(entry)!;
    if (from === position) return [];
    const way = `from ${from + 1} to ${position + 1}`;
    const reason = entry.candidate.inNetwork
      ? `Moved up ${way}: it breaks a run of more than ${limit} out-of-network tweets.`
      : `Moved down ${way}: at most ${limit} out-of-network tweets stand in a row.`;
    return [{ entry, reason }];
  });
}
