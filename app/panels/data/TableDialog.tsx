/** A table from close by: what its columns are, what becomes of each, what is predicted, what is held out. Loaded when first opened. */
import { useEffect, useRef, useState } from 'react';
import { columnsToJson, csvOptionsOf, parseColumns } from '../../../src/data/tables/columns-file.ts';
import type { TableColumns } from '../../../src/data/tables/columns-file.ts';
import type { CsvOptions } from '../../../src/data/tables/csv-table.ts';
import type { TableSummary } from '../../../src/data/tables/table-summary.ts';
import type { MadeTable } from '../../../src/workers/protocol.ts';
import { count } from '../../format.ts';
import { Button } from '../../parts/Button.tsx';
import { FileButton } from '../../parts/FileButton.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { saveFile } from '../../parts/save-file.ts';
import { useData, useSession } from '../../session/context.tsx';
import { firstChoices, requestOf } from './table-choices.ts';
import type { TableChoices } from './table-choices.ts';
import { TableColumnsTable } from './TableColumnsTable.tsx';
import { tableTexts } from '../../texts/data-table.ts';
import { Phrase } from '../../parts/Phrase.tsx';
import styles from './TableDialog.module.css';
import { CsvSettings, HeldOutSettings } from './TableSettings.tsx';

interface TableDialogProps {
  readonly file: File;
  /** What is known of the table already. */
  readonly known: TableColumns | null;
  readonly onDone: () => void;
}

interface Found {
  readonly summary: TableSummary;
  readonly choices: TableChoices;
  /** The columns.json whose details stay where nothing is changed. */
  readonly given: TableColumns | null;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export default function TableDialog({ file, known, onDone }: TableDialogProps) {
  const session = useSession();
  const [given, setGiven] = useState(known);
  const [csv, setCsv] = useState<CsvOptions>(known ? csvOptionsOf(known.table, 'same') : {});
  const [found, setFound] = useState<Found | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const making = useRef<AbortController | null>(null);

  useEffect(() => {
    const controller = new AbortController();
    const missingTexts = given?.table.missing_values ?? null;
    session
      .tables()
      .then((tables) => tables.profile({ file, csv, missingTexts }, controller.signal))
      .then(
        (summary) => {
          const stranger = given?.columns.find(
            ({ name }) => !summary.columns.some((own) => own.name === name),
          );
          setProblem(stranger ? tableTexts.stranger(stranger.name) : null);
          setFound({ summary, given, choices: firstChoices(summary, given) });
        },
        (error: unknown) => {
          if (controller.signal.aborted) return;
          setFound(null);
          setProblem(messageOf(error));
        },
      );
    return () => controller.abort(new DOMException(tableTexts.closed, 'AbortError'));
  }, [session, file, csv, given]);
  useEffect(() => () => making.current?.abort(new DOMException(tableTexts.closed, 'AbortError')), []);

  if (!found) {
    return problem === null ? (
      <Reading />
    ) : (
      <div className={styles.dialog}>
        <Notice tone="error">{problem}</Notice>
        <CsvSettings csv={csv} summary={null} onChange={setCsv} />
      </div>
    );
  }
  const { summary, choices } = found;
  const request = requestOf(summary, choices, found.given);
  const make = (then: (made: MadeTable) => void | Promise<void>): void => {
    if (typeof request === 'string') return;
    const controller = new AbortController();
    making.current = controller;
    setBusy(true);
    setProblem(null);
    const missingTexts = found.given?.table.missing_values ?? null;
    session
      .tables()
      .then((tables) => tables.make({ file, csv, missingTexts, ...request }, controller.signal))
      .then(then, (error: unknown) => {
        if (!controller.signal.aborted) setProblem(messageOf(error));
      })
      .finally(() => setBusy(false));
  };
  const load = (chosen: File): void => {
    chosen.text().then(
      (text) => {
        try {
          const read = parseColumns(text, chosen.name);
          setCsv({ ...csvOptionsOf(read.table, 'same') });
          setGiven(read);
        } catch (error) {
          setProblem(messageOf(error));
        }
      },
      (error: unknown) => setProblem(messageOf(error)),
    );
  };
  const change = (next: TableChoices): void => setFound({ ...found, choices: next });

  return (
    <div className={styles.dialog}>
      <p className={styles.about}>
        <Phrase
          text={tableTexts.about(count(summary.rows), summary.columns.length)}
          parts={{ name: <strong>{file.name}</strong> }}
        />
      </p>
      <CsvSettings csv={csv} summary={summary} onChange={setCsv} />
      <TableColumnsTable summary={summary} choices={choices} onChange={change} />
      <HeldOutSettings summary={summary} choices={choices} onChange={change} />
      {problem !== null && <Notice tone="warning">{problem}</Notice>}
      {busy && <Reading />}
      <div className={styles.actions}>
        <Button
          look="primary"
          disabled={busy || typeof request === 'string'}
          onClick={() =>
            make(async (made) => {
              (await session.tables()).use(file, made);
              onDone();
            })
          }
        >
          {tableTexts.use}
        </Button>
        <Button
          look="quiet"
          disabled={busy || typeof request === 'string'}
          onClick={() => make(({ columns }) => saveFile(columnsJson(columns), 'columns.json'))}
        >
          {tableTexts.saveColumns}
        </Button>
        <FileButton label={tableTexts.loadColumns} onFile={load} />
        {typeof request === 'string' && <span className={styles.first}>{request}</span>}
      </div>
    </div>
  );
}

function columnsJson(columns: TableColumns): Blob {
  return new Blob([columnsToJson(columns, __APP_VERSION__)], { type: 'application/json' });
}

function Reading() {
  const reading = useData((state) => state.tableReading);
  return (
    <p className={styles.reading} role="status">
      {reading && reading.done > 0 ? tableTexts.readingRows(count(reading.done)) : tableTexts.reading}
    </p>
  );
}
