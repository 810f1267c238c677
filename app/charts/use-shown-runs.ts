/** The runs in every chart: the current one, then those chosen beside it. */
import { useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { useRun, useSession } from '../session/context.tsx';
import { shownRuns } from '../stores/compared-runs.ts';
import type { ShownRun } from '../stores/compared-runs.ts';
import { loadReaders, readersNow } from '../stores/reading.ts';
import { changeOf } from '../session/run-changes.ts';

export function useShownRuns(): readonly ShownRun[] {
  const { comparison } = useSession();
  const manifest = useRun((state) => state.manifest);
  const series = useRun((state) => state.series);
  const evaluations = useRun((state) => state.evaluations);
  const runs = useStore(comparison.store, (state) => state.runs);
  const ready = useReaders(runs.length > 0);
  return useMemo(
    () =>
      shownRuns(
        manifest && series ? { manifest, series, evaluations } : null,
        { runs },
        ready ? changeOf : undefined,
      ),
    [manifest, series, evaluations, runs, ready],
  );
}

/** Whether what reads configurations is here; loads it once it is wanted. */
function useReaders(wanted: boolean): boolean {
  const [ready, setReady] = useState(readersNow() !== null);
  useEffect(() => {
    if (!wanted || ready) return;
    // Without them the charts are whole but for these words.
    void loadReaders().then(
      () => setReady(true),
      () => {},
    );
  }, [wanted, ready]);
  return ready;
}
