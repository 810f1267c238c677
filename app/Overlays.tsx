/** What lies over the page: dialogs that actions open, what they answer, a link that waits for a word, files that are dropped. */
import { Suspense } from 'react';
import { useStore } from 'zustand';
import { Notice } from './parts/Notice.tsx';
import { retryable } from './parts/retryable.ts';
import { useSession } from './session/context.tsx';
import { take } from './actions/take.ts';
import { DropAnywhere } from './parts/DropAnywhere.tsx';
import { useLinks } from './use-links.ts';
import { pageTexts } from './texts/page.ts';
import styles from './Overlays.module.css';

const Palette = retryable(() => import('./actions/Palette.tsx'));
const Shortcuts = retryable(() => import('./actions/Shortcuts.tsx'));
const Gallery = retryable(() => import('./gallery/Gallery.tsx'));
const LinkDialog = retryable(() => import('./LinkDialog.tsx'));

export function Overlays() {
  const session = useSession();
  const { page } = session;
  useLinks();
  const link = useStore(page, (state) => state.link);
  const dialog = useStore(page, (state) => state.dialog);
  const said = useStore(page, (state) => state.said);
  const { show, say } = page.getState();
  const close = (): void => show(null);
  return (
    <>
      <Suspense fallback={null}>
        {dialog === 'palette' && <Palette onClose={close} />}
        {dialog === 'shortcuts' && <Shortcuts onClose={close} />}
        {dialog === 'gallery' && <Gallery onClose={close} />}
      </Suspense>
      {link !== null && (
        <Suspense fallback={null}>
          <LinkDialog key={link} link={link} />
        </Suspense>
      )}
      <DropAnywhere hint={pageTexts.dropHint} onFiles={(files) => void take(session, files)} />
      <div className={styles.said} role="status" aria-label={pageTexts.answer}>
        {said && (
          <Notice tone={said.tone} title={said.title} onClose={() => say(null)}>
            {said.text}
          </Notice>
        )}
      </div>
    </>
  );
}
