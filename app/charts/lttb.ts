/** Largest-triangle-three-buckets downsampling (Steinarsson 2013). */

/**
 * The rows of a line to keep, ascending, the first and the last of those given always among them.
 * @param rows to choose from, ascending.
 * @param x ascending positions, by row.
 * @param y values by row; those that are not finite count as flat.
 * @param limit most rows to keep (≥ 2).
 */
export function lttb(
  rows: readonly number[],
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  limit: number,
): number[] {
  const count = rows.length;
  if (count <= limit) return [...rows];
  const [first, end] = [rows[0] as number, rows[count - 1] as number];
  if (limit < 3) return [first, end];
  const kept = [first];
  const width = (count - 2) / (limit - 2);
  const bound = (bucket: number): number => Math.min(Math.floor(bucket * width) + 1, count);
  let last = first;
  for (let bucket = 0; bucket < limit - 2; bucket++) {
    const to = bound(bucket + 1);
    const next = bound(bucket + 2);
    const nextX = mean(rows, x, to, next);
    const nextY = mean(rows, y, to, next);
    const lastX = x[last] as number;
    const lastY = y[last] as number;
    let best = rows[bound(bucket)] as number;
    let bestArea = 0;
    for (let i = bound(bucket); i < to; i++) {
      const row = rows[i] as number;
      const area = Math.abs(
        (lastX - nextX) * ((y[row] as number) - lastY) - (lastX - (x[row] as number)) * (nextY - lastY),
      );
      // What is not finite compares as nothing larger.
      if (area > bestArea && area < Infinity) {
        bestArea = area;
        best = row;
      }
    }
    kept.push(best);
    last = best;
  }
  kept.push(end);
  return kept;
}

/** Of the finite ones of rows[from] to rows[to − 1]. */
function mean(rows: readonly number[], values: ArrayLike<number>, from: number, to: number): number {
  let sum = 0;
  let n = 0;
  for (let i = from; i < to; i++) {
    const value = values[rows[i] as number] as number;
    if (!Number.isFinite(value)) continue;
    sum += value;
    n++;
  }
  return n > 0 ? sum / n : NaN;
}
