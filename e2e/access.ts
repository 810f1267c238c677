/** What everyone must be able to see and reach: axe, what is cut, the way of the Tab key, contrast and motion. */
import { expect, type Page } from '@playwright/test';
import { axeFindings } from './axe.ts';

/** Wide, tablet, phone, and what 200 % of a laptop's window leaves. */
export const WIDTHS = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 720, height: 450 },
  { width: 390, height: 844 },
] as const;

export type Findings = Map<string, Set<string>>;

function note(found: Findings, what: string, where: string): void {
  found.set(what, (found.get(what) ?? new Set()).add(where));
}

/** Texts that their own box cuts off, and a page that scrolls sideways. */
export async function cut(page: Page, where: string, found: Findings): Promise<void> {
  const texts = await page.evaluate(() => {
    const found: string[] = [];
    const root = document.documentElement;
    if (root.scrollWidth > innerWidth) {
      const beyond = [...document.body.querySelectorAll('*')].filter(
        (element) =>
          element.getBoundingClientRect().right > innerWidth + 1 &&
          element.checkVisibility() &&
          !element.closest('.cm-editor'),
      );
      const names = beyond.slice(0, 4).map(({ tagName, className }) => `${tagName}.${String(className)}`);
      found.push(`page: ${root.scrollWidth} in ${innerWidth} px by ${names.join(', ')}`);
    }
    for (const element of document.body.querySelectorAll<HTMLElement>('*')) {
      if (element.closest('svg, .cm-editor') || element.clientWidth <= 1 || element.clientHeight <= 1)
        continue;
      const texts = [...element.childNodes].some(
        (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim(),
      );
      // A tweet in a list is an excerpt of one that is shown whole where it is opened.
      const entry = element.closest('li, [data-excerpt]');
      const opened = entry?.querySelector('button[aria-expanded=true], button[aria-pressed=true]');
      if (!texts || (entry && !opened)) continue;
      const style = getComputedStyle(element);
      // What scrolls shows everything; what spills over is found where it lies over others or beyond the page.
      const hides = (overflow: string): boolean => overflow === 'hidden' || overflow === 'clip';
      const wide = hides(style.overflowX) && element.scrollWidth > element.clientWidth + 1;
      const high = hides(style.overflowY) && element.scrollHeight > element.clientHeight + 2;
      const spills =
        style.overflowX === 'visible' &&
        style.display !== 'inline' &&
        element.scrollWidth > element.clientWidth + 2;
      const button = spills && element.matches('button, [role=tab], a, label, td, th, output');
      if (wide || high || button) {
        found.push(
          `${element.tagName.toLowerCase()}.${element.className} '${element.textContent?.slice(0, 40)}'`,
        );
      }
    }
    return found;
  });
  for (const text of texts) note(found, `cut ${text}`, where);
}

async function resized(page: Page, size: (typeof WIDTHS)[number]): Promise<void> {
  await page.setViewportSize(size);
  // The page hears of its new width when the next frame is made: before it, parts are of the old one.
  await page.evaluate(
    () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
  );
}

/** One state of the page in every width and theme: what is cut, and what axe finds. */
export async function everyLook(page: Page, state: string, found: Findings): Promise<void> {
  for (const [at, size] of WIDTHS.entries()) {
    await resized(page, size);
    await cut(page, `${state} ${size.width}`, found);
    // From one theme to the other and, at the next width, back: each change draws the whole page anew.
    const themes = at % 2 === 0 ? (['light', 'dark'] as const) : (['dark', 'light'] as const);
    for (const [nth, colorScheme] of themes.entries()) {
      // Without motion: colours on their way from one theme to the other are neither's.
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      for (const { text, ofColour } of await axeFindings(page, nth === 0 ? 'first' : 'other')) {
        note(found, `axe ${text}`, `${state} ${size.width}${ofColour ? ` ${colorScheme}` : ''}`);
      }
    }
  }
  await page.setViewportSize(WIDTHS[0]);
}

/** Texts that are cut once they are spaced as people may set it for every page, an opened tweet's too. */
export async function cutWhenSpaced(page: Page, where: string, found: Findings): Promise<void> {
  const closed = page
    .getByTestId('card')
    .filter({ visible: true })
    .first()
    .locator('button[aria-expanded=false]');
  if ((await closed.count()) > 0) await closed.click();
  await spaced(page, true);
  // A card out of sight is laid out when it comes into sight.
  const opened = page.locator('li:has(button:is([aria-expanded=true], [aria-pressed=true]))');
  for (const card of await opened.filter({ visible: true }).all()) await card.scrollIntoViewIfNeeded();
  await cut(page, `${where}, spaced`, found);
  await spaced(page, false);
}

/** The spacing of text that people may set for every page (WCAG 1.4.12). */
async function spaced(page: Page, on: boolean): Promise<void> {
  await page.evaluate((wide) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(
      '* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }',
    );
    document.adoptedStyleSheets = wide ? [sheet] : [];
  }, on);
}

/** What moves for longer than a blink. */
export function moving(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    document
      .getAnimations()
      .filter(({ effect }) => Number(effect?.getComputedTiming().activeDuration ?? 0) > 1)
      .map((animation) => String((animation.effect as KeyframeEffect).target?.className)),
  );
}

/** What is lost of a view in forced colours, and what moves in it for who asked for less motion. */
export async function asAsked(page: Page, where: string, found: Findings): Promise<void> {
  await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
  for (const what of await unmarked(page)) note(found, `forced colours: ${what}`, where);
  for (const what of await moving(page)) note(found, `moves: ${what}`, where);
  await page.emulateMedia({ forcedColors: null });
}

/**
 * Marks of data and of what is chosen that look like their surroundings once the system's colours are forced.
 * @param least marks that there must be, where the view shows data.
 */
export function unmarked(page: Page, least = 0): Promise<string[]> {
  return page.evaluate((expected) => {
    const lost: string[] = [];
    const color = (of: Element): string => getComputedStyle(of).backgroundColor;
    const behind = (of: Element): string => {
      for (let at = of.parentElement; at; at = at.parentElement) {
        const found = color(at);
        if (!/^rgba\(.*, 0\)$/.test(found)) return found;
      }
      return 'rgb(255, 255, 255)';
    };
    for (const mark of document.querySelectorAll<HTMLElement>('[style*="background"], [data-mark]')) {
      if (mark.checkVisibility() && color(mark) === behind(mark)) lost.push(`mark ${mark.className}`);
    }
    const chosen = '[aria-selected=true], [aria-pressed=true], [aria-current=page]';
    for (const element of document.querySelectorAll(chosen)) {
      const { outlineStyle } = getComputedStyle(element);
      if (element.checkVisibility() && outlineStyle === 'none') lost.push(`chosen ${element.className}`);
    }
    const bars = document.querySelectorAll('[style*="background"]').length;
    if (bars < expected) lost.push(`only ${bars} marks were looked at`);
    return lost;
  }, least);
}

export const listed = (found: Findings): string[] =>
  [...found].map(([what, where]) => `${what} (${[...where].join(', ')})`);

interface Stop {
  readonly name: string;
  /** Something is drawn around it or behind it that is not there without the focus. */
  readonly shown: boolean;
  readonly inSight: boolean;
}

/**
 * The stops of the Tab key from the top of the page until it comes round, each once. Fails where a stop holds the focus,
 * and where one shows no focus or lies out of sight.
 */
export async function walk(page: Page, most: number): Promise<string[]> {
  await page.evaluate(() => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    document.body.setAttribute('tabindex', '-1');
    document.body.focus();
    document.body.removeAttribute('tabindex');
  });
  const stops: Stop[] = [];
  const seen = new Set<string>();
  for (;;) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const element = document.activeElement;
      if (!(element instanceof Element) || element === document.body) return null;
      const marks = globalThis as { walked?: Map<Element, number> };
      const walked = (marks.walked ??= new Map());
      const at = walked.get(element) ?? walked.size;
      walked.set(element, at);
      const drawn = (of: Element, part: string | null): boolean => {
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(of, part);
        const edge = of.matches('g') ? of.querySelector('rect') : null;
        const fellow = edge && of.parentElement?.querySelector('g:not(:focus) rect');
        const thick = (rect: Element): number => parseFloat(getComputedStyle(rect).strokeWidth);
        return (
          (outlineStyle !== 'none' && outlineWidth !== '0px') ||
          boxShadow !== 'none' ||
          Boolean(edge && fellow && thick(edge) > thick(fellow))
        );
      };
      // What an editor holds is as long as its text; its own frame is what can be seen of it.
      const box = (element.closest('.cm-editor') ?? element).getBoundingClientRect();
      const x = box.left + Math.min(box.width, innerWidth) / 2;
      const y = box.top + Math.min(box.height, innerHeight) / 2;
      return {
        key: String(at),
        name: `${element.tagName.toLowerCase()} ${element.getAttribute('aria-label') ?? element.textContent?.slice(0, 40)}`,
        // A part of a drawing has a thicker edge than its fellows; a card or an editor may show the focus of what it holds.
        shown: [element, element.closest('.cm-editor')].some(
          (of) => of !== null && (drawn(of, null) || drawn(of, '::after')),
        ),
        inSight: box.width > 0 && x > 0 && x < innerWidth && y > 0 && y < innerHeight,
      };
    });
    if (stop === null || seen.has(stop.key)) break;
    seen.add(stop.key);
    stops.push(stop);
    expect(stops.length, 'stops of the Tab key').toBeLessThan(most);
  }
  await page.evaluate(() => Reflect.deleteProperty(globalThis, 'walked'));
  expect(
    stops.filter(({ shown }) => !shown).map(({ name }) => name),
    'focus that is not seen',
  ).toEqual([]);
  expect(
    stops.filter(({ inSight }) => !inSight).map(({ name }) => name),
    'focus out of sight',
  ).toEqual([]);
  return stops.map(({ name }) => name);
}
