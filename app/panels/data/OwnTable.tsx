/** The person's own table: choosing it, what is trained on and held out, predictions of the rows of another one. Loaded when first needed. */
import { lazy, Suspense, useRef, useState } from 'react';
import { bytes, count, plural } from '../../format.ts';
import { Button } from '../../parts/Button.tsx';
import Dialog from '../../parts/Dialog.tsx';
import { FileButton } from '../../parts/FileButton.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { saveFile } from '../../parts/save-file.ts';
import { useData, useRun, useSession } from '../../session/context.tsx';
import styles from './DataPanel.module.css';

const TableDialog = lazy(() => import('./TableDialog.tsx'));

interface OwnTableProps {
  /** The table whose dialog is open. */
  readonly shown: File | null;
  readonly onShow: (file: File | null) => void;
  readonly onFile: (file: File) => void;
}

/** The table in use, where one is the source, and the dialog of the one that is looked at. */
export default function OwnTable({ shown, onShow, onFile }: OwnTableProps) {
  const isSource = useData((state) => state.kind === 'table');
  return (
    <>
      {isSource && <TableInUse onFile={onFile} onColumns={onShow} />}
      {shown && <TableFileDialog file={shown} onClose={() => onShow(null)} />}
    </>
  );
}

interface TableInUseProps {
  readonly onFile: (file: File) => void;
  /** Opens the dialog for the table that is used. */
  readonly onColumns: (file: File) => void;
}

function TableInUse({ onFile, onColumns }: TableInUseProps) {
  const table = useData((state) => state.table);
  const file = useData((state) => state.tableFile);
  return (
    <div className={styles.files}>
      <FileButton label="Choose table" title="Choose a table" look="normal" icon="upload" onFile={onFile} />
      <span>
        {table === null
          ? 'or drop a CSV or Parquet file here'
          : file === null
            ? `${table.name} (${bytes(table.size)}) is not at hand: choose it, browsers keep no access to files`
            : `${table.name}, ${bytes(table.size)}`}
      </span>
      {table && file && (
        <Button look="quiet" onClick={() => onColumns(file)}>
          Columns
        </Button>
      )}
      {table?.counts && (
        <span className={styles.heldOut}>
          {count(table.counts.train)} rows to train on, {count(table.counts.heldOut)} held out for evaluation
          {table.counts.dropped > 0 && `, ${count(table.counts.dropped)} left out for missing values`}.
        </span>
      )}
      <PredictTable />
    </div>
  );
}

/** A file in, a file of probabilities out, by the run there is. */
function PredictTable() {
  const session = useSession();
  const ready = useRun((state) => state.manifest?.recipe.data.kind === 'table' && state.info !== null);
  const asked = useRef<AbortController | null>(null);
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState<{ readonly tone: 'info' | 'warning'; readonly text: string } | null>(null);
  if (!ready) return null;
  const predict = (file: File): void => {
    const controller = new AbortController();
    asked.current = controller;
    setBusy(true);
    setSaid(null);
    session
      .tables()
      .then((tables) => tables.predict(file, controller.signal))
      .then(
        ({ blob, rows, empty, notes }) => {
          saveFile(blob, `${file.name.replace(/(?:\.[A-Za-z0-9]+)+$/, '')}-predictions.csv`);
          const gaps = empty > 0 ? `, ${count(empty)} left empty for a missing value` : '';
          setSaid({ tone: 'info', text: [`${plural(rows, 'row')} predicted${gaps}.`, ...notes].join(' ') });
        },
        (error: unknown) => {
          if (controller.signal.aborted) return;
          setSaid({ tone: 'warning', text: error instanceof Error ? error.message : String(error) });
        },
      )
      .finally(() => setBusy(false));
  };
  return (
    <>
      {busy ? (
        <Button
          look="quiet"
          onClick={() => asked.current?.abort(new DOMException('Cancelled.', 'AbortError'))}
        >
          Cancel predicting
        </Button>
      ) : (
        <FileButton
          label="Predict a table"
          title="Choose a table to predict: its rows come back with a probability for each head"
          onFile={predict}
        />
      )}
      {said && <Notice tone={said.tone}>{said.text}</Notice>}
    </>
  );
}

function TableFileDialog({ file, onClose }: { readonly file: File; readonly onClose: () => void }) {
  const known = useData((state) => (state.tableFile === file ? state.table : null));
  return (
    <Dialog wide open title="Own table" onOpenChange={(open) => open || onClose()}>
      <Suspense fallback={<p className={styles.loading}>Loading…</p>}>
        <TableDialog file={file} known={known?.columns ?? null} onDone={onClose} />
      </Suspense>
    </Dialog>
  );
}
