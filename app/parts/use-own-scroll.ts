/** Places that take turns in one page, as on a phone, each with a scroll position of its own. */
import { useEffect, useLayoutEffect, useRef } from 'react';

/**
 * Goes to where the place was left, at first to its top.
 * @param place the one that is shown now; null while it is the business of others
 */
export function useOwnScroll(place: string | null): void {
  const kept = useRef(new Map<string, number>());
  useLayoutEffect(() => {
    if (place !== null) scrollTo({ top: kept.current.get(place) ?? 0, behavior: 'instant' });
  }, [place]);
  useEffect(() => {
    if (place === null) return;
    const positions = kept.current;
    const scrolled = (): void => void positions.set(place, scrollY);
    addEventListener('scroll', scrolled, { passive: true });
    return () => removeEventListener('scroll', scrolled);
  }, [place]);
}
