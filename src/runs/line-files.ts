/** Files of lines, in order of their steps, each beginning with its own: read in pieces, and cut at a step. */
import type { FileHome } from './homes/home.ts';

/** Bytes read at once. */
const PIECE = 1 << 18;
const NEWLINE = 10;

/** A whole line and the byte behind it. */
export interface Line {
  readonly text: string;
  readonly end: number;
}

/** Whole lines in pieces of the file; nothing where there is no file. A last line that was cut off is left out. */
export async function* linesOf(
  home: FileHome,
  path: string,
): AsyncGenerator<readonly Line[], void, undefined> {
  const decoder = new TextDecoder();
  for (let at = 0, size = PIECE; ;) {
    const bytes = await home.read(path, at, at + size);
    if (!bytes || bytes.length === 0) return;
    const lines: Line[] = [];
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      lines.push({ text: decoder.decode(bytes.subarray(start, end)), end: at + end + 1 });
      start = end + 1;
    }
    if (lines.length > 0) yield lines;
    else if (bytes.length < size) return;
    // A line longer than the piece: read a larger one.
    size = lines.length > 0 ? PIECE : size * 2;
    at += start;
  }
}

/** A whole line and where it begins and ends, the newline behind it included. */
export interface PlacedLine {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/**
 * As linesOf, but from the end of the file to its beginning, the last line first: no more is read than is asked for, and
 * a piece.
 * @param whole the file's length; null where there is none.
 */
export async function* linesFromEnd(
  home: FileHome,
  path: string,
  whole: number | null,
): AsyncGenerator<readonly PlacedLine[], void, undefined> {
  const decoder = new TextDecoder();
  for (let end = whole ?? 0, size = PIECE; end > 0;) {
    const from = Math.max(0, end - size);
    const bytes = (await home.read(path, from, end)) ?? new Uint8Array(0);
    const last = bytes.lastIndexOf(NEWLINE) + 1;
    // What stands in front of the first newline begins further ahead.
    const first = from === 0 ? 0 : bytes.indexOf(NEWLINE) + 1;
    const lines: PlacedLine[] = [];
    for (let at = last; at > first;) {
      const start = bytes.subarray(0, at - 1).lastIndexOf(NEWLINE) + 1;
      lines.push({ text: decoder.decode(bytes.subarray(start, at)), start: from + start, end: from + at });
      at = start;
    }
    if (lines.length > 0) yield lines;
    const isStuck = from > 0 && (first === 0 || first === bytes.length);
    size = isStuck ? size * 2 : PIECE;
    if (!isStuck) end = from + first;
  }
}

/**
 * Removes the first line of a step that `isLater`, and all after it; a last line that was cut off goes too. Reads from
 * the end, and no more than what goes and a piece: most of a long file stays.
 */
export async function cutLines(
  home: FileHome,
  path: string,
  isLater: (step: number) => boolean,
): Promise<void> {
  const whole = await home.size(path);
  if (whole === null) return;
  const keep = await keptLength(home, path, whole, isLater);
  if (keep < whole) await home.truncate(path, keep);
}

async function keptLength(
  home: FileHome,
  path: string,
  whole: number,
  isLater: (step: number) => boolean,
): Promise<number> {
  let keep: number | null = null;
  for await (const lines of linesFromEnd(home, path, whole)) {
    for (const { text, start, end } of lines) {
      keep ??= end;
      const step = stepOf(text);
      if (isLater(step)) keep = start;
      else if (!Number.isNaN(step)) return keep;
    }
  }
  return keep ?? 0;
}

/** How many of the last lines are of a step, those of later ones aside; read from the end as by cutLines. */
export async function countLines(home: FileHome, path: string, step: number): Promise<number> {
  let found = 0;
  for await (const lines of linesFromEnd(home, path, await home.size(path))) {
    for (const { text } of lines) {
      const at = stepOf(text);
      if (at < step) return found;
      if (at === step) found++;
    }
  }
  return found;
}

/** NaN of a line that can't be read. */
function stepOf(line: string): number {
  return Number(/^\{"step":(\d+)/.exec(line)?.[1] ?? Number.NaN);
}
