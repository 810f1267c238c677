/** One number of the teacher's settings: a slider, the number itself, a way back to the preset, and what is wrong with it. */
import { useId, useState } from 'react';
import type { ReactNode } from 'react';
import { percent } from '../../format.ts';
import { classes } from '../../parts/classes.ts';
import { Icon } from '../../parts/Icon.tsx';
import { Explained } from '../../parts/Term.tsx';
import { positionOf, valueAt } from '../../stores/teacher-settings.ts';
import type { SettingField } from '../../stores/teacher-settings.ts';
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
  const id = useId();
  const problemId = `${id}-problem`;
  /** What is being typed; null shows the value. */
  const [draft, setDraft] = useState<string | null>(null);
  const shown = asPercent ? Number((value * 100).toPrecision(6)) : value;
  const commit = (): void => {
    const typed = Number((draft ?? '').replaceAll(/[\s,_%]/g, ''));
    setDraft(null);
    if (draft === null || draft.trim() === '' || !Number.isFinite(typed)) return;
    const next = asPercent ? Number((typed / 100).toPrecision(6)) : typed;
    if (next !== value) onChange(next);
  };
  const changed = value !== original;
  return (
    <div className={styles.row}>
      <label htmlFor={id} className={styles.label}>
        {field.description ? <Explained text={field.description}>{label}</Explained> : label}
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
          aria-label={`${label}, slider`}
          aria-valuetext={asPercent ? percent(value) : String(value)}
          onChange={(event) => onChange(valueAt(field, Number(event.target.value) / TICKS))}
        />
      )}
      <span className={styles.number}>
        <input
          id={id}
          className={classes(styles.input, problem !== null && styles.wrong)}
          inputMode="decimal"
          value={draft ?? String(shown)}
          disabled={disabled}
          aria-label={asPercent ? `${label} in percent` : label}
          aria-invalid={problem !== null}
          {...(problem === null ? {} : { 'aria-describedby': problemId })}
          onChange={(event) => setDraft(event.target.value)}
          onBlur={commit}
          onKeyDown={(event) => {
            if (event.key === 'Enter') commit();
          }}
        />
        {asPercent && <span className={styles.unit}>%</span>}
      </span>
      <span className={styles.note}>{note}</span>
      <button
        type="button"
        className={styles.reset}
        disabled={!changed || disabled}
        aria-label={`Reset ${label}`}
        title={changed ? `Back to ${asPercent ? percent(original) : original}` : 'As in the preset'}
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
