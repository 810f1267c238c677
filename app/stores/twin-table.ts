/** The table twin of a chart: the same cells on the page and, as CSV with all digits, in a file. */
import { significant } from '../format.ts';

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
  return significant(cell, 6);
}
