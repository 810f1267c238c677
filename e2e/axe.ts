/**
 * axe on every state of a page in every width and theme, each thing once: structure where the page is built otherwise than
 * it was before, contrast of texts that look otherwise. Measuring all of it each time takes minutes.
 */
import type { Page } from '@playwright/test';
import axe from 'axe-core';

/** `<rule>: <element> <what is wrong>`. */
export type AxeFinding = string;

interface World {
  readonly axe: typeof axe;
  /** What was looked at on this page and found right. */
  structures?: Set<string>;
  targets?: Set<string>;
  looks?: Set<string>;
  /** One number for each text that stands for a part of the page. */
  names?: Map<string, number>;
}

async function withAxe<T>(page: Page, run: () => Promise<T>): Promise<T> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source);
  return run();
}

/** Rules that read colours: they depend on the theme, all others do not. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

/** Rules whose answer for an element follows from others anywhere; all others look at it, into it and at what holds it. */
const PAGE_RULES = [
  'accesskeys',
  'bypass',
  'duplicate-id-aria',
  'frame-title-unique',
  'heading-order',
  'landmark-no-duplicate-banner',
  'landmark-no-duplicate-contentinfo',
  'landmark-no-duplicate-main',
  'landmark-one-main',
  'landmark-unique',
  'page-has-heading-one',
  'skip-link',
];

/** It follows from where things are, which no signature tells. */
const SIZE_RULE = 'target-size';

/** Cards of a long list are alike: the first ones stand for all. What a picture is drawn of is the picture's. */
const ALIKE = 'li:nth-child(n + 5), svg[role=img] > :not(title)';

/**
 * What axe says of everything but colours and sizes. It follows from the elements that are there, their attributes, whether
 * they have a text and whether they scroll: what is as it was in another state or width, inside and around, is not looked at
 * again.
 */
export function structure(page: Page): Promise<AxeFinding[]> {
  return withAxe(page, () =>
    page.evaluate(
      async ({ alike, elsewhere, whole }) => {
        const world = globalThis as unknown as World;
        const checked = (world.structures ??= new Set());
        const names = (world.names ??= new Map());
        const nameOf = (text: string): number => {
          const known = names.get(text) ?? names.size;
          names.set(text, known);
          return known;
        };
        const plain = (text: string): string => text.replaceAll(/\d+/g, '#');
        const hasText = (of: Element): boolean => {
          for (let node = of.firstChild; node; node = node.nextSibling) {
            if (node.nodeType === Node.TEXT_NODE && node.nodeValue?.trim()) return true;
          }
          return false;
        };
        /** Names that the page makes up anew each time, by whether they lead to anything that says something. */
        const REFERENCE = /^(for|aria-(labelledby|describedby|controls|owns|activedescendant|details))$/;
        const referred = new Set<string>();
        for (const of of document.querySelectorAll('[for], [aria-labelledby], [aria-owns]')) {
          for (const name of ['for', 'aria-labelledby', 'aria-owns']) {
            for (const id of of.getAttribute(name)?.split(' ') ?? []) referred.add(id);
          }
        }
        const leads = (id: string): string => {
          const to = document.getElementById(id);
          return to ? `${to.tagName}${to.textContent.trim() === ''}` : '';
        };
        const attribute = (of: Element, { name, value }: Attr): string => {
          if (name === 'class' || (name === 'style' && !value.includes('!important'))) return '';
          if (name === 'id') return `#${referred.has(value)}`;
          if (REFERENCE.test(name)) return `${name}=${value.split(' ').map(leads).join(' ')}`;
          if (of instanceof SVGElement && !/^(role|tabindex|href|aria-.*)$/.test(name)) return '';
          return `${name}=${plain(value)}`;
        };
        const scrolls = (of: Element): boolean =>
          (of.scrollHeight > of.clientHeight || of.scrollWidth > of.clientWidth) &&
          /auto|scroll/.test(getComputedStyle(of).overflow);

        /** By element: itself, and itself with all that it holds. */
        const heads = new Map<Element, string>();
        const trees = new Map<Element, number>();
        const build = (of: Element): number => {
          let tree: number;
          if (!of.checkVisibility()) tree = nameOf(`-${of.tagName}`);
          else {
            const head = `<${of.tagName} ${[...of.attributes].map((one) => attribute(of, one)).join(' ')}`;
            heads.set(of, head);
            const heading = /^H[1-6]$/.test(of.tagName) ? plain(of.textContent ?? '') : '';
            const inside: number[] = [];
            for (const child of of.children) if (!child.matches(alike)) inside.push(build(child));
            tree = nameOf(`${head} ${hasText(of)} ${heading} ${scrolls(of)}>${inside.join(' ')}`);
          }
          trees.set(of, tree);
          return tree;
        };
        const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
        const all = `page ${build(document.documentElement)} ${ids.length - new Set(ids).size}`;
        if (checked.has(all)) return [];

        /** What page-wide rules read: levels of headings, landmarks and their names, ways, and what is hidden or modal. */
        const PLACE =
          'h1, h2, h3, h4, h5, h6, main, nav, header, footer, aside, section, article, form, dialog, iframe, [accesskey], [href^="#"], [aria-hidden], [inert]';
        const ROLE =
          /^(alertdialog|article|banner|complementary|contentinfo|dialog|form|heading|main|navigation|none|presentation|region|search)$/;
        const READ = [
          'role',
          'aria-level',
          'aria-modal',
          'aria-hidden',
          'inert',
          'open',
          'accesskey',
          'href',
        ];
        const outline = (of: Element): string => {
          if (!heads.has(of)) return '';
          const within = [...of.children].map(outline).join('');
          if (!ROLE.test(of.getAttribute('role') ?? '') && !of.matches(PLACE)) return within;
          const labels = of.getAttribute('aria-labelledby')?.split(' ') ?? [];
          const name = [
            ...labels.map((id) => document.getElementById(id)?.textContent),
            of.getAttribute('aria-label'),
            of.getAttribute('title'),
            /^H[1-6]$/.test(of.tagName) && of.textContent.trim() === '',
          ];
          return `<${of.tagName} ${[...READ.map((one) => of.getAttribute(one)), ...name].join('|')}>${within}</>`;
        };
        const places = `places ${nameOf(outline(document.documentElement))} ${ids.length - new Set(ids).size}`;

        const before: Element[] = [];
        const seen = new Set<string>([all, places]);
        const walk = (of: Element, around: number): void => {
          const tree = trees.get(of);
          const head = heads.get(of);
          if (tree === undefined) return;
          const key = `${around} ${tree}`;
          if (checked.has(key)) {
            before.push(of);
            return;
          }
          seen.add(key);
          if (head === undefined) return;
          // A field has its label's words, a cell its table's heads.
          const inner = nameOf(`${around} ${head} ${of.matches('label, table, fieldset') ? tree : ''}`);
          for (const child of of.children) walk(child, inner);
        };
        walk(document.documentElement, -1);

        const options = { resultTypes: ['violations' as const], preload: false };
        const off = (rules: string[]) => Object.fromEntries(rules.map((rule) => [rule, { enabled: false }]));
        // axe looks from each element at each that is left out: those alone that lie in what it looks at.
        const page = { include: document, exclude: 'li:nth-child(n + 5)' };
        const apart = [...document.querySelectorAll<HTMLElement>(alike)].filter(
          (of) => !of.parentElement?.closest(alike) && !before.some((known) => known.contains(of)),
        );
        const found = [
          ...(checked.has(places) ? [] : [await world.axe.run(page, { ...options, runOnly: whole })]),
          await world.axe.run(
            { include: document, exclude: [...before, ...apart] as axe.ContextProp },
            { ...options, rules: off([...elsewhere, ...whole]) },
          ),
        ].flatMap(({ violations }) => violations);
        if (found.length === 0) for (const key of seen) checked.add(key);
        return found.flatMap(({ id, nodes }) =>
          nodes.map(({ html, any }) => `${id}: ${html.slice(0, 160)} ${any[0]?.message ?? ''}`),
        );
      },
      { alike: ALIKE, elsewhere: [...COLOUR_RULES, SIZE_RULE], whole: PAGE_RULES },
    ),
  );
}

/**
 * What axe says of the size of targets. One that is large enough and has no other over it is right by the rule's first
 * sentence, a small one with room around it by its second; axe looks at the rest, each with its neighbours once.
 */
export function targetSizes(page: Page): Promise<AxeFinding[]> {
  return withAxe(page, () =>
    page.evaluate(async (rule) => {
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
      if (found.size === 0) return [];
      const include = [...found.values()] as HTMLElement[];
      const options: axe.RunOptions = { runOnly: [rule], resultTypes: ['violations'], preload: false };
      const { violations } = await world.axe.run({ include }, options);
      if (violations.length === 0) for (const key of found.keys()) checked.add(key);
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html, any }) => `${id}: ${html.slice(0, 160)} ${any[0]?.message ?? ''}`),
      );
    }, SIZE_RULE),
  );
}

/**
 * What axe says of colours, of each look that no text had before on this page: it follows from a text's own colours and
 * size and from the grounds behind it, down to the first that nothing shows through.
 * After its first look at a page, in each theme, one colour on one even ground is right by WCAG's formula alone where it has
 * the contrast that small text needs: axe draws up the whole page for each call.
 */
export function contrast(page: Page): Promise<AxeFinding[]> {
  return withAxe(page, () =>
    page.evaluate(async (colours) => {
      const world = globalThis as unknown as World;
      const checked = (world.looks ??= new Set());
      const known = new Map<Element, string>();
      const ground = (element: Element | null): string => {
        if (!element) return '';
        const before = known.get(element);
        if (before !== undefined) return before;
        const { backgroundColor, backgroundImage, opacity, position, filter } = getComputedStyle(element);
        const own = [
          backgroundColor === 'rgba(0, 0, 0, 0)' ? '' : backgroundColor,
          backgroundImage === 'none' ? '' : backgroundImage,
          opacity === '1' ? '' : opacity,
          /static|relative/.test(position) ? '' : position,
          filter === 'none' ? '' : filter,
        ].join('|');
        const covers = /^(rgb|oklch)\([^/]*$/.test(backgroundColor) && opacity === '1' && filter === 'none';
        const below = covers ? '' : ground(element.parentElement);
        const all = own === '||||' ? below : `${below}/${own}`;
        known.set(element, all);
        return all;
      };
      const luminance = (rgb: readonly number[]): number => {
        const [r = 0, g = 0, b = 0] = rgb.map((channel) => {
          const share = channel / 255;
          return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const painted = new Map<string, readonly number[]>();
      const paper = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
      /** Red, green and blue of a colour that nothing shows through, however it is written. */
      const channels = (color: string): readonly number[] | undefined => {
        const before = painted.get(color);
        if (before || !paper || !/^(rgb|oklch)\([^/]*\)$/.test(color)) return before;
        paper.fillStyle = color;
        paper.fillRect(0, 0, 1, 1);
        const now = [...paper.getImageData(0, 0, 1, 1).data.subarray(0, 3)];
        painted.set(color, now);
        return now;
      };
      const contrasts = (color: string, behind: string): boolean => {
        const ground = /^\/([^|/]*)\|\|\|\|$/.exec(behind)?.[1] ?? '';
        const [ink, under] = [channels(color), channels(ground)];
        if (!ink || !under) return false;
        const [dark = 0, light = 0] = [luminance(ink), luminance(under)].toSorted((a, b) => a - b);
        return (light + 0.05) / (dark + 0.05) >= 4.5;
      };
      const theme = `dark: ${matchMedia('(prefers-color-scheme: dark)').matches}`;
      const looks = new Map<string, Element[]>();
      const texts = new Set<Element>(document.body.querySelectorAll('input, textarea, select'));
      const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      for (let node = nodes.nextNode(); node; node = nodes.nextNode()) {
        if (node.parentElement && node.nodeValue?.trim()) texts.add(node.parentElement);
      }
      for (const element of texts) {
        if (!element.checkVisibility()) continue;
        const { color, fontSize, fontWeight, fill, textDecorationLine } = getComputedStyle(element);
        const off = element.closest(':disabled, [aria-disabled=true]') !== null;
        const link = element.matches('a') && textDecorationLine;
        const look = [ground(element), color, fill, fontSize, fontWeight, off, link].join(' ');
        if (checked.has(look)) continue;
        const even = checked.has(theme) && !link && element instanceof HTMLElement;
        if (even && contrasts(color, ground(element))) continue;
        const alike = looks.get(look);
        if (!alike) looks.set(look, [element]);
        else if (alike.length < 2) alike.push(element);
      }
      if (looks.size === 0) return [];
      const include = [...looks.values()].flat() as HTMLElement[];
      const options: axe.RunOptions = { runOnly: colours, resultTypes: ['violations'], preload: false };
      const { violations } = await world.axe.run({ include }, options);
      // What is wrong is listed wherever it stands.
      if (violations.length === 0) for (const look of [theme, ...looks.keys()]) checked.add(look);
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html, any }) => `${id}: ${html.slice(0, 160)} ${any[0]?.message ?? ''}`),
      );
    }, COLOUR_RULES),
  );
}
