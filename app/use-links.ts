/** A link in the address, at the start or while the page is shown, is kept for the person's word; the address then names the view again. */
import { useEffect } from 'react';
import { useSession } from './session/context.tsx';
import { routeOf, viewOf } from './views/views.ts';

/** As share.ts writes it, which is loaded only once there is a link. */
const MARK = '#link=';

export function useLinks(): void {
  const { page } = useSession();
  useEffect(() => {
    const look = (before: string): void => {
      if (!location.hash.startsWith(MARK)) return;
      page.getState().setLink(location.hash.slice(MARK.length));
      history.replaceState(null, '', routeOf(viewOf(before)));
    };
    look('');
    const changed = (event: HashChangeEvent): void => look(new URL(event.oldURL).hash);
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, [page]);
}
