/**
 * axe on every state of a page in every width and theme, each thing once: structure where the page is built otherwise than
 * it was before, contrast of texts that look otherwise. Measuring all of it each time takes minutes.
 */
import type { Page } from '@playwright/test';
import axe from 'axe-core';
import { targetSizes } from './targets.ts';

export interface AxeFinding {
  /** `<rule>: <element> <what is wrong>`. */
  readonly text: string;
  /** Whether it depends on the theme. */
  readonly ofColour: boolean;
}

/** What a group of rules has to look at, and the keys of what is right if it finds nothing. */
interface Plan {
  readonly elements: Set<Element>;
  readonly keys: readonly string[];
  readonly checked: Set<string>;
}

type Group = 'colours' | 'page' | 'sizes' | 'structure';

export interface World {
  readonly axe: typeof axe;
  plans?: Partial<Record<Group, Plan>>;
  /** What was looked at on this page and found right. */
  structures?: Set<string>;
  targets?: Set<string>;
  looks?: Set<string>;
  /** One number for each text that stands for a part of the page. */
  names?: Map<string, number>;
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

const GROUPS: Partial<Record<Group, readonly string[]>> = {
  colours: COLOUR_RULES,
  page: PAGE_RULES,
  sizes: [SIZE_RULE],
};

/** axe, whose rules look at what is planned for their group and at nothing else. */
async function install(page: Page): Promise<void> {
  if (await page.evaluate(() => 'axe' in globalThis)) return;
  await page.evaluate(axe.source);
  await page.evaluate((groups) => {
    const world = globalThis as unknown as World;
    // A page's whole text, for each element that is looked at, takes longer than the look.
    world.axe.configure({ noHtml: true });
    interface Rule {
      readonly id: string;
      excludeHidden: boolean;
      matches: (element: Element, node: object, ...others: unknown[]) => boolean;
    }
    const { _audit, commons } = world.axe as unknown as {
      _audit: { rules: Rule[] };
      commons: { dom: { isVisibleToScreenReaders: (node: object) => boolean } };
    };
    const { isVisibleToScreenReaders } = commons.dom;
    for (const rule of _audit.rules) {
      const special = Object.entries(groups).find(([, ids]) => ids.includes(rule.id))?.[0];
      const group = (special ?? 'structure') as Group;
      const { excludeHidden, matches } = rule;
      // Whether an element is hidden is dear to find out: only for those that are looked at.
      rule.excludeHidden = false;
      rule.matches = function (element, node, ...others) {
        const planned = world.plans?.[group]?.elements.has(element) ?? false;
        if (!planned || (excludeHidden && !isVisibleToScreenReaders(node))) return false;
        return matches.call(this, element, node, ...others);
      };
    }
  }, GROUPS);
}

/** What axe says of what no state, width or theme had before. One call of it: each draws up the whole page. */
export async function axeFindings(page: Page, theme: 'first' | 'other'): Promise<AxeFinding[]> {
  await install(page);
  if (theme === 'first') {
    await structure(page);
    await targetSizes(page);
  }
  await contrast(page);
  return page.evaluate(async (groups) => {
    const world = globalThis as unknown as World;
    const plans = world.plans ?? {};
    if (Object.keys(plans).length === 0) return [];
    const special = Object.entries(groups).flatMap(([group, ids]) =>
      ids.map((id) => ({ id, enabled: group in plans })),
    );
    // What is not shown is nowhere: axe asks for all of its styles to find that out.
    document.createTreeWalker = (root, show) =>
      Document.prototype.createTreeWalker.call(document, root, show, (node) =>
        node instanceof Element && !node.checkVisibility()
          ? NodeFilter.FILTER_REJECT
          : NodeFilter.FILTER_ACCEPT,
      );
    const ids = special.filter(({ enabled }) => enabled).map(({ id }) => id);
    const { violations } = await world.axe.run(document, {
      resultTypes: ['violations'],
      preload: false,
      elementRef: true,
      ...(plans.structure
        ? { rules: Object.fromEntries(special.map(({ id, enabled }) => [id, { enabled }])) }
        : { runOnly: ids }),
    });
    Reflect.deleteProperty(document, 'createTreeWalker');
    const groupOf = (id: string): string =>
      Object.entries(groups).find(([, some]) => some.includes(id))?.[0] ?? 'structure';
    // What is wrong is listed wherever it stands.
    for (const [group, { keys, checked }] of Object.entries(plans)) {
      if (violations.some(({ id }) => groupOf(id) === group)) continue;
      for (const key of keys) checked.add(key);
    }
    world.plans = {};
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ element, any }) => ({
        text: `${id}: ${element?.outerHTML.slice(0, 160)} ${any[0]?.message ?? ''}`,
        ofColour: groupOf(id) === 'colours',
      })),
    );
  }, GROUPS);
}

/** Cards of a long list are alike: the first ones stand for all. What a picture is drawn of is the picture's. */
const ALIKE = 'li:nth-child(n + 5), svg[role=img] > :not(title)';

/**
 * What axe says of everything but colours and sizes. It follows from the elements that are there, their attributes, whether
 * they have a text and whether they scroll: what is as it was in another state or width, inside and around, is not looked at
 * again.
 */
function structure(page: Page): Promise<void> {
  return page.evaluate((alike) => {
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
    if (checked.has(all)) return;

    /** What page-wide rules read: levels of headings, landmarks and their names, ways, and what is hidden or modal. */
    const PLACE =
      'h1, h2, h3, h4, h5, h6, main, nav, header, footer, aside, section, article, form, dialog, iframe, [accesskey], [href^="#"], [aria-hidden], [inert]';
    const ROLE =
      /^(alertdialog|article|banner|complementary|contentinfo|dialog|form|heading|main|navigation|none|presentation|region|search)$/;
    const READ = ['role', 'aria-level', 'aria-modal', 'aria-hidden', 'inert', 'open', 'accesskey', 'href'];
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

    const before = new Set<Element>();
    const seen = new Set<string>([all]);
    const walk = (of: Element, around: number): void => {
      const tree = trees.get(of);
      const head = heads.get(of);
      if (tree === undefined) return;
      const key = `${around} ${tree}`;
      if (checked.has(key)) {
        before.add(of);
        return;
      }
      seen.add(key);
      if (head === undefined) return;
      // A field has its label's words, a cell its table's heads.
      const inner = nameOf(`${around} ${head} ${of.matches('label, table, fieldset') ? tree : ''}`);
      for (const child of of.children) walk(child, inner);
    };
    walk(document.documentElement, -1);

    const elements = new Set<Element>();
    const add = (of: Element): void => {
      if (before.has(of) || of.matches(alike)) return;
      elements.add(of);
      for (const child of of.children) add(child);
    };
    add(document.documentElement);
    world.plans = { ...world.plans, structure: { elements, keys: [...seen], checked } };
    if (checked.has(places)) return;
    world.plans.page = { elements: new Set(document.querySelectorAll('*')), keys: [places], checked };
  }, ALIKE);
}

/**
 * What axe says of colours, of each look that no text had before on this page: it follows from a text's own colours and
 * size and from the grounds behind it, down to the first that nothing shows through.
 * After its first look at a page, in each theme, one colour on one even ground is right by WCAG's formula alone where it has
 * the contrast that small text needs: axe draws up the whole page for each call.
 */
function contrast(page: Page): Promise<void> {
  return page.evaluate(() => {
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
    if (looks.size === 0) return;
    const colours = {
      elements: new Set([...looks.values()].flat()),
      keys: [theme, ...looks.keys()],
      checked,
    };
    world.plans = { ...world.plans, colours };
  });
}
