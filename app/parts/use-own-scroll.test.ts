import { expect, it } from 'vitest';
import { ScrollPlaces } from './use-own-scroll.ts';

/** A page that is scrolled by hand and by code. */
class Page extends EventTarget {
  scrollY = 0;

  scrollTo(to?: ScrollToOptions | number): void {
    this.scrollY = typeof to === 'object' ? (to.top ?? 0) : 0;
    this.dispatchEvent(new Event('scroll'));
  }
}

it('leaves each place where it was, and another at its top at first', () => {
  const page = new Page();
  const places = new ScrollPlaces();
  page.scrollTo({ top: 900 });
  const leaveTrain = places.show('train', page);
  expect(page.scrollY).toBe(0);
  page.scrollTo({ top: 300 });
  leaveTrain();
  // Between two places the page scrolls by itself: that is nobody's position.
  page.scrollTo({ top: 40 });
  const leaveRank = places.show('rank', page);
  expect(page.scrollY).toBe(0);
  page.scrollTo({ top: 50 });
  leaveRank();
  places.show('train', page)();
  expect(page.scrollY).toBe(300);
  places.show('rank', page)();
  expect(page.scrollY).toBe(50);
});
