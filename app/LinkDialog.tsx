/** A link that was opened: what it would change, and nothing is changed before a yes. Loaded with the first link. */
import { useState } from 'react';
import { count } from './format.ts';
import { pageTexts } from './texts/page.ts';
import { linkTexts } from './texts/link.ts';
import styles from './LinkDialog.module.css';
import { schemas } from './session/built-in.ts';
import { useSession } from './session/context.tsx';
import type { Session } from './session/session.ts';
import { readLink } from './session/share.ts';
import type { OpenLink } from './session/share.ts';
import { Button } from './parts/Button.tsx';
import Dialog from './parts/Dialog.tsx';
import { goTo } from './views/use-view.ts';
import { views } from './views/views.ts';
import './stores/readers.ts';

const SHOWN = 40;

function read(link: string, session: Session): OpenLink | { readonly problem: string } {
  try {
    return readLink(link, session, schemas);
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

export default function LinkDialog({ link }: { readonly link: string }) {
  const session = useSession();
  const [found] = useState(() => read(link, session));
  const close = (): void => session.page.getState().setLink(null);
  if ('problem' in found) {
    return (
      <Dialog open title={linkTexts.broken} onOpenChange={close}>
        <p role="alert">{found.problem}</p>
        <p>{linkTexts.nothingChanged}</p>
        <div className={styles.buttons}>
          <Button look="primary" onClick={close}>
            {pageTexts.close}
          </Button>
        </div>
      </Dialog>
    );
  }
  const { changes, apply } = found;
  const view = views.find(({ id }) => id === found.view);
  const open = (): void => {
    apply();
    close();
    if (view) goTo(view.id);
  };
  return (
    <Dialog open title={linkTexts.open} onOpenChange={close}>
      {changes.length === 0 ? (
        <p>{view ? linkTexts.sameInView(pageTexts.viewTitles[view.id]) : linkTexts.same}</p>
      ) : (
        <>
          <p>{linkTexts.changes(changes.length)}</p>
          <ul className={styles.changes} aria-label={linkTexts.changesList}>
            {changes.slice(0, SHOWN).map((change) => (
              <li key={change}>{change}</li>
            ))}
            {changes.length > SHOWN && <li>{linkTexts.andMore(count(changes.length - SHOWN))}</li>}
          </ul>
        </>
      )}
      <div className={styles.buttons}>
        <Button look="primary" onClick={open}>
          {changes.length === 0 ? linkTexts.goThere : linkTexts.openIt}
        </Button>
        <Button onClick={close}>{linkTexts.keepMine}</Button>
      </div>
    </Dialog>
  );
}
