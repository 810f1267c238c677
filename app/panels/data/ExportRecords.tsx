/** The way out as TFRecords, with how far it is. */
import { ActionButton } from '../../actions/ActionButton.tsx';
import { exportRecordsAction, exportRecordsHint } from '../../actions/export-actions.ts';
import { Button } from '../../parts/Button.tsx';
import { useData, useSession } from '../../session/context.tsx';
import { dataTexts } from '../../texts/data.ts';
import styles from './DataPanel.module.css';

export default function ExportRecords() {
  const { dataActions } = useSession();
  const exporting = useData((state) => state.exporting);
  const hint = useData(exportRecordsHint);
  if (!exporting) return <ActionButton action={exportRecordsAction} look="quiet" hint={hint} />;
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
