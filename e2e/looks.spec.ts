/**
 * Every view in every width, light and dark, against what it was kept to look like. After a change that is meant:
 * `npx playwright test e2e/looks.spec.ts --update-snapshots`, and the pictures are looked at before they are kept.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test, type Page, type TestInfo } from '@playwright/test';
import { guidanceTexts } from '../app/texts/guidance.ts';
import { pageTexts } from '../app/texts/page.ts';
import { views } from '../app/views/views.ts';
import { layoutDifferences, pictureDifferences } from './look.ts';
import type { Layout, Picture } from './look.ts';
import { layoutOf, pictureOf } from './look-page.ts';
import { PlaygroundPage } from './page.ts';

const file = new URL('./files/looks.json', import.meta.url);
const tiny = readFileSync(new URL('./files/tiny.yaml', import.meta.url), 'utf8');

const SIZES = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 390, height: 844 },
] as const;
const THEMES = ['light', 'dark'] as const;

interface Kept {
  readonly layouts: Record<string, Layout>;
  readonly pictures: Record<string, Picture>;
}

const kept = JSON.parse(readFileSync(file, 'utf8')) as Kept;

/** Compares, or keeps, one state after another. */
class Looks {
  readonly found: string[] = [];
  readonly #now: Kept = { layouts: {}, pictures: {} };

  constructor(
    readonly page: Page,
    readonly desk: Page,
    readonly keeps: boolean,
  ) {}

  /** In every width, and in both themes. */
  async look(state: string): Promise<void> {
    for (const size of SIZES) {
      await this.page.setViewportSize(size);
      await this.#layout(`${state} ${size.width}`);
      for (const theme of THEMES) {
        await this.page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
        await this.#picture(`${state} ${size.width} ${theme}`);
      }
    }
    await this.page.setViewportSize(SIZES[0]);
    await this.page.emulateMedia({ colorScheme: 'light' });
  }

  async #layout(name: string): Promise<void> {
    const before = kept.layouts[name];
    const now = await settled(
      () => layoutOf(this.page),
      (seen) => !this.keeps && before !== undefined && layoutDifferences(before, seen).length === 0,
    );
    if (this.keeps) this.#now.layouts[name] = now;
    else this.#say(name, before ? layoutDifferences(before, now) : ['was never kept']);
  }

  async #picture(name: string): Promise<void> {
    const before = kept.pictures[name];
    const now = await settled(
      () => pictureOf(this.page, this.desk),
      (seen) => !this.keeps && before !== undefined && pictureDifferences(before, seen).length === 0,
    );
    if (this.keeps) this.#now.pictures[name] = now;
    else this.#say(name, before ? pictureDifferences(before, now) : ['was never kept']);
  }

  #say(name: string, differences: readonly string[]): void {
    this.found.push(...differences.map((text) => `${name}: ${text}`));
  }

  /** What the look as it is now has that the kept one has not, in one width and light. */
  async differences(state: string): Promise<string[]> {
    const name = `${state} ${SIZES[0].width}`;
    const layout = kept.layouts[name];
    const picture = kept.pictures[`${name} light`];
    if (!layout || !picture) throw new Error(`${name} was never kept`);
    const [now, drawn] = [await layoutOf(this.page), await pictureOf(this.page, this.desk)];
    return [...layoutDifferences(layout, now), ...pictureDifferences(picture, drawn)];
  }

  write(): void {
    const lines = (part: object): string =>
      Object.entries(part)
        .map(([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)}`)
        .join(',\n');
    const { layouts, pictures } = this.#now;
    writeFileSync(
      file,
      `{\n  "layouts": {\n${lines(layouts)}\n  },\n  "pictures": {\n${lines(pictures)}\n  }\n}\n`,
    );
  }
}

/**
 * A value that is right, else the one that stands still: charts and lists are drawn a moment after a change, and on a busy
 * machine long after it.
 */
async function settled<T>(measure: () => Promise<T>, right: (value: T) => boolean): Promise<T> {
  let value = await measure();
  for (let still = 0, times = 0; still < 20 && times < 60 && !right(value); times++) {
    await new Promise((later) => setTimeout(later, 150));
    const next = await measure();
    still = JSON.stringify(next) === JSON.stringify(value) ? still + 1 : 0;
    value = next;
  }
  return value;
}

const keeps = ({ config }: TestInfo): boolean => ['all', 'changed'].includes(config.updateSnapshots);

/** While `css` is in force. */
async function styled<T>(page: Page, css: string, work: () => Promise<T>): Promise<T> {
  const put = (text: string) =>
    page.evaluate((rules) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(rules);
      document.adoptedStyleSheets = [sheet];
    }, text);
  await put(ALWAYS + css);
  try {
    return await work();
  } finally {
    await put(ALWAYS);
  }
}

/** Notices tell of the machine, and stand still for no comparison; nor does what moves or blinks. */
const ALWAYS =
  'section[aria-label="Notices"] { display: none } * { animation: none !important; caret-color: transparent !important } ';

async function show(page: Page, view: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: view }).click();
  await expect(page.getByRole('main').getByText('Loading…')).toHaveCount(0);
  await page.mouse.move(0, 0);
}

/** What must be noticed, and what must not: rules that spoil the page. */
const SPOILT = {
  'a panel is hidden': 'section[aria-labelledby="ranking-title"] { visibility: hidden }',
  'a panel is moved': 'section[aria-labelledby="ranking-title"] { translate: -120px 0 }',
  'another accent': ':root { --accent: #c2185b; --accent-strong: #c2185b; --accent-soft: #fce4ec }',
  'another ground': ':root { --canvas: #d7c9a8 }',
  'texts without ink': 'main * { color: transparent !important; fill: none !important }',
  'a column too narrow': 'main section { max-width: 300px }',
} as const;

const FONTS = ['serif', "'Liberation Sans Narrow', 'Liberation Sans'", 'monospace'] as const;

test('every view looks as it was kept, in every width, light and dark', async ({ page, context }, info) => {
  const playground = new PlaygroundPage(page);
  await playground.openOnWasm();
  const looks = new Looks(page, await context.newPage(), keeps(info));
  await page.bringToFront();
  await styled(page, '', async () => {
    for (const { id } of views) {
      const title = pageTexts.viewTitles[id];
      await show(page, title);
      await looks.look(title);
    }
    await page.keyboard.press('ControlOrMeta+k');
    await expect(page.getByRole('dialog')).toBeVisible();
    await looks.look('palette');
    await page.keyboard.press('Escape');
  });

  if (!looks.keeps) {
    await show(page, 'Train');
    for (const [what, rules] of Object.entries(SPOILT)) {
      const found = await styled(page, rules, () => looks.differences('Train'));
      expect(found, what).not.toEqual([]);
    }
    for (const font of FONTS) {
      const rules = `body, body * { font-family: ${font} !important }`;
      expect(await styled(page, rules, () => looks.differences('Train')), font).toEqual([]);
    }
  }

  await show(page, 'Train');
  await playground.editYaml(tiny);
  // Until then what can be trained is the model before.
  await expect(page.getByRole('region', { name: 'Run' })).toContainText('0 / 20 steps');
  await playground.ready();
  await playground.button('Train').click();
  await expect(playground.status).toContainText('Finished');
  // The last evaluation comes a moment later, and the sentence at the end with it.
  await expect(page.getByText(guidanceTexts.learned).first()).toBeVisible();
  await page.mouse.move(0, 0);
  await styled(page, '', async () => {
    await looks.look('finished');
    await show(page, 'Runs');
    await expect(page.getByRole('table', { name: 'Kept runs' })).toBeVisible();
    await looks.look('kept runs');
  });
  if (looks.keeps) looks.write();
  expect(looks.found).toEqual([]);
  expect(playground.errors).toEqual([]);
});
