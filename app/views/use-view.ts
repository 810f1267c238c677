/** Which view the address names. Changing it is a step of the browser's history, so back and forward work. */
import { useEffect, useSyncExternalStore } from 'react';
import { opened } from '../parts/later.ts';
import { routeOf, viewOf, views } from './views.ts';
import type { ViewId } from './views.ts';
import { pageTexts } from '../texts/page.ts';

function subscribe(changed: () => void): () => void {
  addEventListener('hashchange', changed);
  return () => removeEventListener('hashchange', changed);
}

export function goTo(id: ViewId): void {
  if (viewOf(location.hash) !== id) location.hash = routeOf(id);
}

export function useView(): ViewId {
  const view = useSyncExternalStore(subscribe, () => viewOf(location.hash));
  useEffect(() => {
    document.title = view === 'train' ? pageTexts.name : pageTexts.titleOf(pageTexts.viewTitles[view]);
  }, [view]);
  return view;
}

/** Loads the other views' code once the first ranking is drawn and the page has nothing else to do. */
export function usePrefetchedViews(): void {
  useEffect(() => {
    let cancel = (): void => {};
    let gone = false;
    const load = (): void => {
      // A failure here is none yet: the view says so when it is asked for.
      for (const view of views) view.load().catch(() => {});
    };
    void opened.then(() => {
      if (gone) return;
      const idle = globalThis.requestIdleCallback;
      if (!idle) {
        const timer = setTimeout(load, 5000);
        cancel = () => clearTimeout(timer);
        return;
      }
      const handle = idle(load, { timeout: 10_000 });
      cancel = () => cancelIdleCallback(handle);
    });
    return () => {
      gone = true;
      cancel();
    };
  }, []);
}
