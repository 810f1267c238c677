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

/** Sizes that a strip tells apart; more the eye does not. */
const DEPTHS = 24;

/** All cells of one sign and one depth: an outline in a box as wide as there are cells and 1 high. */
export interface StripShade {
  readonly negative: boolean;
  /** 0 to 1. */
  readonly depth: number;
  /** SVG path data. */
  readonly outline: string;
}

/**
 * Cells as few shapes: a model has thousands of cells, and each as an element of its own makes the page slow for whoever looks
 * at it or reads it aloud. Neighbours overlap by a hair, so that no ground shows between them.
 */
export function stripShades(cells: readonly StripCell[]): StripShade[] {
  const outlines = new Map<number, string>();
  const shadeOf = (cell: StripCell | undefined): number =>
    cell ? (cell.value < 0 ? -1 : 1) * Math.round(cell.size * DEPTHS) : 0;
  for (let from = 0; from < cells.length;) {
    const shade = shadeOf(cells[from]);
    let to = from + 1;
    while (to < cells.length && shadeOf(cells[to]) === shade) to++;
    const width = to - from + 0.02;
    if (shade !== 0) outlines.set(shade, `${outlines.get(shade) ?? ''}M${from} 0h${width}v1h-${width}z`);
    from = to;
  }
  return [...outlines].map(([shade, outline]) => ({
    negative: shade < 0,
    depth: Math.abs(shade) / DEPTHS,
    outline,
  }));
}
