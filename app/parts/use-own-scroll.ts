/** Places that take turns in one page, as on a phone, each with a scroll position of its own. */
import { useLayoutEffect, useRef } from 'react';

type Scrolling = Pick<Window, 'scrollTo' | 'scrollY' | 'addEventListener' | 'removeEventListener'>;

/** Where each place was left. */
export class ScrollPlaces {
  readonly #kept = new Map<string, number>();

  /** Goes to where the place was left, at first to its top, and follows it. @returns the end of that. */
  show(place: string, page: Scrolling): () => void {
    page.scrollTo({ top: this.#kept.get(place) ?? 0, behavior: 'instant' });
    const scrolled = (): void => void this.#kept.set(place, page.scrollY);
    page.addEventListener('scroll', scrolled, { passive: true });
    return () => page.removeEventListener('scroll', scrolled);
  }
}

/** @param place the one that is shown now; null while it is the business of others */
export function useOwnScroll(place: string | null): void {
  const places = useRef(new ScrollPlaces());
  useLayoutEffect(() => (place === null ? undefined : places.current.show(place, window)), [place]);
}
