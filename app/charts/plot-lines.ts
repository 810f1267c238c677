/** From lines with their own steps to the points that a plot draws: the window looked at, thinned to what the width shows. */
import type { Drawn } from '../../src/runs/curve.ts';
import type { Cell, TwinTable } from '../stores/twin-table.ts';
import { lttb } from './lttb.ts';

export interface PlotLine {
  readonly key: string;
  readonly label: string;
  /** Name of the run it is of, where several are shown. */
  readonly run?: string;
  /** A CSS colour. */
  readonly color: string;
  /** SVG stroke-dasharray. */
  readonly dash?: string;
  readonly width?: number;
  /** Ascending. */
  readonly x: ArrayLike<number>;
  /** As measured, by x; NaN where there is no number. */
  readonly values: ArrayLike<number>;
  /** As drawn, smoothed or not; as measured without it. */
  readonly drawn?: Drawn;
  /** Lower and upper end of an interval, by x. */
  readonly band?: { readonly low: ArrayLike<number>; readonly high: ArrayLike<number> };
}

export type Range = readonly [number, number];

export interface PlotPoints {
  readonly line: PlotLine;
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Measured values behind smoothed ones; null where they are the same. */
  readonly ghost: readonly number[] | null;
  readonly band: readonly Range[] | null;
}

/** Rows from which the chosen ones come: thinning looks at each of them. */
const MAX_CANDIDATES = 3000;
/** Of these the one that shows most is chosen. */
const CANDIDATES_PER_POINT = 16;

/** What a line was thinned to last: of several runs most have ended, and are drawn again with each step of the one that goes on. */
const thinnedLast = new WeakMap<Drawn, { readonly of: readonly unknown[]; readonly points: Points }>();
type Points = Pick<PlotPoints, 'x' | 'y' | 'ghost'>;

/**
 * @param window of x; null for all.
 * @param limit most points.
 * @param positive which axes are logarithmic: values ≤ 0 have no place on them.
 */
export function pointsOf(
  line: PlotLine,
  window: Range | null,
  limit: number,
  positive: { readonly x?: boolean; readonly y?: boolean } = {},
): PlotPoints {
  const { x, drawn, band } = line;
  if (!drawn || band) return { line, ...thinnedPoints(line, window, limit, positive) };
  // A column's views are made anew; what they look at is the same.
  const columnOf = (column: ArrayLike<number>): unknown =>
    ArrayBuffer.isView(column) ? column.buffer : column;
  const of = [columnOf(x), x.length, window?.[0], window?.[1], limit, positive.x, positive.y];
  const last = thinnedLast.get(drawn);
  if (last && last.of.every((part, i) => Object.is(part, of[i]))) return { line, ...last.points, band: null };
  const { band: _, ...points } = thinnedPoints(line, window, limit, positive);
  thinnedLast.set(drawn, { of, points });
  return { line, ...points, band: null };
}

function thinnedPoints(
  { x, values, drawn, band }: PlotLine,
  window: Range | null,
  limit: number,
  positive: { readonly x?: boolean; readonly y?: boolean },
): Omit<PlotPoints, 'line'> {
  const shown = drawn?.values ?? values;
  // One row more on each side, so that a line leaves the window where it does.
  const from = window ? Math.max(0, lowerBound(x, window[0]) - 1) : 0;
  const to = window ? Math.min(x.length, lowerBound(x, window[1]) + 2) : x.length;
  const rows = thinned(x, shown, drawn, from, to, limit).filter(
    (row) => isShown(x[row], positive.x) && isShown(shown[row], positive.y),
  );
  const at = (column: ArrayLike<number>): number[] => rows.map((row) => column[row] as number);
  return {
    x: at(x),
    y: at(shown),
    ghost: drawn && drawn.values !== values ? at(values) : null,
    band: band ? rows.map((row): Range => [band.low[row] as number, band.high[row] as number]) : null,
  };
}

function isShown(value: number | undefined, positive = false): boolean {
  return value !== undefined && Number.isFinite(value) && (!positive || value > 0);
}

/** Of a short window all rows are looked at, of a long one those where the line has an extreme. */
function thinned(
  x: ArrayLike<number>,
  shown: ArrayLike<number>,
  drawn: Drawn | undefined,
  from: number,
  to: number,
  limit: number,
): number[] {
  const count = Math.max(0, to - from);
  if (count <= limit) return Array.from({ length: count }, (_, i) => from + i);
  const most = Math.min(MAX_CANDIDATES, CANDIDATES_PER_POINT * limit);
  return lttb(candidatesOf(drawn, x.length, from, to, most), x, shown, limit);
}

function candidatesOf(
  drawn: Drawn | undefined,
  rows: number,
  from: number,
  to: number,
  most: number,
): number[] {
  const count = to - from;
  if (count <= most) return Array.from({ length: count }, (_, i) => from + i);
  if (!drawn) {
    const stride = Math.ceil(count / most);
    return Array.from({ length: Math.ceil(count / stride) }, (_, i) => from + i * stride);
  }
  // As many blocks over the whole as give enough within the window.
  const blocks = Math.ceil(((most / 2) * rows) / count);
  const within = drawn.extremes(blocks).filter((row) => row > from && row < to - 1);
  return [from, ...within, to - 1];
}

/** First index whose value is not below `value`. */
export function lowerBound(values: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The row next to a place on the x axis; null outside of the line. */
export function rowNear({ x }: Pick<PlotLine, 'x'>, at: number): number | null {
  if (x.length === 0) return null;
  const right = lowerBound(x, at);
  const [first, last] = [x[0] as number, x[x.length - 1] as number];
  // A little beyond its ends a line still answers: charts of one page end at slightly different steps.
  const slack = (last - first) * 0.02;
  if (at < first - slack || at > last + slack) return null;
  if (right === 0) return 0;
  if (right >= x.length) return x.length - 1;
  return at - (x[right - 1] as number) <= (x[right] as number) - at ? right - 1 : right;
}

/** Lowest and highest of what is shown; without outliers, of its middle 96 %. Null where there is nothing. */
export function valueRange(points: readonly PlotPoints[], outliersOut: boolean): Range | null {
  const values = points.flatMap(({ y, ghost, band }) => [
    ...y,
    // Raw values may reach out of the picture: what they scatter around is what is looked at.
    ...(ghost && y.length < 8 ? ghost : []),
    ...(band ? band.flat() : []),
  ]);
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return null;
  if (!outliersOut || finite.length < 20) return [finite.reduce(least), finite.reduce(most)];
  const sorted = finite.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] as number;
  return [at(0.02), at(0.98)];
}

const least = (a: number, b: number): number => Math.min(a, b);
const most = (a: number, b: number): number => Math.max(a, b);

/** Every measured value: one row an x that any line has, one column a line. @param limit most rows, the newest kept. */
export function linesTable(name: string, lines: readonly PlotLine[], limit = Infinity): TwinTable {
  const all = new Set<number>();
  for (const { x } of lines) for (let row = 0; row < x.length; row++) all.add(x[row] as number);
  const sorted = [...all].toSorted((a, b) => a - b);
  const stride = Math.max(1, Math.ceil(sorted.length / limit));
  const kept = stride === 1 ? sorted : sorted.filter((_, i) => (sorted.length - 1 - i) % stride === 0);
  const rows = lines.map(({ x }) => new Map(Array.from(x, (at, row) => [at, row])));
  return {
    columns: [name, ...lines.map(({ label, run }) => (run === undefined ? label : `${label}, ${run}`))],
    rows: kept.map((at): Cell[] => [
      at,
      ...lines.map(({ values }, i): Cell => {
        const row = rows[i]?.get(at);
        const value = row === undefined ? NaN : (values[row] as number);
        return Number.isFinite(value) ? value : null;
      }),
    ]),
  };
}
