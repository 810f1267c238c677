/** The palette: every action by its words, those that can't be done now with the reason. Loaded when first opened. */
import { Command } from 'cmdk';
import { Dialog } from 'radix-ui';
import { useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { useSession } from '../session/context.tsx';
import type { Session } from '../session/session.ts';
import { GROUPS, perform, titleOf, whyNot, wordsOf } from './action.ts';
import type { Action } from './action.ts';
import { actionsNow } from './actions.ts';
import { Keys } from './Keys.tsx';
import { fit } from './match.ts';
import dialog from '../parts/Dialog.module.css';
import { paletteTexts } from '../texts/palette.ts';
import { actionTexts } from '../texts/actions.ts';
import styles from './Palette.module.css';

const wordsOfAll = (action: Action): string => `${actionTexts.groups[action.group]} ${wordsOf(action)}`;

/** So many are shown of what fits: another word leaves fewer. */
const MOST = 100;

/** Those that fit best; hundreds of runs are not drawn at each letter. */
function lookedFor(text: string, all: readonly Action[], session: Session): Action[] {
  return all
    .map((action) => ({ action, fits: fit(text, titleOf(action, session), wordsOfAll(action)) }))
    .filter(({ fits }) => fits > 0)
    .toSorted((a, b) => b.fits - a.fits)
    .slice(0, MOST)
    .map(({ action }) => action);
}

export default function Palette({ onClose }: { readonly onClose: () => void }) {
  const session = useSession();
  const [text, setText] = useState('');
  const { library } = session;
  const runs = useStore(library.store, (state) => state.runs);
  useEffect(() => {
    void library.refresh();
  }, [library]);
  // Made anew when the kept runs have been read.
  const all = useMemo(() => actionsNow(session, runs ?? []), [session, runs]);
  const actions =
    text.trim() === '' ? all.filter((action) => action.unlisted !== true) : lookedFor(text, all, session);
  const choose = (action: Action): void => {
    onClose();
    // The dialog gives the focus back in a task of its own, and it comes before the second of these.
    if (action.takesFocus) setTimeout(() => setTimeout(() => void perform(action, session)));
    else void perform(action, session);
  };
  return (
    <Dialog.Root open onOpenChange={(open) => open || onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className={dialog.overlay} />
        <Dialog.Content className={styles.content} aria-describedby={undefined}>
          <Dialog.Title className={styles.name}>{paletteTexts.find}</Dialog.Title>
          <Command
            label={paletteTexts.find}
            filter={(_id, search, [title = '', ...words] = []) => fit(search, title, words.join(' '))}
          >
            <Command.Input
              className={styles.input}
              placeholder={paletteTexts.question}
              value={text}
              onValueChange={setText}
            />
            <Command.List className={styles.list}>
              <Command.Empty className={styles.empty}>{paletteTexts.nothing}</Command.Empty>
              {GROUPS.map((group) => (
                <Command.Group key={group} heading={actionTexts.groups[group]} className={styles.group}>
                  {actions
                    .filter((action) => action.group === group)
                    .map((action) => {
                      const why = whyNot(action, session);
                      const title = titleOf(action, session);
                      return (
                        <Command.Item
                          key={action.id}
                          className={styles.item}
                          value={action.id}
                          keywords={[title, wordsOfAll(action)]}
                          disabled={why !== null}
                          onSelect={() => choose(action)}
                        >
                          <span className={styles.title}>{title}</span>
                          {why !== null && <span className={styles.why}>{why}</span>}
                          {action.keys !== undefined && <Keys keys={action.keys} />}
                        </Command.Item>
                      );
                    })}
                </Command.Group>
              ))}
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
