/** The table twin of a chart: the same cells on the page and, as CSV, in a file. */

/** A number, or the reason why there is none ("no positives yet"); null where nothing was measured. */
export type Cell = number | string | null;

export interface TwinTable {
  readonly columns: readonly string[];
  /** One row a step, bin or head; the first cell names it. */
  readonly rows: readonly (readonly Cell[])[];
}

/** A cell as the page shows it: at most six significant digits, as many as a chart's point means. */
export function cellText(cell: Cell): string {
  if (cell === null) return '–';
  if (typeof cell === 'string') return cell;
  return String(Number(cell.toPrecision(6)));
}

/** RFC 4180, with full precision; an empty cell where nothing was measured. */
export function twinCsv({ columns, rows }: TwinTable): string {
  const line = (cells: readonly Cell[]): string =>
    cells.map((cell) => (cell === null ? '' : quoted(String(cell)))).join(',');
  return `${[line(columns), ...rows.map(line)].join('\n')}\n`;
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
