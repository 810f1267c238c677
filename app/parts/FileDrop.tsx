/** A place to drop files on, shown as such only while files are over it. */
import { useState } from 'react';
import type { DragEvent, ReactNode } from 'react';
import { classes } from './classes.ts';
import styles from './FileDrop.module.css';

interface FileDropProps {
  /** What happens to a file that is let go here. */
  readonly hint: string;
  readonly onFiles: (files: readonly File[]) => void;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

export function FileDrop({ hint, onFiles, className, children }: FileDropProps) {
  const [over, setOver] = useState(false);
  const carries = (event: DragEvent): boolean => event.dataTransfer.types.includes('Files');
  return (
    <div
      className={classes(styles.drop, className)}
      onDragOver={(event) => {
        if (!carries(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={(event) => {
        if (!carries(event)) return;
        event.preventDefault();
        setOver(false);
        onFiles([...event.dataTransfer.files]);
      }}
    >
      {children}
      {over && <div className={styles.over}>{hint}</div>}
    </div>
  );
}
