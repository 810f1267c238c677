/** The examples: where they come from, what they look like, and a way out as TFRecords. */
import { lazy, Suspense } from 'react';
import { useStore } from 'zustand';
import { take } from '../../actions/take.ts';
import { compact } from '../../format.ts';
import { Button } from '../../parts/Button.tsx';
import { Check, Select } from '../../parts/Field.tsx';
import { NumberField } from '../../parts/NumberField.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { teachers } from '../../session/built-in.ts';
import { useData, useSession } from '../../session/context.tsx';
import { EXAMPLE_COUNTS } from '../../stores/data.ts';
import { settingDifferences } from '../../stores/teacher-settings.ts';
import { dataTexts } from '../../texts/data.ts';
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
      title={dataTexts.title}
      tools={
        <>
          <ExplorerDialog />
          <Suspense fallback={<Button look="quiet">{dataTexts.export}</Button>}>
            <ExportRecords />
          </Suspense>
        </>
      }
    >
      <div className={styles.body}>
        <div className={styles.fields}>
          <Select<Source>
            label={dataTexts.source}
            hint={choice.kind === 'teacher' ? teacher?.about : undefined}
            value={source}
            options={[
              ...teachers.map(({ id, label }) => ({
                value: `teacher:${id}` as const,
                label: dataTexts.sources.synthetic(label),
              })),
              { value: 'uniform', label: dataTexts.sources.uniform },
              { value: 'table', label: dataTexts.sources.table },
              { value: 'files', label: dataTexts.sources.files },
            ]}
            onChange={pick}
          />
          {choice.kind !== 'files' && choice.kind !== 'table' && (
            <>
              <Select
                label={dataTexts.examples}
                value={String(choice.examples)}
                options={EXAMPLE_COUNTS.map((value) => ({
                  value: String(value),
                  label: value === null ? dataTexts.noEnd : compact(value),
                }))}
                onChange={(value) => choose({ examples: value === 'null' ? null : Number(value) })}
              />
              <NumberField
                whole
                label={{ shown: dataTexts.seed }}
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
            {dataTexts.uniformAbout}
            <Check
              label={dataTexts.rawLabels}
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
          ? dataTexts.lastValidUsed(problems)
          : changes.length === 0
            ? dataTexts.asInPreset
            : dataTexts.changes(changes)}
      </span>
    </div>
  );
}
