/**
 * The one field for numbers: taken over on Enter or when it is left. What is no number, may mean two, or is out of range
 * stays as typed, marked, with the range beside it; Escape brings the value back.
 */
import { useId, useState } from 'react';
import type { ReactNode } from 'react';
import { readTypedNumber } from '../../src/config/typed-number.ts';
import type { NumberLimits } from '../../src/config/typed-number.ts';
import { classes } from './classes.ts';
import { hasDecimalComma } from '../format.ts';
import fields from './Field.module.css';
import styles from './NumberField.module.css';

interface NumberFieldProps extends NumberLimits {
  /** A text names the field for assistive technology only; an element is shown above it. */
  readonly label: string | { readonly shown: ReactNode };
  /** Of a percentage the share: 0.05 shows as 5. */
  readonly value: number;
  readonly onChange: (value: number) => void;
  readonly id?: string;
  readonly marked?: boolean;
  readonly disabled?: boolean;
  /** What others find wrong with the value. It is shown by them, under this id. */
  readonly problemId?: string | undefined;
  /** The small look, for tables and rows. */
  readonly small?: boolean;
}

export function NumberField(props: NumberFieldProps) {
  const { label, value, onChange, marked, disabled, problemId, small = false, unit, percent } = props;
  const ownId = useId();
  const id = props.id ?? ownId;
  const messageId = `${ownId}-message`;
  /** What is being typed over which value; null shows the value. */
  const [draft, setDraft] = useState<{ readonly text: string; readonly over: number } | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  // A value that came from elsewhere meanwhile wins over what was typed.
  const typed = draft && draft.over === value ? draft.text : null;
  const message = typed === null ? null : refused;
  const commit = (): void => {
    if (typed === null) return;
    const read = readTypedNumber(typed, { ...scaled(props), decimalComma: hasDecimalComma() });
    if ('problem' in read) {
      setRefused(read.problem);
      return;
    }
    const next = percent === true ? Number(`${read.value}e-2`) : read.value;
    setDraft(null);
    if (next !== value) onChange(next);
  };
  const input = (
    <span className={styles.wrap}>
      <input
        id={id}
        className={classes(
          fields.input,
          small && styles.small,
          marked && styles.marked,
          (message !== null || problemId !== undefined) && styles.wrong,
          shownUnit(props) !== undefined && styles.room,
        )}
        inputMode={props.whole === true && props.min >= 0 ? 'numeric' : 'decimal'}
        autoComplete="off"
        {...(typeof label === 'string' ? { 'aria-label': label } : {})}
        aria-invalid={message !== null || problemId !== undefined}
        aria-describedby={message === null ? problemId : messageId}
        disabled={disabled}
        value={typed ?? shownNumber(value, percent === true)}
        onChange={(event) => {
          setDraft({ text: event.target.value, over: value });
          setRefused(null);
        }}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
          if (event.key === 'Escape' && typed !== null) {
            event.stopPropagation();
            setDraft(null);
          }
        }}
      />
      {shownUnit(props) !== undefined && <span className={styles.unit}>{shownUnit(props)}</span>}
      {message !== null && (
        <span id={messageId} className={styles.message} role="alert">
          {message}
        </span>
      )}
    </span>
  );
  if (typeof label === 'string') return input;
  return (
    <div className={fields.field} data-unit={unit}>
      <label htmlFor={id} className={fields.label}>
        {label.shown}
      </label>
      {input}
    </div>
  );
}

function shownUnit({ unit, percent }: NumberLimits): string | undefined {
  return percent === true ? '%' : unit;
}

/** Limits of what is typed: of a percentage a hundred times the share's. */
function scaled({ min, max, whole, percent, unit }: NumberLimits): NumberLimits {
  const typed = (limit: number) => (percent === true ? Number((limit * 100).toPrecision(9)) : limit);
  return {
    min: typed(min),
    max: typed(max),
    ...(whole === undefined ? {} : { whole }),
    ...(percent === undefined ? {} : { percent }),
    ...(unit === undefined ? {} : { unit }),
  };
}

function shownNumber(value: number, percent: boolean): string {
  // Nine digits hide what binary fractions add; a whole number has all of its own.
  if (Number.isSafeInteger(value) && !percent) return String(value);
  return String(Number((percent ? value * 100 : value).toPrecision(9)));
}
