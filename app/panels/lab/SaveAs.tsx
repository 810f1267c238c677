/** A button that becomes a field for a name. */
import { useState } from 'react';
import { Button } from '../../parts/Button.tsx';
import { focusOnce } from '../../parts/focus-once.ts';
import { labTexts } from '../../texts/lab.ts';
import styles from './SaveAs.module.css';

interface SaveAsProps {
  readonly label: string;
  readonly suggestion: string;
  readonly onSave: (name: string) => void;
}

export function SaveAs({ label, suggestion, onSave }: SaveAsProps) {
  const [name, setName] = useState<string | null>(null);
  if (name === null) return <Button onClick={() => setName(suggestion)}>{label}</Button>;
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== '') onSave(name.trim().slice(0, 100));
        setName(null);
      }}
    >
      <input
        className={styles.name}
        aria-label={labTexts.name}
        value={name}
        maxLength={100}
        ref={focusOnce}
        onFocus={(event) => event.target.select()}
        onChange={(event) => setName(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') setName(null);
        }}
      />
      <Button type="submit">{labTexts.save}</Button>
      <Button look="quiet" onClick={() => setName(null)}>
        {labTexts.cancel}
      </Button>
    </form>
  );
}
