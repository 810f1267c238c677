/** The person's own TFRecord files: choosing them, how far they are read, and the records that could not be. */
import { useId, useState } from 'react';
import { HELD_OUT_EVERY } from '../../../src/data/held-out.ts';
import { bytes, count, percent } from '../../format.ts';
import { Button } from '../../parts/Button.tsx';
import { FileButton } from '../../parts/FileButton.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { Term } from '../../parts/Term.tsx';
import { useData, useSession } from '../../session/context.tsx';
import { ownFilesTexts } from '../../texts/data.ts';
import { Phrase } from '../../parts/Phrase.tsx';
import styles from './DataPanel.module.css';

/** Loaded when files are the source. */
export default function OwnFiles({ onFiles }: { onFiles: (files: readonly File[]) => void }) {
  return (
    <>
      <Files onFiles={onFiles} />
      <SkippedRecords />
      <Remarks />
    </>
  );
}

function Files({ onFiles }: { onFiles: (files: readonly File[]) => void }) {
  const files = useData((state) => state.files);
  const schema = useData((state) => state.ownSchema);
  const masks = useData((state) => state.ownMasks);
  return (
    <div className={styles.files}>
      <FileButton
        label={ownFilesTexts.choose}
        title={ownFilesTexts.chooseHint}
        look="normal"
        icon="upload"
        multiple
        onFiles={onFiles}
      />
      <span>
        {files.length === 0 ? (
          <Phrase text={ownFilesTexts.dropHere} parts={{ TFRecord: <Term word="TFRecord" /> }} />
        ) : (
          files.map((file) => ownFilesTexts.file(file.name, bytes(file.size))).join('; ')
        )}
        {schema && ` · ${ownFilesTexts.schema(schema.name)}`}
        {[...masks.keys()].map((name) => ` · ${ownFilesTexts.mask(name)}`)}
      </span>
      <span className={styles.heldOut}>{ownFilesTexts.heldOut(HELD_OUT_EVERY)}</span>
      <Reading />
    </div>
  );
}

function Reading() {
  const { dataActions } = useSession();
  const id = useId();
  const reading = useData((state) => state.reading);
  if (!reading) return null;
  const { done, total } = reading;
  return (
    <div className={styles.reading}>
      <label htmlFor={id}>
        {total
          ? ownFilesTexts.readingOf(bytes(done), bytes(total), percent(done / total))
          : ownFilesTexts.reading(bytes(done))}
      </label>
      <progress id={id} value={done} max={total ?? undefined} aria-label={ownFilesTexts.progress} />
      <Button
        look="quiet"
        aria-label={ownFilesTexts.cancelReading}
        onClick={() => dataActions.cancelReading()}
      >
        {ownFilesTexts.cancel}
      </Button>
    </div>
  );
}

/** What there is to say of records that were read: as they were counted, else as training met them. */
function Remarks() {
  const counted = useData((state) => state.statistics?.notes ?? noNotes);
  const training = useData((state) => state.notes);
  const [closed, setClosed] = useState<readonly string[] | null>(null);
  const notes = counted.length > 0 ? counted : training;
  if (notes.length === 0 || closed === notes) return null;
  return (
    <Notice tone="info" title={ownFilesTexts.remark} onClose={() => setClosed(notes)}>
      {notes.map((note) => (
        <p key={note} className={styles.remark}>
          {note}
        </p>
      ))}
    </Notice>
  );
}

const noNotes: readonly string[] = [];

/** Bad records that were left out: named while the files were counted, and counted again while training. */
function SkippedRecords() {
  const counted = useData((state) => state.statistics?.skipped ?? null);
  const training = useData((state) => state.skipped);
  const total = counted?.total ?? 0;
  if (total === 0 && !training) return null;
  const records = counted?.records ?? [];
  return (
    <Notice tone="warning" title={ownFilesTexts.leftOut(total > 0 ? total : (training?.total ?? 0))}>
      {total === 0 && training ? (
        ownFilesTexts.lastOne(training.last)
      ) : (
        <details className={styles.bad}>
          <summary>{ownFilesTexts.whichOnes}</summary>
          <ul aria-label={ownFilesTexts.badRecords}>
            {records.map(({ file, record, offset, message }) => (
              <li key={`${file}:${record}:${offset}`}>
                {ownFilesTexts.badRecord(file, count(record), count(offset), message)}
              </li>
            ))}
            {total > records.length && <li>{ownFilesTexts.andMore(count(total - records.length))}</li>}
          </ul>
        </details>
      )}
    </Notice>
  );
}
