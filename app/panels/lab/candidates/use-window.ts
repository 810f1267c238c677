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
import { useMemo, useRef, useSyncExternalStore } from 'react';
import type { RefObject } from 'react';

export interface ListWindow {
  readonly box: RefObject<HTMLDivElement | null>;
  /** Height of the whole list in pixels. */
  readonly height: number;
  readonly items: readonly Pick<VirtualItem, 'index' | 'start'>[];
}

export function useListWindow(count: number, rowHeight: number): ListWindow {
  const box = useRef<HTMLDivElement>(null);
  const { subscribe, read } = useMemo(() => {
    let notify = (): void => {};
    const virtual = new Virtualizer<HTMLDivElement, Element>({
      count,
      getScrollElement: () => box.current,
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
  }, [count, rowHeight]);
  const items = useSyncExternalStore(subscribe, read);
  return { box, height: count * rowHeight, items };
}
