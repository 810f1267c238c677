/** A button that becomes a field for a name. */
import { useState } from 'react';
import { useStore } from 'zustand';
import { ActionButton } from '../../actions/ActionButton.tsx';
import type { Action } from '../../actions/action.ts';
import { Button } from '../../parts/Button.tsx';
import { focusOnce } from '../../parts/focus-once.ts';
import { useSession } from '../../session/context.tsx';
import type { Naming } from '../../stores/page.ts';
import { labTexts } from '../../texts/lab.ts';
import styles from './SaveAs.module.css';

interface SaveAsProps {
  /** Asks for the name. */
  readonly action: Action;
  readonly what: Naming;
  readonly label: string;
  readonly suggestion: string;
  readonly onSave: (name: string) => void;
}

export function SaveAs({ action, what, label, ...field }: SaveAsProps) {
  const { page } = useSession();
  const asked = useStore(page, (state) => state.naming === what);
  if (!asked) return <ActionButton action={action}>{label}</ActionButton>;
  return <NameField {...field} onDone={() => page.getState().setNaming(null)} />;
}

interface NameFieldProps extends Pick<SaveAsProps, 'suggestion' | 'onSave'> {
  readonly onDone: () => void;
}

function NameField({ suggestion, onSave, onDone }: NameFieldProps) {
  const [name, setName] = useState(suggestion);
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== '') onSave(name.trim().slice(0, 100));
        onDone();
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
          if (event.key === 'Escape') onDone();
        }}
      />
      <Button type="submit">{labTexts.save}</Button>
      <Button look="quiet" onClick={onDone}>
        {labTexts.cancel}
      </Button>
    </form>
  );
}
