/** The page's one shortcut: Ctrl+Enter (or Cmd+Enter) trains or pauses, also from within the editor. */
import { useEffect } from 'react';
import { useSession } from './session/context.tsx';

export function useShortcuts(): void {
  const session = useSession();
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.repeat) return;
      event.preventDefault();
      const { phase } = session.run.getState();
      if (phase === 'running') void session.pause();
      else if (phase !== 'preparing') void session.train();
    };
    document.addEventListener('keydown', listen, { capture: true });
    return () => document.removeEventListener('keydown', listen, { capture: true });
  }, [session]);
}
