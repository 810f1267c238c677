/** The way out as TFRecords: of a table its rows to train on and those held out, a file each. */
import { useState } from 'react';
import { compact } from '../../format.ts';
import { Button } from '../../parts/Button.tsx';
import { saveFile } from '../../parts/save-file.ts';
import { useData, useSession } from '../../session/context.tsx';
import { dataTexts } from '../../texts/data.ts';
import styles from './DataPanel.module.css';

/** Of data without an end. */
const EXPORT_EXAMPLES = 10_000;

export default function ExportRecords() {
  const session = useSession();
  const { dataActions } = session;
  const exporting = useData((state) => state.exporting);
  const examples = useData((state) => state.examples) ?? EXPORT_EXAMPLES;
  const files = useData((state) => state.kind === 'files');
  const table = useData((state) => (state.kind === 'table' ? state.table : null));
  const isAbsent = useData((state) => state.kind === 'table' && state.tableFile === null);
  const [problem, setProblem] = useState<string | null>(null);
  if (exporting) {
    const { done, total } = exporting;
    return (
      <span className={styles.exporting}>
        <progress value={done} max={total ?? undefined} aria-label={dataTexts.exportProgress} />
        <Button look="quiet" aria-label={dataTexts.cancelExport} onClick={() => dataActions.cancelExport()}>
          {dataTexts.cancel}
        </Button>
      </span>
    );
  }
  const write = async (): Promise<void> => {
    if (!table) {
      const blob = await dataActions.exportTfRecords(examples);
      if (blob) saveFile(blob, 'recap.tfrecord.gz');
      return;
    }
    const counts = await (await session.tables()).counts();
    const base = table.name.replace(/(?:\.[A-Za-z0-9]+)+$/, '');
    for (const [side, rows] of [
      ['train', counts.train],
      ['held-out', counts.heldOut],
    ] as const) {
      const blob = await dataActions.exportTfRecords(rows, side);
      if (!blob) return;
      saveFile(blob, `${base}-${side}.tfrecord.gz`);
    }
  };
  const title = !table
    ? dataTexts.exportExamples(compact(examples))
    : isAbsent
      ? dataTexts.absent
      : dataTexts.exportTable(table.counts?.train ?? null);
  return (
    <>
      {problem && (
        <span className={styles.exportProblem} role="alert">
          {problem}
        </span>
      )}
      <Button
        look="quiet"
        disabled={files || isAbsent}
        title={title}
        onClick={() => {
          setProblem(null);
          write().catch((error: unknown) =>
            setProblem(error instanceof Error ? error.message : String(error)),
          );
        }}
      >
        {dataTexts.export}
      </Button>
    </>
  );
}
