/** A panel: a titled region of the page with its own tools at the head. */
import type { ReactNode } from 'react';
import { classes } from './classes.ts';
import styles from './Panel.module.css';

interface PanelProps {
  readonly id: string;
  readonly title: string;
  /** A few words beside the title. */
  readonly note?: ReactNode;
  readonly tools?: ReactNode;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

export function Panel({ id, title, note, tools, className, children }: PanelProps) {
  return (
    <section className={classes(styles.panel, className)} aria-labelledby={`${id}-title`} id={id}>
      <header className={styles.head}>
        <h2 className={styles.title} id={`${id}-title`}>
          {title}
        </h2>
        {note && <div className={styles.note}>{note}</div>}
        {tools && <div className={styles.tools}>{tools}</div>}
      </header>
      {children}
    </section>
  );
}

/** A part of a panel with a smaller head. */
export function Section({
  title,
  tools,
  children,
}: {
  title: ReactNode;
  tools?: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className={styles.section}>
      <div className={styles.sectionHead}>
        <h3 className={styles.sectionTitle}>{title}</h3>
        {tools && <div className={styles.tools}>{tools}</div>}
      </div>
      {children}
    </div>
  );
}
