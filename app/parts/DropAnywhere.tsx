/** The whole page as a place to drop files on, shown as such only while files are over it. */
import { useEffect, useRef, useState } from 'react';
import styles from './DropAnywhere.module.css';

interface DropAnywhereProps {
  readonly hint: string;
  readonly onFiles: (files: readonly File[]) => void;
}

export function DropAnywhere({ hint, onFiles }: DropAnywhereProps) {
  const [over, setOver] = useState(false);
  const take = useRef(onFiles);
  useEffect(() => {
    take.current = onFiles;
  }, [onFiles]);
  useEffect(() => {
    const carries = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true;
    const drag = (event: DragEvent): void => {
      if (!carries(event)) return;
      // Without this the browser leaves the page for the file.
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent): void => {
      if (!carries(event)) return;
      event.preventDefault();
      // An editor would put the file's text where the pointer is.
      event.stopPropagation();
      setOver(false);
      take.current([...(event.dataTransfer?.files ?? [])]);
    };
    const ends = new AbortController();
    const options = { capture: true, signal: ends.signal };
    document.addEventListener('dragenter', drag, options);
    document.addEventListener('dragover', drag, options);
    document.addEventListener('dragleave', leave, options);
    document.addEventListener('drop', drop, options);
    return () => ends.abort();
  }, []);
  return over ? (
    <div className={styles.over} aria-hidden="true">
      {hint}
    </div>
  ) : null;
}
