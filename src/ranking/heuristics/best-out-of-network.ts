/** Best out-of-network tweet per author: of an author the viewer does not follow only the best tweet stays. */
import type { Dropped, Entry, Heuristic } from './heuristic.ts';

export const bestOutOfNetworkPerAuthor: Heuristic = {
  id: 'best_out_of_network_per_author',
  label: 'Best out-of-network tweet per author',
  meaning: 'Of an author the viewer does not follow only the best tweet stays.',
  kind: 'select',
  constants: [],
  select(entries) {
    const best = new Map<string, Entry>();
    for (const entry of entries) {
      const { inNetwork, authorId } = entry.candidate;
      const rival = best.get(authorId);
      if (!inNetwork && (!rival || entry.score > rival.score)) best.set(authorId, entry);
    }
    const kept: Entry[] = [];
    const dropped: Dropped[] = [];
    for (const entry of entries) {
      if (entry.candidate.inNetwork || best.get(entry.candidate.authorId) === entry) kept.push(entry);
      else
        dropped.push({
          entry,
          reason: 'Dropped: this author is out of network, and a tweet of theirs with a better score stays.',
        });
    }
    return { kept, dropped, moved: [] };
  },
};
