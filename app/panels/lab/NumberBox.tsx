/** A small number field: taken over on Enter or when it is left; what is no number or out of bounds goes back. */
import { useState } from 'react';
import { classes } from '../../parts/classes.ts';
import styles from './NumberBox.module.css';

interface NumberBoxProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly marked?: boolean;
  readonly disabled?: boolean;
  readonly onChange: (value: number) => void;
}

export function NumberBox({ label, value, min, max, marked, disabled, onChange }: NumberBoxProps) {
  /** What is being typed; null shows the value. */
  const [draft, setDraft] = useState<string | null>(null);
  const commit = (): void => {
    const text = (draft ?? '').replaceAll(/[\s,_]/g, '').replace('−', '-');
    const number = Number(text);
    if (text !== '' && number >= min && number <= max && number !== value) onChange(number);
    setDraft(null);
  };
  return (
    <input
      className={classes(styles.box, marked && styles.marked)}
      inputMode="decimal"
      aria-label={label}
      disabled={disabled}
      value={draft ?? String(Number(value.toPrecision(9)))}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit();
        if (event.key === 'Escape') setDraft(null);
      }}
    />
  );
}
