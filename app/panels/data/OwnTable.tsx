/** The person's own table: choosing it, what is trained on and held out, predictions of the rows of another one. Loaded when first needed. */
import { ActionButton } from '../../actions/ActionButton.tsx';
import { columnsAction } from '../../actions/data-edit-actions.ts';
import { lazy, Suspense, useRef, useState } from 'react';
import { predictTable } from '../../actions/export-actions.ts';
import { bytes, count } from '../../format.ts';
import { Button } from '../../parts/Button.tsx';
import Dialog from '../../parts/Dialog.tsx';
import { FileButton } from '../../parts/FileButton.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { useData, useRun, useSession } from '../../session/context.tsx';
import { ownTableTexts } from '../../texts/data.ts';
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
  const { page } = useSession();
  const close = (): void => {
    onShow(null);
    // That its columns are to be chosen is said no longer.
    const { said, say } = page.getState();
    if (said?.tone === 'info' && said.title === shown?.name) say(null);
  };
  return (
    <>
      {isSource && <TableInUse onFile={onFile} />}
      {shown && <TableFileDialog file={shown} onClose={close} />}
    </>
  );
}

interface TableInUseProps {
  readonly onFile: (file: File) => void;
}

function TableInUse({ onFile }: TableInUseProps) {
  const table = useData((state) => state.table);
  const file = useData((state) => state.tableFile);
  return (
    <div className={styles.files}>
      <FileButton
        label={ownTableTexts.choose}
        title={ownTableTexts.chooseHint}
        look="normal"
        icon="upload"
        onFile={onFile}
      />
      <span>
        {table === null
          ? ownTableTexts.dropHere
          : file === null
            ? ownTableTexts.notAtHand(table.name, bytes(table.size))
            : ownTableTexts.file(table.name, bytes(table.size))}
      </span>
      {table && file && (
        <ActionButton action={columnsAction} look="quiet">
          {ownTableTexts.columns}
        </ActionButton>
      )}
      {table?.counts && <span className={styles.heldOut}>{countsText(table.counts)}</span>}
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
    predictTable(session, file, controller.signal)
      .then(
        (text) => setSaid({ tone: 'info', text }),
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
          onClick={() => asked.current?.abort(new DOMException(ownTableTexts.cancelPredicting, 'AbortError'))}
        >
          {ownTableTexts.cancelPredicting}
        </Button>
      ) : (
        <FileButton label={ownTableTexts.predict} title={ownTableTexts.predictHint} onFile={predict} />
      )}
      {said && <Notice tone={said.tone}>{said.text}</Notice>}
    </>
  );
}

function TableFileDialog({ file, onClose }: { readonly file: File; readonly onClose: () => void }) {
  const known = useData((state) => (state.tableFile === file ? state.table : null));
  return (
    <Dialog wide open title={ownTableTexts.title} onOpenChange={(open) => open || onClose()}>
      <Suspense fallback={<p className={styles.loading}>{ownTableTexts.loading}</p>}>
        <TableDialog file={file} known={known?.columns ?? null} onDone={onClose} />
      </Suspense>
    </Dialog>
  );
}

/** @param counts rows by what they are for */
function countsText(counts: { readonly train: number; readonly heldOut: number; readonly dropped: number }) {
  const { train, heldOut, dropped } = counts;
  return dropped > 0
    ? ownTableTexts.countsWithGaps(count(train), count(heldOut), count(dropped))
    : ownTableTexts.counts(count(train), count(heldOut));
}
