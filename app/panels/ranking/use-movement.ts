/** Lets list items glide to their new places when the order changes (FLIP); not where motion is to be reduced. */
import { useLayoutEffect, useRef } from 'react';
import type { RefObject } from 'react';

const DURATION_MS = 320;

/**
 * @param order changes exactly when the items' order does. Items need `data-id`.
 * @param shape changes when items may grow or shrink without moving in the order.
 */
export function useMovement(order: string, shape = ''): RefObject<HTMLOListElement | null> {
  const list = useRef<HTMLOListElement>(null);
  const places = useRef(new Map<string, number>());
  const last = useRef(order);

  useLayoutEffect(() => {
    const items = [...(list.current?.children ?? [])].filter((item) => item instanceof HTMLElement);
    const before = places.current;
    // All places are read before anything is animated: reading after writing would lay the page out once per item.
    const now = new Map(items.map((item) => [item.dataset['id'] ?? '', item.offsetTop]));
    places.current = now;
    const moved = last.current !== order;
    last.current = order;
    if (!moved || globalThis.matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    for (const item of items) {
      const id = item.dataset['id'] ?? '';
      const shift = (before.get(id) ?? 0) - (now.get(id) ?? 0);
      if (!before.has(id) || shift === 0) continue;
      item.animate([{ transform: `translateY(${shift}px)` }, { transform: 'none' }], {
        duration: DURATION_MS,
        easing: 'cubic-bezier(0.2, 0, 0, 1)',
      });
    }
  }, [order, shape]);
  return list;
}
