/** A word that explains itself on hover, focus and tap. */
import { Tooltip } from 'radix-ui';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { glossary } from './glossary.ts';
import type { GlossaryWord } from './glossary.ts';
import styles from './Term.module.css';

interface TermProps {
  readonly word: GlossaryWord;
  /** The text shown; the word itself without it. */
  readonly children?: ReactNode;
}

export function Term({ word, children }: TermProps) {
  return <Explained text={glossary[word]}>{children ?? word}</Explained>;
}

/** Any short text with an explanation of its own. */
export function Explained({ text, children }: { text: ReactNode; children: ReactNode }) {
  const [open, setOpen] = useState(false);
  return (
    <Tooltip.Root open={open} onOpenChange={setOpen} delayDuration={200}>
      <Tooltip.Trigger asChild>
        <button
          type="button"
          className={styles.term}
          onClick={(event) => {
            event.preventDefault();
            setOpen(true);
          }}
        >
          {children}
        </button>
      </Tooltip.Trigger>
      <TipContent>{text}</TipContent>
    </Tooltip.Root>
  );
}

/** A hint on a control that has a name already. */
export function Hint({ text, children }: { text: ReactNode; children: ReactNode }) {
  return (
    <Tooltip.Root delayDuration={400}>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <TipContent>{text}</TipContent>
    </Tooltip.Root>
  );
}

function TipContent({ children }: { children: ReactNode }) {
  return (
    <Tooltip.Portal>
      <Tooltip.Content className={styles.tip} sideOffset={6} collisionPadding={8}>
        {children}
      </Tooltip.Content>
    </Tooltip.Portal>
  );
}
