/** Settings of the synthetic data's teacher: a form and its YAML text side by side, either changes the other. */
import { useMemo } from 'react';
import { percent } from '../../format.ts';
import { headStyle } from '../../heads.ts';
import { Button } from '../../parts/Button.tsx';
import { Choice } from '../../parts/Field.tsx';
import { classes } from '../../parts/classes.ts';
import { Icon } from '../../parts/Icon.tsx';
import { Explained } from '../../parts/Term.tsx';
import { teachers } from '../../session/built-in.ts';
import { useData, useSession } from '../../session/context.tsx';
import { numberFields, rateFields, settingOf, typedSettings } from '../../stores/teacher-settings.ts';
import type { SettingField } from '../../stores/teacher-settings.ts';
import { SettingRow } from './SettingRow.tsx';
import { teacherTexts } from '../../texts/data-teacher.ts';
import styles from './TeacherSettings.module.css';
import { TeacherYaml } from './TeacherYaml.tsx';
import '../../stores/readers.ts';

export default function TeacherSettings() {
  const { data } = useSession();
  const teacher = useData((state) => state.teacher);
  const changed = useData((state) => state.teacherText !== state.teacherOriginal.text);
  const about = teachers.find(({ id }) => id === teacher)?.about;
  return (
    <div className={styles.settings}>
      <div className={styles.head}>
        <Choice
          label={teacherTexts.preset}
          value={teacher}
          options={teachers.map(({ id, label }) => ({ value: id, label }))}
          onChange={(id) => data.getState().choose({ kind: 'teacher', teacher: id })}
        />
        <p className={styles.about}>{teacherTexts.about(about ?? '')}</p>
        <Button
          disabled={!changed}
          onClick={() => data.getState().setTeacherText(data.getState().teacherOriginal.text)}
        >
          {teacherTexts.resetAll}
        </Button>
      </div>
      <div className={styles.twins}>
        <Form />
        <div className={styles.text}>
          <Problems />
          <TeacherYaml />
        </div>
      </div>
    </div>
  );
}

function Form() {
  const { data } = useSession();
  const text = useData((state) => state.teacherText);
  const config = useData((state) => state.teacherConfig);
  const original = useData((state) => state.teacherOriginal.config);
  const problems = useData((state) => state.teacherProblems);
  const typed = useMemo(() => typedSettings(text), [text]);

  const row = (field: SettingField, label: string) => ({
    field,
    label,
    value: typed?.(field.path) ?? settingOf(config, field),
    original: settingOf(original, field),
    problem: problems.find(({ path }) => path.join('\n') === field.path.join('\n'))?.message ?? null,
    disabled: typed === null,
    onChange: (value: number) => data.getState().setTeacherValue(field.path, value),
  });

  return (
    <div className={styles.form}>
      <fieldset className={styles.group}>
        <legend>{teacherTexts.world}</legend>
        {numberFields.map((field) => (
          <SettingRow key={field.path[0]} {...row(field, field.label)} />
        ))}
      </fieldset>
      <fieldset className={styles.group}>
        <legend>
          <Explained text={teacherTexts.baseRatesAbout}>{teacherTexts.baseRates}</Explained>
          <span className={styles.counted}>{teacherTexts.counted}</span>
        </legend>
        {rateFields.map((field) => {
          const task = field.path[1] ?? '';
          return (
            <SettingRow
              key={task}
              {...row(field, headStyle(task).label)}
              asPercent
              note={<Counted task={task} />}
            />
          );
        })}
      </fieldset>
    </div>
  );
}

/** The share of a label in the data drawn last. */
function Counted({ task }: { task: string }) {
  const statistics = useData((state) => state.statistics);
  const busy = useData((state) => state.busy);
  const { label } = headStyle(task);
  const at = statistics?.tasks.indexOf(task) ?? -1;
  if (!statistics || at < 0) return null;
  const share = (statistics.positives[at] ?? 0) / statistics.examples;
  return (
    <output className={classes(busy && styles.stale)} aria-label={teacherTexts.shareCounted(label)}>
      {percent(share)}
    </output>
  );
}

function Problems() {
  const problems = useData((state) => state.teacherProblems);
  if (problems.length === 0) {
    return (
      <p className={styles.valid} role="status" aria-label={teacherTexts.status}>
        <Icon name="check" /> {teacherTexts.valid}
      </p>
    );
  }
  return (
    <div className={styles.problems} role="status" aria-label={teacherTexts.status}>
      <p>
        <Icon name="error" /> {teacherTexts.problems(problems.length)}
      </p>
      <ul>
        {problems.map(({ line, column, message }) => (
          <li key={`${line}:${column}:${message}`}>
            <span>
              {line}:{column}
            </span>{' '}
            {message}
          </li>
        ))}
      </ul>
    </div>
  );
}
