/**
 * Lists that are often put in a new order: what is seen follows at once, by the CSS property `order`; the elements
 * follow when the order has been quiet for a while, because a browser lays every element that is moved out anew.
 */
import { startTransition, useEffect, useMemo, useState } from 'react';
import { CADENCE } from '../cadence.ts';

/**
 * @param items in the order to be seen.
 * @param keyOf names an item; the same function on every call.
 * @param hold keeps the elements where they are for as long as it is true.
 * @returns the items in the order in which their elements are to stand in the page.
 */
export function useSettledOrder<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  hold: boolean,
): readonly T[] {
  const seen = items.map(keyOf).join('\n');
  const [settled, setSettled] = useState(seen);
  useEffect(() => {
    if (hold) return;
    const timer = setTimeout(() => startTransition(() => setSettled(seen)), CADENCE.settled);
    return () => clearTimeout(timer);
  }, [seen, hold]);
  return useMemo(() => {
    const places = new Map(settled.split('\n').map((key, place) => [key, place]));
    const place = (item: T): number => places.get(keyOf(item)) ?? places.size;
    return items.toSorted((a, b) => place(a) - place(b));
  }, [items, keyOf, settled]);
}
