/** Measures what a page looks like, in the page. */
import type { CDPSession, Page } from '@playwright/test';
import { CELL } from './look.ts';
import type { Box, Layout, Picture } from './look.ts';

/** Where the parts are that have a role and a name. */
export function layoutOf(page: Page): Promise<Layout> {
  return page.evaluate(() => {
    const parts: { readonly name: string; readonly element: Element; readonly box: Box }[] = [];
    const selector =
      'header, nav, main, section, h2, [role=region], [role=tablist], [role=dialog], [role=textbox], [role=img], table, figure';
    for (const element of document.querySelectorAll(selector)) {
      const labels = element.getAttribute('aria-labelledby')?.split(' ') ?? [];
      const label =
        element.getAttribute('aria-label') ??
        labels.map((id) => document.getElementById(id)?.textContent ?? '').join(' ');
      const text = element.matches('h2') ? (element.textContent ?? '') : label;
      // A name is followed by what changes: numbers, and sentences on them.
      const said =
        text
          .replaceAll(/\d[\d,.]*/g, '#')
          .split(/[.:;,]/)[0]
          ?.trim() ?? '';
      if (said === '' && !element.matches('main, header:not(section header)')) continue;
      let { left, top, right, bottom } = element.getBoundingClientRect();
      for (let around = element.parentElement; around; around = around.parentElement) {
        const { overflowX, overflowY } = getComputedStyle(around);
        const edge = around.getBoundingClientRect();
        if (overflowX !== 'visible') [left, right] = [Math.max(left, edge.left), Math.min(right, edge.right)];
        if (overflowY !== 'visible') [top, bottom] = [Math.max(top, edge.top), Math.min(bottom, edge.bottom)];
      }
      [top, bottom] = [Math.max(top, 0), Math.min(bottom, innerHeight)];
      if (right - left < 8 || bottom - top < 8 || !element.checkVisibility()) continue;
      const kind = element.getAttribute('role') ?? element.tagName.toLowerCase();
      let name = `${kind} ${said}`.trim();
      for (let again = 2; parts.some((part) => part.name === name); again++)
        name = `${kind} ${said} ${again}`;
      const box = [left, top, right - left, bottom - top].map(Math.round) as unknown as Box;
      parts.push({ name, element, box });
    }
    // What stands still while the page scrolls lies over it by design.
    const stays = (element: Element): boolean => {
      for (let at: Element | null = element; at; at = at.parentElement) {
        if (['fixed', 'sticky'].includes(getComputedStyle(at).position)) return true;
      }
      return false;
    };
    const over: string[] = [];
    const flowing = parts.filter(({ element }) => !stays(element));
    for (const [at, a] of flowing.entries()) {
      for (const b of flowing.slice(at + 1)) {
        if (a.element.contains(b.element) || b.element.contains(a.element)) continue;
        const wide = Math.min(a.box[0] + a.box[2], b.box[0] + b.box[2]) - Math.max(a.box[0], b.box[0]);
        const high = Math.min(a.box[1] + a.box[3], b.box[1] + b.box[3]) - Math.max(a.box[1], b.box[1]);
        if (wide > 4 && high > 4) over.push(`${a.name} and ${b.name} lie over each other`);
      }
    }
    return { boxes: Object.fromEntries(parts.map(({ name, box }) => [name, box])), over };
  });
}

/** Shots of a page are taken without looking for the smallest file, which takes longer than the picture. */
const sessions = new WeakMap<Page, Promise<CDPSession>>();

async function taken(page: Page): Promise<string> {
  const known = sessions.get(page) ?? page.context().newCDPSession(page);
  sessions.set(page, known);
  // What was changed a moment ago is drawn in the next frame.
  await page.evaluate(
    () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
  );
  const { data } = await (
    await known
  ).send('Page.captureScreenshot', { format: 'png', optimizeForSpeed: true });
  return data;
}

/**
 * Colours and ink of what is in the window.
 * @param desk a page of its own, which decodes the picture
 */
export async function pictureOf(page: Page, desk: Page): Promise<Picture> {
  const png = await taken(page);
  return desk.evaluate(
    async ({ png, cell }) => {
      const answer = await fetch(`data:image/png;base64,${png}`);
      const image = await createImageBitmap(await answer.blob());
      const { width, height } = image;
      const context = new OffscreenCanvas(width, height).getContext('2d');
      if (!context) throw new Error('there is no canvas');
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 0, width, height);
      const pixels = new Uint32Array(data.buffer);
      const counts = new Map<number, number>();
      for (let at = 0; at < pixels.length;) {
        const pixel = pixels[at] ?? 0;
        const start = at++;
        while (at < pixels.length && pixels[at] === pixel) at++;
        counts.set(pixel, (counts.get(pixel) ?? 0) + at - start);
      }
      const hex = (pixel: number): string =>
        [pixel, pixel >> 8, pixel >> 16].map((part) => (part & 255).toString(16).padStart(2, '0')).join('');
      const colours = [...counts]
        .map(([pixel, count]) => [hex(pixel), count / pixels.length] as const)
        .filter(([, share]) => share >= 0.001)
        .toSorted((a, b) => b[1] - a[1])
        .map(([colour, share]) => [colour, Number(share.toFixed(4))] as const);
      const ink: string[] = [];
      for (let top = 0; top + cell <= height; top += cell) {
        let line = '';
        for (let left = 0; left + cell <= width; left += cell) {
          let sum = 0;
          let squares = 0;
          for (let y = top; y < top + cell; y++) {
            for (let x = left; x < left + cell; x++) {
              const at = 4 * (y * width + x);
              const light = 0.3 * (data[at] ?? 0) + 0.6 * (data[at + 1] ?? 0) + 0.1 * (data[at + 2] ?? 0);
              sum += light;
              squares += light * light;
            }
          }
          const count = cell * cell;
          const deviation = Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
          line += Math.min(15, Math.round(deviation / 6)).toString(16);
        }
        ink.push(line);
      }
      return { colours: Object.fromEntries(colours), ink };
    },
    { png, cell: CELL },
  );
}
