/** Every run that this browser keeps: how it stands, what it differs in, and what can be done with it. */
import { useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import { recipeDifferences } from '../../../src/runs/recipe.ts';
import type { RunEntry, StorageUse } from '../../../src/workers/runs-protocol.ts';
import { bytes, plural } from '../../format.ts';
import { Button } from '../../parts/Button.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { useSession } from '../../session/context.tsx';
import { differenceText } from '../../session/difference-text.ts';
import { RunRow } from './RunRow.tsx';
import styles from './RunsView.module.css';

export default function RunsView() {
  const { library } = useSession();
  const { runs, broken, storage, removed, problem, baseline, set } = useStore(library.store);
  useEffect(() => {
    void library.refresh();
  }, [library]);
  const room = roomOf(storage);
  const differences = useMemo(() => differencesOf(runs ?? [], baseline), [runs, baseline]);

  return (
    <div className={styles.view}>
      <Panel
        id="runs"
        title="Runs"
        note={runs && `${plural(runs.length, 'run')}, kept in this browser only`}
        tools={
          room && (
            <span className={styles.storage}>
              {bytes(room.used)} used, {bytes(room.left)} left
            </span>
          )
        }
      >
        {problem !== null && (
          <Notice
            tone="error"
            title="That did not work."
            actions={<Button onClick={() => void library.refresh()}>Try again</Button>}
            onClose={() => set({ problem: null })}
          >
            {problem}
          </Notice>
        )}
        {removed && (
          <Notice
            tone="info"
            title={`${removed.name} is deleted.`}
            actions={<Button onClick={() => void library.bringBack()}>Undo</Button>}
            onClose={() => set({ removed: null })}
          >
            It is gone for good when the page is opened next.
          </Notice>
        )}
        {runs?.length === 0 && (
          <p className={styles.empty}>
            Nothing is kept yet. A run is kept from its first step on: press Train, and it stands here with
            its curves, metrics and checkpoints.
          </p>
        )}
        {runs && runs.length > 0 && (
          <div className={styles.scroll}>
            <table className={styles.table} aria-label="Kept runs">
              <thead>
                <tr>
                  <th scope="col">Name</th>
                  <th scope="col">State</th>
                  <th scope="col" className={styles.number}>
                    Steps
                  </th>
                  <th scope="col" className={styles.number}>
                    Loss
                  </th>
                  <th scope="col">
                    {baseline === null ? 'Differs from its parent' : 'Differs from the baseline'}
                  </th>
                  <th scope="col" className={styles.number}>
                    Size
                  </th>
                  <th scope="col">
                    <span className={styles.hidden}>Actions</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {runs.map((entry) => (
                  <RunRow
                    key={entry.manifest.id}
                    entry={entry}
                    differences={differences.get(entry.manifest.id)}
                  />
                ))}
              </tbody>
            </table>
          </div>
        )}
        {broken.length > 0 && (
          <Notice tone="error" title={`${plural(broken.length, 'folder')} could not be read as a run.`}>
            {broken.map(({ id, problem: why }) => (
              <span key={id} className={styles.broken}>
                {id}: {why}
              </span>
            ))}
          </Notice>
        )}
      </Panel>
    </div>
  );
}

/** Bytes used and left, where the browser says. */
function roomOf(storage: StorageUse | null): { readonly used: number; readonly left: number } | null {
  const { used, quota } = storage ?? { used: null, quota: null };
  return used === null || quota === null ? null : { used, left: quota - used };
}

/** By run: in words, what differs from its parent or the baseline; null where that is not kept. */
function differencesOf(
  runs: readonly RunEntry[],
  baseline: string | null,
): ReadonlyMap<string, readonly string[] | null> {
  const byId = new Map(runs.map(({ manifest }) => [manifest.id, manifest]));
  return new Map(
    runs.map(({ manifest }) => {
      const other = byId.get(baseline ?? manifest.parent?.run ?? '');
      return [
        manifest.id,
        other ? recipeDifferences(other.recipe, manifest.recipe).map(differenceText) : null,
      ];
    }),
  );
}
