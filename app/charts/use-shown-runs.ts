/** The runs in every chart: the current one, then those chosen beside it. */
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { useRun, useSession } from '../session/context.tsx';
import { shownRuns } from '../stores/compared-runs.ts';
import type { ShownRun } from '../stores/compared-runs.ts';

export function useShownRuns(): readonly ShownRun[] {
  const { comparison } = useSession();
  const manifest = useRun((state) => state.manifest);
  const series = useRun((state) => state.series);
  const evaluations = useRun((state) => state.evaluations);
  const runs = useStore(comparison.store, (state) => state.runs);
  return useMemo(
    () => shownRuns(manifest && series ? { manifest, series, evaluations } : null, { runs }),
    [manifest, series, evaluations, runs],
  );
}
