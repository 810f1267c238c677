/** Held-out rows of the person's own table as a RankedView: the same scores, weights and breakdown as of tweets. */
import { useDeferredValue, useMemo } from 'react';
import { placesOf, plainCandidate, rankedView } from '../../../src/ranking/ranked-view.ts';
import type { Rankable, RankedView } from '../../../src/ranking/ranked-view.ts';
import type { TableRows } from '../../../src/workers/protocol.ts';
import { useRanking } from '../../session/context.tsx';
import type { Snapshot } from '../../stores/ranking.ts';
import { useHeadWeights } from './use-ranked.tsx';

export interface RowItem extends Rankable {
  readonly index: number;
}

const NO_TASKS: readonly string[] = [];
const candidate = ({ key }: RowItem) => plainCandidate(key);

/** Null before the first predictions, 'diverged' where they are no probabilities any more. */
export function useRankedRows(rows: TableRows): RankedView<RowItem> | 'diverged' | null {
  const now = useDeferredValue(useRanking((state) => state.now));
  const untrained = useRanking((state) => state.untrained);
  const weights = useHeadWeights(now?.tasks ?? NO_TASKS);
  const items = useMemo(() => rows.rows.map((_, index): RowItem => ({ key: String(index), index })), [rows]);
  return useMemo(() => {
    if (!now) return null;
    const table = ({ tasks, probabilities }: Snapshot) => ({ tasks, values: probabilities });
    try {
      const before = untrained && placesOf(rankedView(items, candidate, table(untrained), weights, [], null));
      return rankedView(items, candidate, table(now), weights, [], before);
    } catch {
      return 'diverged';
    }
  }, [items, now, untrained, weights]);
}
