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
  looks?: Set<string>;
}

async function withAxe<T>(page: Page, run: () => Promise<T>): Promise<T> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source);
  return run();
}

/** Rules that read colours: they depend on the theme, all others do not. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

/** Cards of a long list are alike: the first ones stand for all. */
const ALIKE = 'li:nth-child(n + 5)';

/**
 * What axe says of everything but colours. It follows from the elements that are there, their attributes, whether they
 * have a text and whether they scroll: where all these are as they were in another state or width, it is the same.
 */
export function structure(page: Page): Promise<AxeFinding[]> {
  return withAxe(page, () =>
    page.evaluate(
      async ({ alike, colours }) => {
        const world = globalThis as unknown as World;
        const seen = (world.structures ??= new Set());
        const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
        const known = new Set(ids);
        const plain = (text: string): string => text.replaceAll(/\d+/g, '#');
        /** Names that the page makes up anew each time, by whether they lead to anything. */
        const REFERENCE = /^(for|aria-(labelledby|describedby|controls|owns|activedescendant|details))$/;
        const attribute = (of: Element, { name, value }: Attr): string => {
          if (name === 'class' || (name === 'style' && !value.includes('!important'))) return '';
          if (name === 'id') return '#';
          if (REFERENCE.test(name)) return `${name}=${value.split(' ').every((id) => known.has(id))}`;
          if (of instanceof SVGElement && !/^(role|tabindex|href|aria-.*)$/.test(name)) return '';
          return `${name}=${plain(value)}`;
        };
        const scrolls = (of: Element): boolean =>
          (of.scrollHeight > of.clientHeight || of.scrollWidth > of.clientWidth) &&
          /auto|scroll/.test(getComputedStyle(of).overflow);
        const parts: string[] = [String(ids.length - known.size)];
        const sign = (of: Element): void => {
          if (of.matches(alike)) return;
          if (!of.checkVisibility()) {
            parts.push(`-${of.tagName}`);
            return;
          }
          const text = [...of.childNodes].some(
            (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim(),
          );
          const attributes = [...of.attributes].map((one) => attribute(of, one)).join(' ');
          const heading = /^H[1-6]$/.test(of.tagName) ? plain(of.textContent ?? '') : '';
          parts.push(`<${of.tagName} ${attributes} ${text} ${heading} ${scrolls(of)}`);
          for (const child of of.children) sign(child);
          parts.push('>');
        };
        sign(document.documentElement);
        const signature = parts.join('\n');
        if (seen.has(signature)) return [];
        const { violations } = await world.axe.run(
          { include: document, exclude: alike },
          {
            resultTypes: ['violations'],
            preload: false,
            rules: {
              ...Object.fromEntries(colours.map((rule) => [rule, { enabled: false }])),
              'target-size': { enabled: true },
            },
          },
        );
        if (violations.length === 0) seen.add(signature);
        return violations.flatMap(({ id, nodes }) =>
          nodes.map(({ html, any }) => `${id}: ${html.slice(0, 160)} ${any[0]?.message ?? ''}`),
        );
      },
      { alike: ALIKE, colours: COLOUR_RULES },
    ),
  );
}

/**
 * What axe says of colours, of each look that no text had before on this page: it follows from a text's own colours and
 * size and from the grounds behind it, down to the first that nothing shows through.
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
        const covers = backgroundColor.startsWith('rgb(') && opacity === '1' && filter === 'none';
        const below = covers ? '' : ground(element.parentElement);
        const all = own === '||||' ? below : `${below}/${own}`;
        known.set(element, all);
        return all;
      };
      const looks = new Map<string, Element[]>();
      for (const element of document.body.querySelectorAll('*')) {
        const text =
          element.matches('input, textarea, select') ||
          [...element.childNodes].some(
            (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim(),
          );
        if (!text || !element.checkVisibility()) continue;
        const { color, fontSize, fontWeight, fill, textDecorationLine } = getComputedStyle(element);
        const off = element.closest(':disabled, [aria-disabled=true]') !== null;
        const link = element.matches('a') && textDecorationLine;
        const look = [ground(element), color, fill, fontSize, fontWeight, off, link].join(' ');
        if (checked.has(look)) continue;
        const alike = looks.get(look);
        if (!alike) looks.set(look, [element]);
        else if (alike.length < 2) alike.push(element);
      }
      if (looks.size === 0) return [];
      const texts = [...looks.values()].flat() as HTMLElement[];
      const options: axe.RunOptions = { runOnly: colours, resultTypes: ['violations'], preload: false };
      const { violations } = await world.axe.run({ include: texts }, options);
      // What is wrong is listed wherever it stands.
      if (violations.length === 0) for (const look of looks.keys()) checked.add(look);
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html, any }) => `${id}: ${html.slice(0, 160)} ${any[0]?.message ?? ''}`),
      );
    }, COLOUR_RULES),
  );
}
