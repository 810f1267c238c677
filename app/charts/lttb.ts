/**
 * Largest-triangle-three-buckets downsampling (Steinarsson 2013) over several series that share their x values. One
 * set of rows is chosen for all of them, so a hover at a step can read every series there.
 */

/**
 * Row indices to keep, ascending, first and last always among them.
 * @param x ascending positions, one a row.
 * @param series values by row; rows that are not finite count as flat.
 * @param limit most rows to keep (≥ 2).
 */
export function lttb(x: ArrayLike<number>, series: readonly ArrayLike<number>[], limit: number): number[] {
  const rows = x.length;
  if (rows <= limit || limit < 3) {
    if (rows <= 2 || rows <= limit) return Array.from({ length: rows }, (_, row) => row);
    return [0, rows - 1];
  }
  const scales = series.map((values) => 1 / (range(values) || 1));
  const kept = [0];
  const width = (rows - 2) / (limit - 2);
  let last = 0;
  for (let bucket = 0; bucket < limit - 2; bucket++) {
    const from = Math.floor(bucket * width) + 1;
    const to = Math.floor((bucket + 1) * width) + 1;
    const end = Math.min(Math.floor((bucket + 2) * width) + 1, rows);
    const nextX = mean(x, to, end);
    let best = from;
    let bestArea = -1;
    const nextY = series.map((values) => mean(values, to, end));
    for (let row = from; row < to; row++) {
      let area = 0;
      for (let s = 0; s < series.length; s++) {
        const values = series[s] as ArrayLike<number>;
        const triangle =
          ((x[last] as number) - nextX) * ((values[row] as number) - (values[last] as number)) -
          ((x[last] as number) - (x[row] as number)) * ((nextY[s] as number) - (values[last] as number));
        if (Number.isFinite(triangle)) area += Math.abs(triangle) * (scales[s] as number);
      }
      if (area > bestArea) {
        bestArea = area;
        best = row;
      }
    }
    kept.push(best);
    last = best;
  }
  kept.push(rows - 1);
  return kept;
}

function range(values: ArrayLike<number>): number {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return high > low ? high - low : 0;
}

function mean(values: ArrayLike<number>, from: number, to: number): number {
  let sum = 0;
  let n = 0;
  for (let i = from; i < to; i++) {
    const value = values[i] as number;
    if (!Number.isFinite(value)) continue;
    sum += value;
    n++;
  }
  return n > 0 ? sum / n : NaN;
}
