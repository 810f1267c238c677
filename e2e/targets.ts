/** Which targets may be too small, or too near to others: what their boxes alone do not tell is axe's. */
import type { Page } from '@playwright/test';
import type { World } from './axe.ts';

/**
 * What axe says of the size of targets. One that is large enough and has no other over it is right by the rule's first
 * sentence, a small one with room around it by its second; axe looks at the rest, each with its neighbours once.
 */
export function targetSizes(page: Page): Promise<void> {
  return page.evaluate(() => {
    const world = globalThis as unknown as World;
    const checked = (world.targets ??= new Set());
    const LEAST = 24;
    // What axe calls a widget that takes the focus: boxes that scroll and parts of drawings are none.
    const WIDGET =
      /^(button|checkbox|combobox|gridcell|link|menuitem.*|option|radio|scrollbar|searchbox|separator|slider|spinbutton|switch|tab|textbox|treeitem)$/;
    const targets = [
      ...document.body.querySelectorAll(
        'a[href], area, button, input, select, textarea, summary, iframe, [tabindex][role], [contenteditable]',
      ),
    ]
      .filter((of) => WIDGET.test(of.getAttribute('role') ?? 'button'))
      .filter((of) => of.checkVisibility({ visibilityProperty: true }))
      .flatMap((of) => [...of.getClientRects()].map((box) => ({ of, box })));
    const scrolls = (of: Element): boolean => {
      const { overflowX, overflowY } = getComputedStyle(of);
      return (
        (of.scrollWidth > of.clientWidth && /auto|scroll/.test(overflowX)) ||
        (of.scrollHeight > of.clientHeight && /auto|scroll/.test(overflowY))
      );
    };
    /** What floats lies over others until the page is scrolled; what a box has scrolled away lies over nothing outside. */
    const layers = new Map<Element, Element | null>();
    const layerOf = (of: Element): Element | null => {
      const known = layers.get(of);
      if (known !== undefined) return known;
      const floats = /fixed|sticky/.test(getComputedStyle(of).position);
      const above = of.parentElement;
      const layer = floats || !above ? of : scrolls(above) ? above : layerOf(above);
      layers.set(of, layer);
      return layer;
    };
    const near = (a: DOMRect, b: DOMRect, by: number): boolean =>
      a.left < b.right + by && b.left < a.right + by && a.top < b.bottom + by && b.top < a.bottom + by;
    const isLarge = ({ width, height }: DOMRect): boolean => width >= LEAST && height >= LEAST;
    /** Whether the circle that a small target needs meets neither another nor, where that is small, its circle. */
    const isApart = (small: DOMRect, other: DOMRect): boolean => {
      const [x, y] = [small.left + small.width / 2, small.top + small.height / 2];
      const aside = Math.max(other.left - x, 0, x - other.right);
      const above = Math.max(other.top - y, 0, y - other.bottom);
      if (Math.hypot(aside, above) < LEAST / 2) return false;
      const between = Math.hypot(x - other.left - other.width / 2, y - other.top - other.height / 2);
      return isLarge(other) || between > LEAST;
    };
    /** Whether enough of a target lies beside all that lies over it. */
    const isFree = (box: DOMRect, over: readonly { box: DOMRect }[]): boolean => {
      const aside = over.map((other) => other.box);
      const left = Math.min(box.right, ...aside.map((other) => other.left)) - box.left;
      const right = box.right - Math.max(box.left, ...aside.map((other) => other.right));
      const top = Math.min(box.bottom, ...aside.map((other) => other.top)) - box.top;
      const bottom = box.bottom - Math.max(box.top, ...aside.map((other) => other.bottom));
      return isLarge(box) && (Math.max(left, right) >= LEAST || Math.max(top, bottom) >= LEAST);
    };
    const found = new Map<string, Element>();
    for (const { of, box } of targets) {
      const around = targets.filter(
        (other) => other.of !== of && near(box, other.box, LEAST) && layerOf(other.of) === layerOf(of),
      );
      const over = around.filter((other) => near(box, other.box, 0));
      if (over.length === 0 && around.every((other) => isApart(box, other.box))) continue;
      if (isFree(box, over)) continue;
      const text = (other: { of: Element; box: DOMRect }): string =>
        [
          other.of.tagName,
          other.of.getAttribute('role'),
          other.of.getAttribute('tabindex'),
          getComputedStyle(other.of).display,
          of.contains(other.of),
          other.of.contains(of),
          ...[other.box.left - box.left, other.box.top - box.top, other.box.width, other.box.height].map(
            (pixels) => Math.round(2 * pixels),
          ),
        ].join(' ');
      const words = of.parentElement?.textContent.trim() !== of.textContent.trim();
      const key = [words, ...[{ of, box }, ...around].map(text)].join('|');
      if (!checked.has(key)) found.set(key, of);
    }
    if (found.size === 0) return;
    const sizes = { elements: new Set(found.values()), keys: [...found.keys()], checked };
    world.plans = { ...world.plans, sizes };
  });
}
