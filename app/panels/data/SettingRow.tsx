/** One number of the teacher's settings: a slider, the number itself, a way back to the preset, and what is wrong with it. */
import { useId } from 'react';
import type { ReactNode } from 'react';
import { percent, significant } from '../../format.ts';
import { Icon } from '../../parts/Icon.tsx';
import { NumberField } from '../../parts/NumberField.tsx';
import { Explained } from '../../parts/Term.tsx';
import { positionOf, valueAt } from '../../stores/teacher-settings.ts';
import type { SettingField } from '../../stores/teacher-settings.ts';
import { teacherTexts } from '../../texts/data-teacher.ts';
import { settingDescription } from './setting-description.ts';
import styles from './SettingRow.module.css';

interface SettingRowProps {
  readonly field: SettingField;
  /** The page's own name for it. */
  readonly label: string;
  readonly value: number;
  /** The preset's value, which reset goes back to. */
  readonly original: number;
  /** Shows and takes percent instead of the share. */
  readonly asPercent?: boolean;
  readonly problem: string | null;
  readonly disabled: boolean;
  /** A few words behind the number. */
  readonly note?: ReactNode;
  readonly onChange: (value: number) => void;
}

/** Handle positions of a slider. */
const TICKS = 400;

export function SettingRow(props: SettingRowProps) {
  const { field, label, value, original, asPercent = false, problem, disabled, note, onChange } = props;
  const description = settingDescription(field);
  const id = useId();
  const problemId = `${id}-problem`;
  const changed = value !== original;
  return (
    <div className={styles.row}>
      <label htmlFor={id} className={styles.label}>
        {description ? <Explained text={description}>{label}</Explained> : label}
      </label>
      {field.path[0] === 'seed' ? (
        <span />
      ) : (
        <input
          type="range"
          className={styles.slider}
          min={0}
          max={TICKS}
          value={Math.round(positionOf(field, value) * TICKS)}
          disabled={disabled}
          aria-label={teacherTexts.slider(label)}
          aria-valuetext={asPercent ? percent(value) : significant(value, 9)}
          onChange={(event) => onChange(valueAt(field, Number(event.target.value) / TICKS))}
        />
      )}
      <NumberField
        small
        id={id}
        label={asPercent ? teacherTexts.inPercent(label) : label}
        value={value}
        // Typing a share reaches further than its slider.
        min={asPercent ? 0 : field.min}
        max={asPercent ? 1 : field.max}
        whole={field.whole}
        percent={asPercent}
        disabled={disabled}
        problemId={problem === null ? undefined : problemId}
        onChange={onChange}
      />
      <span className={styles.note}>{note}</span>
      <button
        type="button"
        className={styles.reset}
        disabled={!changed || disabled}
        aria-label={teacherTexts.reset(label)}
        title={
          changed
            ? teacherTexts.backTo(asPercent ? percent(original) : significant(original, 9))
            : teacherTexts.asInPreset
        }
        onClick={() => onChange(original)}
      >
        <Icon name="restart" size={12} />
      </button>
      {problem !== null && (
        <p id={problemId} className={styles.problem}>
          {problem}
        </p>
      )}
    </div>
  );
}
