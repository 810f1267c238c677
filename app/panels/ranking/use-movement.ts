/** Lets list items glide to their new places when the order changes (FLIP); not where motion is to be reduced. */
import { useLayoutEffect, useRef } from 'react';
import type { RefObject } from 'react';

const DURATION_MS = 320;
/** About as high as the highest items. */
const ITEM_HEIGHT = 200;

/**
 * @param order changes exactly when the items' order does. Items need `data-id`.
 * @param shape changes when items may grow or shrink without moving in the order.
 */
export function useMovement(order: string, shape = ''): RefObject<HTMLOListElement | null> {
  const list = useRef<HTMLOListElement>(null);
  const places = useRef(new Map<string, number>());
  const last = useRef(order);

  useLayoutEffect(() => {
    // In the next frame, before it is painted: it lays the page out anyway, so the task with the new order need not.
    const frame = requestAnimationFrame(() => {
      if (!list.current) return;
      const items = [...list.current.children].filter((item) => item instanceof HTMLElement);
      const before = places.current;
      // All places are read before anything is animated: reading after writing would lay the page out once per item.
      const now = new Map(items.map((item) => [item.dataset['id'] ?? '', item.offsetTop]));
      places.current = now;
      const moved = last.current !== order;
      last.current = order;
      if (!moved || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
      const inSight = sight(list.current);
      for (const item of items) {
        const id = item.dataset['id'] ?? '';
        const [from, to] = [before.get(id), now.get(id) ?? 0];
        if (from === undefined || from === to || !(inSight(from) || inSight(to))) continue;
        item.animate([{ transform: `translateY(${from - to}px)` }, { transform: 'none' }], {
          duration: DURATION_MS,
          easing: 'cubic-bezier(0.2, 0, 0, 1)',
        });
      }
    });
    return () => cancelAnimationFrame(frame);
  }, [order, shape]);
  return list;
}

/** Tells of an item's offset whether a person can see it there: every item that moves is a layer to paint. */
function sight(list: HTMLElement): (offset: number) => boolean {
  const shift = list.getBoundingClientRect().top - list.offsetTop;
  return (offset) => offset + shift > -ITEM_HEIGHT && offset + shift < innerHeight;
}
