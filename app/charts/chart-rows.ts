/** From a run's columns to the rows a chart draws: smoothed and raw, thinned to what the width can show. */
import { lttb } from './lttb.ts';
import type { Drawn } from '../../src/runs/curve.ts';

export interface ChartLine {
  readonly key: string;
  /** As measured. */
  readonly values: ArrayLike<number>;
  /** As drawn, smoothed or not. */
  readonly drawn: Drawn;
}

/** x and, by line key, the drawn value; with `${key}·raw` the unsmoothed one. Absent where there is no number. */
export type ChartRow = { readonly x: number } & { readonly [key: string]: number | undefined };

export const rawKey = (key: string): string => `${key}·raw`;

/** Rows from which the chosen ones come, all lines together: thinning looks at each of them for each line. */
const MAX_CANDIDATES = 3000;
/** Of these the one that shows most is chosen. */
const CANDIDATES_PER_ROW = 16;

/**
 * @param x ascending, one a row.
 * @param ghosts whether the measured values are drawn too.
 * @param limit most rows (at most 500: what recharts draws fast enough).
 * @param positive drops values ≤ 0, for a logarithmic axis.
 */
export function chartRows(
  x: ArrayLike<number>,
  lines: readonly ChartLine[],
  ghosts: boolean,
  limit: number,
  positive = false,
): ChartRow[] {
  const kept = keptRows(x, lines, Math.min(limit, 500));
  const shown = (value: number | undefined): number | undefined =>
    value !== undefined && Number.isFinite(value) && (!positive || value > 0) ? value : undefined;
  return kept.map((row) => {
    const out: Record<string, number | undefined> = {};
    for (const line of lines) {
      out[line.key] = shown(line.drawn.values[row]);
      if (ghosts) out[rawKey(line.key)] = shown(line.values[row]);
    }
    return { ...out, x: x[row] as number };
  });
}

/** Of a short series all rows are looked at, of a long one those where some line has an extreme. */
function keptRows(x: ArrayLike<number>, lines: readonly ChartLine[], limit: number): readonly number[] {
  const most = Math.min(MAX_CANDIDATES, CANDIDATES_PER_ROW * limit);
  if (x.length <= most) {
    return lttb(
      x,
      lines.map(({ drawn }) => drawn.values),
      limit,
    );
  }
  const blocks = Math.ceil(most / 2 / Math.max(1, lines.length));
  const candidates = ascending([[0, x.length - 1], ...lines.map(({ drawn }) => drawn.extremes(blocks))]);
  const chosen = lttb(
    picked(x, candidates),
    lines.map(({ drawn }) => picked(drawn.values, candidates)),
    limit,
  );
  return chosen.map((index) => candidates[index] as number);
}

/** All numbers of the lists, each once. */
function ascending(lists: readonly (readonly number[])[]): Int32Array {
  const all = new Int32Array(lists.reduce((sum, { length }) => sum + length, 0));
  let length = 0;
  for (const list of lists) {
    all.set(list, length);
    length += list.length;
  }
  all.sort();
  let kept = 0;
  for (let i = 0; i < length; i++) {
    if (i === 0 || all[i] !== all[i - 1]) all[kept++] = all[i] as number;
  }
  return all.subarray(0, kept);
}

function picked(values: ArrayLike<number>, rows: Int32Array): Float64Array {
  const found = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) found[i] = values[rows[i] as number] as number;
  return found;
}
