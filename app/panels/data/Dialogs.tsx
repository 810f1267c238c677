/** The data panel's two dialogs; they and what is in them are loaded when first opened. */
import { Suspense, useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from '../../parts/Button.tsx';
import { dataTexts } from '../../texts/data.ts';
import styles from './DataPanel.module.css';
import { retryable } from '../../parts/retryable.ts';

const Dialog = retryable(() => import('../../parts/Dialog.tsx'));
const Explorer = retryable(() => import('./Explorer.tsx'));
const TeacherSettings = retryable(() => import('./TeacherSettings.tsx'));

export function ExplorerDialog() {
  return (
    <LazyDialog title={dataTexts.exploreTitle} label={dataTexts.explore} look="quiet">
      <Explorer />
    </LazyDialog>
  );
}

export function TeacherDialog() {
  return (
    <LazyDialog title={dataTexts.teacherSettings} label={dataTexts.teacherSettings} look="normal">
      <TeacherSettings />
    </LazyDialog>
  );
}

function LazyDialog({
  title,
  label,
  look,
  children,
}: {
  readonly title: string;
  readonly label: string;
  readonly look: 'quiet' | 'normal';
  readonly children: ReactNode;
}) {
  const [wanted, setWanted] = useState(false);
  if (!wanted) return trigger(look, label, () => setWanted(true));
  return (
    <Suspense fallback={trigger(look, label)}>
      <Dialog wide defaultOpen title={title} trigger={trigger(look, label)}>
        <Suspense fallback={<p className={styles.loading}>{dataTexts.loading}</p>}>{children}</Suspense>
      </Dialog>
    </Suspense>
  );
}

function trigger(look: 'quiet' | 'normal', label: string, onClick?: () => void) {
  return (
    <Button look={look} aria-haspopup="dialog" {...(onClick ? { onClick } : {})}>
      {label}
    </Button>
  );
}
