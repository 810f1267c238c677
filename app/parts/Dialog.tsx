/** A modal dialog with a title and a way out. */
import { Dialog as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';
import { classes } from './classes.ts';
import { Icon } from './Icon.tsx';
import { pageTexts } from '../texts/page.ts';
import styles from './Dialog.module.css';

interface DialogProps {
  readonly title: string;
  /** What opens it; without one, whoever shows it says whether it is open. */
  readonly trigger?: ReactNode;
  readonly open?: boolean;
  readonly onOpenChange?: (open: boolean) => void;
  /** For tables: as wide as the screen allows. */
  readonly wide?: boolean;
  readonly defaultOpen?: boolean;
  readonly children: ReactNode;
}

export default function Dialog({ title, trigger, wide = false, children, ...state }: DialogProps) {
  return (
    <Primitive.Root {...state}>
      {trigger !== undefined && <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>}
      <Primitive.Portal>
        <Primitive.Overlay className={styles.overlay} />
        <Primitive.Content
          className={classes(styles.content, wide && styles.wide)}
          aria-describedby={undefined}
        >
          <header className={styles.head}>
            <Primitive.Title className={styles.title}>{title}</Primitive.Title>
            <Primitive.Close className={styles.close} aria-label={pageTexts.close}>
              <Icon name="close" />
            </Primitive.Close>
          </header>
          <div className={styles.body}>{children}</div>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
