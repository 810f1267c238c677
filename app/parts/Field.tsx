/** Labelled controls: select and a row of choices. Native elements, so that they work everywhere. */
import { useId } from 'react';
import type { ReactNode } from 'react';
import { classes } from './classes.ts';
import styles from './Field.module.css';
import { Explained } from './Term.tsx';

interface SelectProps<T extends string> {
  readonly label: string;
  /** Explains the present choice. */
  readonly hint?: string | undefined;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string; readonly disabled?: boolean }[];
  readonly onChange: (value: T) => void;
  /** Hides the label from the eye only. */
  readonly hideLabel?: boolean;
  readonly className?: string | undefined;
  readonly disabled?: boolean;
}

export function Select<T extends string>(props: SelectProps<T>) {
  const { label, hint, value, options, onChange, hideLabel, className, disabled } = props;
  const id = useId();
  return (
    <div className={classes(styles.field, className)}>
      <span className={hideLabel ? 'unseen' : styles.label}>
        <label htmlFor={id}>{hint ? <Explained text={hint}>{label}</Explained> : label}</label>
      </span>
      <span className={styles.selectWrap}>
        <select
          id={id}
          className={styles.input}
          value={value}
          disabled={disabled}
          onChange={(event) => {
            const chosen = options.find((option) => option.value === event.target.value);
            if (chosen) onChange(chosen.value);
          }}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value} disabled={option.disabled}>
              {option.label}
            </option>
          ))}
        </select>
      </span>
    </div>
  );
}

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string }[];
  readonly onChange: (value: T) => void;
}

/** A row of exclusive choices (radio buttons that look like one control). */
export function Choice<T extends string>({ label, value, options, onChange }: ChoiceProps<T>) {
  const name = useId();
  return (
    <fieldset className={styles.choice} role="radiogroup" aria-label={label}>
      {options.map((option) => (
        <label key={option.value} className={styles.option}>
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          <span>{option.label}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** A labelled switch for one option. */
export function Check({
  label,
  checked,
  onChange,
}: {
  label: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
}) {
  return (
    <label className={styles.check}>
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} />
      <span>{label}</span>
    </label>
  );
}
