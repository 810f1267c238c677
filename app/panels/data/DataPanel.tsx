/** The examples: where they come from, what they look like, and a way out as TFRecords. */
import { lazy, Suspense } from 'react';
import { useStore } from 'zustand';
import { take } from '../../actions/take.ts';
import { compact, plural } from '../../format.ts';
import { Button } from '../../parts/Button.tsx';
import { Check, Select } from '../../parts/Field.tsx';
import { NumberField } from '../../parts/NumberField.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { teachers } from '../../session/built-in.ts';
import { useData, useSession } from '../../session/context.tsx';
import { EXAMPLE_COUNTS } from '../../stores/data.ts';
import { settingDifferences } from '../../stores/teacher-settings.ts';
import styles from './DataPanel.module.css';
import { ExplorerDialog, TeacherDialog } from './Dialogs.tsx';
import { LabelCounts } from './LabelCounts.tsx';

const ExportRecords = lazy(() => import('./ExportRecords.tsx'));
const OwnFiles = lazy(() => import('./OwnFiles.tsx'));
const OwnTable = lazy(() => import('./OwnTable.tsx'));

type Source = `teacher:${string}` | 'uniform' | 'files' | 'table';

export function DataPanel() {
  const session = useSession();
  const { data } = session;
  const choice = useData((state) => state);
  const { choose } = data.getState();
  const shown = useStore(session.page, (state) => state.table);
  const { lookAt } = session.page.getState();
  const source: Source = choice.kind === 'teacher' ? `teacher:${choice.teacher}` : choice.kind;
  const teacher = teachers.find(({ id }) => id === choice.teacher);

  const taken = (files: readonly File[]): void => void take(session, files);
  const pick = (value: Source): void => {
    if (value === 'uniform' || value === 'files' || value === 'table') choose({ kind: value });
    else choose({ kind: 'teacher', teacher: value.slice('teacher:'.length) });
  };

  return (
    <Panel
      id="data"
      title="Data"
      tools={
        <>
          <ExplorerDialog />
          <Suspense fallback={<Button look="quiet">Export TFRecord</Button>}>
            <ExportRecords />
          </Suspense>
        </>
      }
    >
      <div className={styles.body}>
        <div className={styles.fields}>
          <Select<Source>
            label="Source"
            hint={choice.kind === 'teacher' ? teacher?.about : undefined}
            className={styles.source}
            value={source}
            options={[
              ...teachers.map(({ id, label }) => ({
                value: `teacher:${id}` as const,
                label: `Synthetic · ${label}`,
              })),
              { value: 'uniform', label: 'Uniform random' },
              { value: 'table', label: 'Own table (CSV, Parquet)' },
              { value: 'files', label: 'Own TFRecord files' },
            ]}
            onChange={pick}
          />
          {choice.kind !== 'files' && choice.kind !== 'table' && (
            <>
              <Select
                label="Examples"
                value={String(choice.examples)}
                options={EXAMPLE_COUNTS.map((value) => ({
                  value: String(value),
                  label: value === null ? 'No end' : compact(value),
                }))}
                onChange={(value) => choose({ examples: value === 'null' ? null : Number(value) })}
              />
              <NumberField
                whole
                label={{ shown: 'Data seed' }}
                value={choice.seed}
                min={0}
                max={4_294_967_295}
                onChange={(seed) => choose({ seed })}
              />
            </>
          )}
        </div>
        {choice.kind === 'uniform' && (
          <div className={styles.about}>
            Features and labels drawn evenly, as the published code does. There is nothing to learn.
            <Check
              label="Labels 0 to 9, as the published code writes them"
              checked={choice.rawLabels}
              onChange={(rawLabels) => choose({ rawLabels })}
            />
          </div>
        )}
        {choice.kind === 'teacher' && <Teacher />}
        {choice.kind === 'files' && (
          <Suspense fallback={null}>
            <OwnFiles onFiles={taken} />
          </Suspense>
        )}
        {(choice.kind === 'table' || shown) && (
          <Suspense fallback={null}>
            <OwnTable shown={shown} onShow={lookAt} onFile={(file) => void take(session, [file], 'table')} />
          </Suspense>
        )}
        {choice.problem && <Notice tone="warning">{choice.problem}</Notice>}
        <LabelCounts />
      </div>
    </Panel>
  );
}

/** How far the teacher's settings are from their preset, and the way to change them. */
function Teacher() {
  const config = useData((state) => state.teacherConfig);
  const original = useData((state) => state.teacherOriginal.config);
  const problems = useData((state) => state.teacherProblems.length);
  const changes = settingDifferences(config, original);
  return (
    <div className={styles.teacher}>
      <TeacherDialog />
      <span className={styles.changes} title={changes.join(', ')}>
        {problems > 0
          ? `${plural(problems, 'problem')}: the last valid settings are used`
          : changes.length === 0
            ? 'as in the preset'
            : `${plural(changes.length, 'change')}: ${changes.join(', ')}`}
      </span>
    </div>
  );
}
