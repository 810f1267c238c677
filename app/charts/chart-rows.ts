/** From a run's columns to the rows a chart draws: smoothed and raw, thinned to what the width can show. */
import { lttb } from './lttb.ts';
import { smooth } from './smoothing.ts';

export interface ChartLine {
  readonly key: string;
  readonly values: ArrayLike<number>;
}

/** x and, by line key, the drawn value; with `${key}·raw` the unsmoothed one. Absent where there is no number. */
export type ChartRow = { readonly x: number } & { readonly [key: string]: number | undefined };

export const rawKey = (key: string): string => `${key}·raw`;

/**
 * @param x ascending, one a row.
 * @param smoothing weight of the exponential average, 0 for none.
 * @param limit most rows (at most 500: what recharts draws fast enough).
 * @param positive drops values ≤ 0, for a logarithmic axis.
 */
export function chartRows(
  x: ArrayLike<number>,
  lines: readonly ChartLine[],
  smoothing: number,
  limit: number,
  positive = false,
): ChartRow[] {
  const smoothed = lines.map(({ values }) => (smoothing > 0 ? smooth(values, smoothing) : values));
  const kept = lttb(x, smoothed, Math.min(limit, 500));
  const shown = (value: number | undefined): number | undefined =>
    value !== undefined && Number.isFinite(value) && (!positive || value > 0) ? value : undefined;
  return kept.map((row) => {
    const out: Record<string, number | undefined> = {};
    for (const [i, line] of lines.entries()) {
      out[line.key] = shown(smoothed[i]?.[row]);
      if (smoothing > 0) out[rawKey(line.key)] = shown(line.values[row]);
    }
    return { ...out, x: x[row] as number };
  });
}
