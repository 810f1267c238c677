/** A row of numbers as a strip of cells that fits the page: pure. */

export interface StripCell {
  /** Columns from … to (exclusive) that the cell stands for; the one of largest size gives the value. */
  readonly from: number;
  readonly to: number;
  readonly value: number;
  /** Size as a share of the strip's largest, 0 to 1. */
  readonly size: number;
}

/** At most `most` cells. Numbers that are not finite count as the largest. */
export function stripCells(values: ArrayLike<number>, most: number): StripCell[] {
  const count = Math.min(most, values.length);
  const cells = Array.from({ length: count }, (_, i) => {
    const from = Math.floor((i * values.length) / count);
    const to = Math.floor(((i + 1) * values.length) / count);
    let value = values[from] ?? 0;
    for (let at = from + 1; at < to; at++) {
      const other = values[at] ?? 0;
      if (!(Math.abs(other) <= Math.abs(value))) value = other;
    }
    return { from, to, value };
  });
  const largest = cells.reduce(
    (size, { value }) => (Number.isFinite(value) ? Math.max(size, Math.abs(value)) : size),
    0,
  );
  return cells.map((cell) => ({
    ...cell,
    size: !Number.isFinite(cell.value) ? 1 : largest === 0 ? 0 : Math.abs(cell.value) / largest,
  }));
}
