/**
 * What a view looks like, in few numbers that another font hardly changes: where its parts are, which colours cover how
 * much of it, and where anything is drawn at all. e2e/looks.spec.ts keeps them for every view; differencesOf compares.
 */

/** Left, top, width, height in CSS pixels. */
export type Box = readonly [number, number, number, number];

export interface Layout {
  /** The visible part of each landmark, panel, list and table, by role and name. */
  readonly boxes: Readonly<Record<string, Box>>;
  /** Parts that lie over each other though neither holds the other. */
  readonly over: readonly string[];
}

export interface Picture {
  /** Share of the picture, by colour as rrggbb; colours of less than a thousandth are left out. */
  readonly colours: Readonly<Record<string, number>>;
  /** How much is drawn in each cell of CELL pixels: '0' for an even surface to 'f', a line of text a row of cells. */
  readonly ink: readonly string[];
}

export const CELL = 48;

/** Parts that are as wide as their words, or stand behind some. */
const IN_TEXT = /^(h2|nav|tablist|textbox)\b/;

/** What is different, in words; nothing where it is the same look. */
export function layoutDifferences(kept: Layout, seen: Layout): string[] {
  const found: string[] = [];
  const bottom = Math.max(...Object.values(kept.boxes).map(([, y, , height]) => y + height));
  // What begins at the window's edge begins below it where a text above has a line more.
  const atEdge = ([, y]: Box): boolean => y > 0.8 * bottom;
  for (const [name, box] of Object.entries(seen.boxes)) {
    if (!kept.boxes[name] && !atEdge(box)) found.push(`${name} is new`);
  }
  for (const [name, [x, y, width, height]] of Object.entries(kept.boxes)) {
    const box = seen.boxes[name];
    if (!box) {
      if (!atEdge([x, y, width, height])) found.push(`${name} is gone`);
      continue;
    }
    // Columns stand where they stand; how far down a part is depends on how the texts above it wrap.
    const off = (at: 0 | 1 | 2 | 3, was: number, most: number, what: string): void => {
      if (Math.abs(box[at] - was) > most) found.push(`${name}: ${what} ${box[at]} instead of ${was}`);
    };
    const texts = IN_TEXT.test(name);
    off(0, x, texts ? 64 + 0.1 * x : 16 + 0.04 * x, 'left');
    off(2, width, texts ? 24 + 0.35 * width : 16 + 0.06 * width, 'width');
    off(1, y, 24 + 0.15 * y, 'top');
    // An editor's text is as high as what is drawn of it so far; the section around it has the editor's own height.
    if (!name.startsWith('textbox')) off(3, height, 32 + 0.3 * height, 'height');
  }
  for (const pair of seen.over) if (!kept.over.includes(pair)) found.push(pair);
  return found;
}

export function pictureDifferences(kept: Picture, seen: Picture): string[] {
  return [...colourDifferences(kept.colours, seen.colours), ...inkDifferences(kept.ink, seen.ink)];
}

/** Least share of a colour that is told apart: a button's. */
const LEAST_SHARE = 0.002;

function colourDifferences(kept: Picture['colours'], seen: Picture['colours']): string[] {
  const found: string[] = [];
  const near = (colours: Picture['colours'], to: string): number =>
    Object.entries(colours).reduce((sum, [colour, share]) => sum + (apart(colour, to) <= 12 ? share : 0), 0);
  for (const [colour, share] of Object.entries(kept)) {
    if (share < LEAST_SHARE) continue;
    const before = near(kept, colour);
    const now = near(seen, colour);
    if (now < 0.4 * before || Math.abs(now - before) > 0.1) {
      found.push(`#${colour} covers ${percent(now)} instead of ${percent(before)}`);
    }
  }
  for (const colour of Object.keys(seen)) {
    const now = near(seen, colour);
    if (now >= 3 * LEAST_SHARE && near(kept, colour) < now / 10) {
      found.push(`#${colour} is new, on ${percent(now)}`);
    }
  }
  return found;
}

/** The largest difference of the three channels, 0 to 255. */
function apart(a: string, b: string): number {
  const channel = (colour: string, at: number): number => parseInt(colour.slice(at, at + 2), 16);
  return Math.max(...[0, 2, 4].map((at) => Math.abs(channel(a, at) - channel(b, at))));
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** Cells in which nothing is drawn any more, and those where something is that was even all around. */
function inkDifferences(kept: readonly string[], seen: readonly string[]): string[] {
  if (kept.length !== seen.length || kept[0]?.length !== seen[0]?.length) return ['another size'];
  const gone = bare(kept, seen);
  const come = bare(seen, kept);
  const found: string[] = [];
  if (gone.length > MOST_BARE) found.push(`nothing is drawn any more in ${gone.length} cells: ${some(gone)}`);
  if (come.length > MOST_BARE) found.push(`drawn where nothing was in ${come.length} cells: ${some(come)}`);
  return found;
}

/** As many cells as a line of text may lose when it wraps elsewhere. */
const MOST_BARE = 5;

/** Cells that have ink in the first, and none in the second at them or beside them: column, row. */
function bare(first: readonly string[], second: readonly string[]): string[] {
  const inkAt = (rows: readonly string[], row: number, column: number): number =>
    parseInt(rows[row]?.[column] ?? '0', 16);
  const around = (row: number, column: number): number =>
    Math.max(...[-1, 0, 1].flatMap((y) => [-1, 0, 1].map((x) => inkAt(second, row + y, column + x))));
  const cells: string[] = [];
  for (const [row, line] of first.entries()) {
    for (let column = 0; column < line.length; column++) {
      if (inkAt(first, row, column) > 1 && around(row, column) === 0) cells.push(`${column},${row}`);
    }
  }
  return cells;
}

const some = (cells: readonly string[]): string => cells.slice(0, 4).join(' ');
