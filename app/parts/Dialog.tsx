/** A modal dialog with a title and a way out. */
import { Dialog as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';
import { classes } from './classes.ts';
import { Icon } from './Icon.tsx';
import styles from './Dialog.module.css';

interface DialogProps {
  readonly title: string;
  readonly trigger: ReactNode;
  /** For tables: as wide as the screen allows. */
  readonly wide?: boolean;
  readonly defaultOpen?: boolean;
  readonly children: ReactNode;
}

export default function Dialog({ title, trigger, wide = false, defaultOpen = false, children }: DialogProps) {
  return (
    <Primitive.Root defaultOpen={defaultOpen}>
      <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Overlay className={styles.overlay} />
        <Primitive.Content
          className={classes(styles.content, wide && styles.wide)}
          aria-describedby={undefined}
        >
          <header className={styles.head}>
            <Primitive.Title className={styles.title}>{title}</Primitive.Title>
            <Primitive.Close className={styles.close} aria-label="Close">
              <Icon name="close" />
            </Primitive.Close>
          </header>
          <div className={styles.body}>{children}</div>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
