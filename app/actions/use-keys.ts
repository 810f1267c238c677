/** The keys of all actions, as long as the page is shown. */
import { useEffect } from 'react';
import { useSession } from '../session/context.tsx';
import type { Session } from '../session/session.ts';
import { perform } from './action.ts';
import type { Action } from './action.ts';
import { isPressed } from './keys.ts';

/** Whether the keys of a press go into text. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  if (target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'file'].includes(target.type);
}

function onPress(event: KeyboardEvent, session: Session, actions: readonly Action[]): void {
  if (event.repeat || event.isComposing) return;
  const typing = isTyping(event.target);
  // What lies over the page has its own keys.
  const covered = document.querySelector('[role=dialog]') !== null;
  const action = actions.find(
    ({ keys, otherKeys = [], whileTyping }) =>
      keys !== undefined &&
      [keys, ...otherKeys].some((one) => isPressed(one, event)) &&
      (whileTyping === true || (!typing && !covered)),
  );
  if (!action) return;
  event.preventDefault();
  event.stopPropagation();
  void perform(action, session);
}

export function useKeys(): void {
  const session = useSession();
  useEffect(() => {
    let actions: readonly Action[] = [];
    const load = import('./actions.ts').then((found) => (actions = found.actions));
    // Without them the page works all the same; whoever opens the palette hears of it.
    load.catch(() => {});
    const listen = (event: KeyboardEvent): void => onPress(event, session, actions);
    document.addEventListener('keydown', listen, { capture: true });
    return () => document.removeEventListener('keydown', listen, { capture: true });
  }, [session]);
}
