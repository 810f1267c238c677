/**
 * Which rows of a long list of rows of one height to draw: TanStack's virtualizer as a store that React follows. The
 * library's own hook returns functions that cannot be memoized.
 */
import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
} from '@tanstack/react-virtual';
import type { VirtualItem } from '@tanstack/react-virtual';
import { useMemo, useState, useSyncExternalStore } from 'react';
import type { RefCallback } from 'react';

export interface ListWindow {
  /** For the element that scrolls. */
  readonly box: RefCallback<HTMLDivElement>;
  /** Height of the whole list in pixels. */
  readonly height: number;
  readonly items: readonly Pick<VirtualItem, 'index' | 'start'>[];
}

export function useListWindow(count: number, rowHeight: number): ListWindow {
  const [element, box] = useState<HTMLDivElement | null>(null);
  const { subscribe, read } = useMemo(
    () => createListWindow(element, count, rowHeight),
    [element, count, rowHeight],
  );
  const items = useSyncExternalStore(subscribe, read);
  return { box, height: count * rowHeight, items };
}

function createListWindow(element: HTMLDivElement | null, count: number, rowHeight: number) {
  let notify = (): void => {};
  const virtual = new Virtualizer<HTMLDivElement, Element>({
    count,
    getScrollElement: () => element,
    estimateSize: () => rowHeight,
    overscan: 8,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    onChange: () => notify(),
  });
  return {
    subscribe: (listener: () => void) => {
      notify = listener;
      const unmount = virtual._didMount();
      virtual._willUpdate();
      return unmount;
    },
    read: () => virtual.getVirtualItems(),
  };
}
