/** The data panel's two dialogs; what is in them is loaded when first opened. */
import { lazy, Suspense } from 'react';
import { Button } from '../../parts/Button.tsx';
import { Dialog } from '../../parts/Dialog.tsx';
import styles from './DataPanel.module.css';

const Explorer = lazy(() => import('./Explorer.tsx'));
const TeacherSettings = lazy(() => import('./TeacherSettings.tsx'));

export function ExplorerDialog() {
  return (
    <Dialog wide title="The data from close by" trigger={<Button look="quiet">Explore</Button>}>
      <Suspense fallback={<p className={styles.loading}>Loading…</p>}>
        <Explorer />
      </Suspense>
    </Dialog>
  );
}

export function TeacherDialog() {
  return (
    <Dialog wide title="Teacher settings" trigger={<Button>Teacher settings</Button>}>
      <Suspense fallback={<p className={styles.loading}>Loading…</p>}>
        <TeacherSettings />
      </Suspense>
    </Dialog>
  );
}
