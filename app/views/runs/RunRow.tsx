/** One kept run in the list. */
import { useState } from 'react';
import { useStore } from 'zustand';
import type { RunEntry } from '../../../src/workers/runs-protocol.ts';
import { bytes, count, plural } from '../../format.ts';
import { Button } from '../../parts/Button.tsx';
import { focusOnce } from '../../parts/focus-once.ts';
import { useRun, useSession } from '../../session/context.tsx';
import { statusText } from '../../panels/training/status-text.ts';
import { goTo } from '../use-view.ts';
import styles from './RunsView.module.css';

const SHOWN = 4;

const when = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

export function RunRow({
  entry: { manifest, status, bytes: size, checkpoints },
  differences,
}: {
  readonly entry: RunEntry;
  readonly differences: readonly string[] | null | undefined;
}) {
  const session = useSession();
  const { library } = session;
  const isOpen = useRun((state) => state.manifest?.id === manifest.id);
  const baseline = useStore(library.store, (state) => state.baseline);
  const [name, setName] = useState<string | null>(null);
  const save = (): void => {
    if (name !== null && name.trim() !== '' && name !== manifest.name) {
      void library.label(manifest, name.trim(), manifest.note);
    }
    setName(null);
  };
  return (
    <tr className={isOpen ? styles.open : undefined}>
      <th scope="row" className={styles.name}>
        {name === null ? (
          <span>{manifest.name}</span>
        ) : (
          <input
            className={styles.input}
            aria-label={`New name of ${manifest.name}`}
            value={name}
            maxLength={200}
            ref={focusOnce}
            onChange={(event) => setName(event.target.value)}
            onBlur={save}
            onKeyDown={(event) => {
              if (event.key === 'Enter') save();
              if (event.key === 'Escape') setName(null);
            }}
          />
        )}
        <span className={styles.when}>{when.format(new Date(manifest.times.created))}</span>
      </th>
      <td>{isOpen ? 'Open here' : statusText({ ...status, manifest, unbuilt: null })}</td>
      <td className={styles.number}>{count(status.step)}</td>
      <td className={styles.number}>{status.loss === null ? '–' : status.loss.toFixed(4)}</td>
      <td className={styles.differences}>
        {differences === null || differences === undefined
          ? '–'
          : differences.length === 0
            ? 'nothing'
            : differences.slice(0, SHOWN).map((text) => <span key={text}>{text}</span>)}
        {differences && differences.length > SHOWN && (
          <span>and {plural(differences.length - SHOWN, 'more')}</span>
        )}
      </td>
      <td className={styles.number}>
        {bytes(size)}
        {checkpoints.length > 0 && (
          <span className={styles.when}>
            {plural(checkpoints.length, 'checkpoint')},{' '}
            {bytes(checkpoints.reduce((sum, kept) => sum + kept.bytes, 0))}
          </span>
        )}
      </td>
      <td className={styles.actions}>
        <Button
          disabled={isOpen}
          aria-label={`Open ${manifest.name}`}
          onClick={() => {
            goTo('train');
            void session.open(manifest.id);
          }}
        >
          Open
        </Button>
        <Button
          look="quiet"
          disabled={isOpen}
          aria-label={`Rename ${manifest.name}`}
          onClick={() => setName(manifest.name)}
        >
          Rename
        </Button>
        <Button
          look="quiet"
          aria-label={`Compare with ${manifest.name}`}
          aria-pressed={baseline === manifest.id}
          onClick={() =>
            library.store.getState().set({ baseline: baseline === manifest.id ? null : manifest.id })
          }
        >
          Baseline
        </Button>
        <Button
          look="quiet"
          disabled={isOpen}
          aria-label={`Delete ${manifest.name}`}
          onClick={() => void library.remove(manifest)}
        >
          Delete
        </Button>
      </td>
    </tr>
  );
}
