/** A link that was opened: what it would change, and nothing is changed before a yes. Loaded with the first link. */
import { useState } from 'react';
import { plural } from './format.ts';
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
      <Dialog open title="This link can't be opened" onOpenChange={close}>
        <p role="alert">{found.problem}</p>
        <p>Nothing was changed.</p>
        <div className={styles.buttons}>
          <Button look="primary" onClick={close}>
            Close
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
    <Dialog open title="Open this link?" onOpenChange={close}>
      {changes.length === 0 ? (
        <p>It shows what this page shows already{view ? `, in ${view.title}` : ''}.</p>
      ) : (
        <>
          <p>
            It changes {plural(changes.length, 'thing')} here. Your runs stay, and one Undo takes all of it
            back.
          </p>
          <ul className={styles.changes} aria-label="What the link changes">
            {changes.slice(0, SHOWN).map((change) => (
              <li key={change}>{change}</li>
            ))}
            {changes.length > SHOWN && <li>and {plural(changes.length - SHOWN, 'more')}</li>}
          </ul>
        </>
      )}
      <div className={styles.buttons}>
        <Button look="primary" onClick={open}>
          {changes.length === 0 ? 'Go there' : 'Open it'}
        </Button>
        <Button onClick={close}>Keep mine</Button>
      </div>
    </Dialog>
  );
}
